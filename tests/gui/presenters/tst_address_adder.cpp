// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/presenters/address_adder.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/list_fixture.h"
#include "tests/gui/support/fake_chains.h"

using namespace ifrit;
using gui::presenters::AddressAdder;
using Chain = std::vector<std::string>;

namespace {

const QString kAddress = QStringLiteral("m1.example:7443");

struct Adder : tests::ListFixture {
    Adder() : ListFixture("shop") {}
    std::string server(crypto::Role role = crypto::Role::Server,
                       std::chrono::hours validity = std::chrono::hours(24)) const {
        return pki.issue(role, "m1", validity, {"m1.example"}).certificatePem;
    }
    void ask(const Chain& chain, const QString& caFile = {}) {
        adder.setForm({kAddress, QStringLiteral("test"), caFile});
        adder.ask();
        chains.calls.deliver(chain);
    }
    QString fingerprint() const {
        return QString::fromStdString(crypto::describeCertificate(pki.caPem())->sha256Fingerprint);
    }

    tests::FakeChains chains;
    AddressAdder adder{&chains, connections, fixture.times};
};

}  // namespace

class TestAddressAdder : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void onlyTheRightFingerprintGoesOn();
    void aFileOfTheCaIsEnough();
    void whatIsAroundTheCertificateIsLeftOut();
    void aKnownMasterKeepsItsAddressesAndKind();
    void badFilesAreRefused();
    void whoAnswersHasToBeAMasterOfThatCa();
    void anAddressIsAskedForFirst();
    void anotherAddressBeginsAnew();
    void whatCannotBeReachedIsTold();
    void withoutASourceItIsNotOffered();
};

void TestAddressAdder::onlyTheRightFingerprintGoesOn() {
    Adder one;
    one.ask({one.server(), one.pki.caPem()});
    QVERIFY2(one.adder.found(), qPrintable(one.adder.error()));
    QVERIFY(one.adder.needsFingerprint());
    QCOMPARE(one.adder.fingerprint().toLower().remove(QLatin1Char(':')), one.fingerprint());
    const QString right = one.fingerprint();
    QString wrong = right;
    wrong[10] = wrong[10] == QLatin1Char('0') ? QLatin1Char('1') : QLatin1Char('0');
    for (const QString& typed : {QString(), right.left(63), right.left(16), wrong,
                                 right + QLatin1Char('0'), QStringLiteral("yes")}) {
        one.adder.setFingerprint(typed);
        QVERIFY2(!one.adder.addProblem().isEmpty(), qPrintable(typed));
        QCOMPARE(one.adder.add(), -1);
    }
    QVERIFY(one.connections.masters().empty());
    // As openssl prints it, with what stands before it and around it.
    one.adder.setFingerprint(QStringLiteral("sha256 Fingerprint=") + one.adder.fingerprint() +
                             QLatin1Char('\n'));
    QCOMPARE(one.adder.addProblem(), QString());
    one.adder.setFingerprint(right);
    QCOMPARE(one.adder.addProblem(), QString());
    QCOMPARE(one.adder.add(), 0);
    const auto& master = one.connections.masters().front();
    QCOMPARE(master.cluster, QStringLiteral("shop"));
    QCOMPARE(master.kind, QStringLiteral("test"));
    QCOMPARE(master.address, kAddress);
    const auto profile = one.connections.profileOf(master);
    QVERIFY(profile.ok());
    QCOMPARE(profile->bundle.caPem, one.pki.caPem());
    QVERIFY(profile->bundle.certificatePem.empty());
    QVERIFY2(!one.fixture.hub.hasSession(), "to connect is the page's");
    QVERIFY(!one.adder.found());
}

void TestAddressAdder::aFileOfTheCaIsEnough() {
    Adder one;
    const QString path = one.file("ca.pem", QByteArray::fromStdString(one.pki.caPem()));
    // What the server shows of a CA plays no part then.
    const tests::ClusterPki other("shop", one.fixture.clock.now());
    one.ask({one.server(), other.caPem()}, path);
    QVERIFY2(one.adder.found(), qPrintable(one.adder.error()));
    QVERIFY(!one.adder.needsFingerprint());
    QCOMPARE(one.adder.add(), 0);
    QCOMPARE(one.connections.profileOf(one.connections.masters().front())->bundle.caPem,
             one.pki.caPem());
}

/// The same CA is the same connection, however its file was made.
void TestAddressAdder::whatIsAroundTheCertificateIsLeftOut() {
    Adder one;
    QByteArray ca = QByteArray::fromStdString(one.pki.caPem());
    ca.replace("\n", "\r\n");
    one.ask({one.server()}, one.file("ca.pem", "Issuer: \xe9 '''\r\n" + ca + "and more"));
    QVERIFY2(one.adder.found(), qPrintable(one.adder.error()));
    QCOMPARE(one.adder.add(), 0);
    QCOMPARE(one.connections.profileOf(one.connections.masters().front())->bundle.caPem,
             one.pki.caPem());
    const QByteArray hidden =
        "-----BEGIN TRUSTED CERTIFICATE-----\nAA==\n-----END TRUSTED CERTIFICATE-----\n";
    one.ask({one.server()}, one.file("two.pem", ca + hidden));
    QVERIFY(!one.adder.found());
}

void TestAddressAdder::aKnownMasterKeepsItsAddressesAndKind() {
    Adder one;
    bundle::Bundle known;
    known.cluster = "shop";
    known.kind = "production";
    known.addresses = {"m0.example:7443", "m2.example:7443"};
    known.caPem = one.pki.caPem();
    QCOMPARE(one.connections.add(known), 0);
    one.ask({one.server(), one.pki.caPem()});
    one.adder.setFingerprint(one.fingerprint());
    QCOMPARE(one.adder.add(), 0);
    QCOMPARE(one.connections.masters().size(), std::size_t{1});
    const auto profile = one.connections.profileOf(one.connections.masters().front());
    QCOMPARE(profile->bundle.kind, std::string("production"));
    QCOMPARE(
        profile->bundle.addresses,
        (std::vector<std::string>{kAddress.toStdString(), "m0.example:7443", "m2.example:7443"}));
}

void TestAddressAdder::badFilesAreRefused() {
    Adder one;
    const QByteArray ca = QByteArray::fromStdString(one.pki.caPem());
    const auto own = one.pki.issue(crypto::Role::Operator, "x", std::chrono::hours(1));
    const std::pair<QString, const char*> files[] = {
        {one.directory.filePath(QStringLiteral("none.pem")), "cannot be read"},
        {one.file("large.pem", QByteArray(70'000, 'x')), "64 KiB"},
        {one.file("key.pem", ca + QByteArray::fromStdString(own.privateKeyPem)), "private key"},
        {one.file("two.pem", ca + ca), "one certificate"},
        {one.file("text.pem", "hello"), "one certificate"},
        {one.file("broken.pem", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"),
         "certificate"}};
    for (const auto& [path, says] : files) {
        one.ask({one.server(), one.pki.caPem()}, path);
        QVERIFY2(!one.adder.found(), qPrintable(path));
        QVERIFY2(one.adder.error().contains(QLatin1String(says)), qPrintable(one.adder.error()));
    }
}

void TestAddressAdder::whoAnswersHasToBeAMasterOfThatCa() {
    Adder one;
    const tests::ClusterPki other("shop", one.fixture.clock.now());
    const std::string nameless = one.pki.server();
    const std::pair<Chain, const char*> chains[] = {
        {{}, "no certificate"},
        {{one.server()}, "ca.pem"},
        {{one.server(), other.caPem()}, "not good by this CA"},
        {{one.server(crypto::Role::Server, std::chrono::hours(-1)), one.pki.caPem()},
         "not good by this CA"},
        {{one.server(crypto::Role::Machine), one.pki.caPem()}, "no ifrit master"},
        {{nameless, one.pki.caPem()}, "does not name this address"},
        {{"no certificate", one.pki.caPem()}, "certificate"}};
    for (const auto& [chain, says] : chains) {
        one.ask(chain);
        QVERIFY2(!one.adder.found(), says);
        QVERIFY2(one.adder.error().contains(QLatin1String(says)), qPrintable(one.adder.error()));
        QVERIFY(!one.adder.addProblem().isEmpty());
    }
}

void TestAddressAdder::anAddressIsAskedForFirst() {
    Adder one;
    for (const char* address : {"", "m1", "m1:", "m1:0", "m1:70000", "a b:1", "x@m1:1"}) {
        one.adder.setForm({QString::fromLatin1(address), QStringLiteral("test"), {}});
        QVERIFY2(!one.adder.askProblem().isEmpty(), address);
        one.adder.ask();
    }
    QCOMPARE(one.chains.calls.made(), std::size_t{0});
    one.adder.setForm({QStringLiteral(" [::1]:7443 "), QStringLiteral("test"), {}});
    QCOMPARE(one.adder.askProblem(), QString());
    one.adder.ask();
    QCOMPARE(one.chains.calls.last(), std::string("[::1]:7443"));
    // Once at a time.
    one.adder.ask();
    QCOMPARE(one.chains.calls.made(), std::size_t{1});
}

void TestAddressAdder::anotherAddressBeginsAnew() {
    Adder one;
    one.ask({one.server(), one.pki.caPem()});
    one.adder.setFingerprint(one.fingerprint());
    QCOMPARE(one.adder.addProblem(), QString());
    // The kind is the operator's word, and asks nobody.
    one.adder.setForm({kAddress, QStringLiteral("production"), {}});
    QCOMPARE(one.adder.addProblem(), QString());
    one.adder.setForm({QStringLiteral("m2.example:7443"), QStringLiteral("production"), {}});
    QVERIFY(!one.adder.found());
    one.adder.ask();
    one.adder.setForm({kAddress, QStringLiteral("production"), {}});
    one.chains.calls.deliver(Chain{one.server(), one.pki.caPem()});
    QVERIFY2(!one.adder.found(), "that was about another address");
}

void TestAddressAdder::whatCannotBeReachedIsTold() {
    Adder one;
    one.adder.setForm({kAddress, QStringLiteral("test"), {}});
    one.adder.ask();
    QVERIFY(one.adder.asking());
    one.chains.calls.deliver(base::makeError(absl::StatusCode::kUnavailable, "TCP", "",
                                             "no TCP connection to m1.example:7443: refused"));
    QVERIFY(!one.adder.asking());
    QVERIFY(one.adder.error().contains(QStringLiteral("refused")));
    QCOMPARE(one.adder.askProblem(), QString());
}

void TestAddressAdder::withoutASourceItIsNotOffered() {
    Adder one;
    AddressAdder none(nullptr, one.connections, one.fixture.times);
    none.setForm({kAddress, QStringLiteral("test"), {}});
    none.ask();
    QVERIFY(!none.offered() && !none.asking());
}

QTEST_GUILESS_MAIN(TestAddressAdder)
#include "tst_address_adder.moc"
