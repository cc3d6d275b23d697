// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTest>

#include "gui/presenters/connection_details.h"
#include "tests/gui/presenters/list_fixture.h"

using namespace ifrit;
namespace services = gui::services;
using namespace gui::presenters;
using gui::models::StatusKind;
using std::chrono::hours;

namespace {

constexpr hours kDay{24};

struct Details : tests::ListFixture {
    enum class Login { Certificate, Password };
    explicit Details(Login login = Login::Certificate, hours own = 365 * kDay)
        : ListFixture("demo") {
        bundle::Bundle bundle;
        pki.fill(bundle, "wang", own);
        bundle.kind = "test";
        bundle.addresses = {"127.0.0.1:7443"};
        if (login == Login::Password) bundle.certificatePem = bundle.privateKeyPem = {};
        connections.import(
            file("demo.bundle", QByteArray::fromStdString(bundle::formatBundle(bundle))));
    }
    const KnownMaster& master() const { return connections.masters().front(); }
    QString fact(const QString& label) const {
        for (const auto& [name, value] : details.trust(master())) {
            if (name == label) return value;
        }
        return QStringLiteral("(no such line)");
    }
    void showOnLine(const std::string& pem, std::optional<std::chrono::milliseconds> latency) {
        services::LinkStatus link;
        link.state = services::LinkState::Connected;
        link.latency = latency;
        link.serverCertificatePem = pem;
        fixture.master.connection.tell(link);
    }

    FleetRoster roster{connections, fixture.hub, fixture.factory};
    ConnectionDetails details{{connections, fixture.hub, fixture.feed, roster}};
};

crypto::CertificateInfo endingIn(base::WallTime now, hours left) {
    crypto::CertificateInfo out;
    out.notBefore = now - kDay;
    out.notAfter = now + left;
    return out;
}

}  // namespace

class TestConnectionDetails : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anEndIsJudged_data();
    void anEndIsJudged();
    void theOneThatNeedsSomebodyMostIsShown();
    void theBundleTellsWhatItHolds();
    void aPasswordLoginHasNoCertificate();
    void anUnreadableBundleIsNotHealthy();
    void whatNobodyHasToldIsUnknown();
    void aLineTellsCertificateVersionAndLatency();
    void aBrokenLineTakesItsFiguresAlong();
    void aTestTellsTheServersCertificate();
    void aRenewedBundleIsReadAgain();
};

void TestConnectionDetails::anEndIsJudged_data() {
    QTest::addColumn<int>("hoursLeft");
    QTest::addColumn<StatusKind>("kind");
    QTest::addColumn<QString>("word");
    QTest::newRow("far") << 24 * 300 << StatusKind::Ok << QStringLiteral("valid");
    QTest::newRow("30 days") << 24 * 30 << StatusKind::Ok << QStringLiteral("valid");
    QTest::newRow("under 30 days") << 24 * 30 - 1 << StatusKind::Wait << QStringLiteral("30 day");
    QTest::newRow("an hour") << 1 << StatusKind::Wait << QStringLiteral("1 day");
    QTest::newRow("now") << 0 << StatusKind::Fail << QStringLiteral("expired");
    QTest::newRow("long ago") << -500 << StatusKind::Fail << QStringLiteral("expired");
}

void TestConnectionDetails::anEndIsJudged() {
    QFETCH(int, hoursLeft);
    QFETCH(StatusKind, kind);
    QFETCH(QString, word);
    const tests::FixedClock clock;
    const auto look =
        CertificateFacts::lookOf(endingIn(clock.now(), hours(hoursLeft)), clock.now());
    QCOMPARE(look.kind, kind);
    QVERIFY2(look.word.startsWith(word), qPrintable(look.word));
}

void TestConnectionDetails::theOneThatNeedsSomebodyMostIsShown() {
    const base::WallTime now = tests::FixedClock().now();
    const auto valid = endingIn(now, 300 * kDay);
    const auto soon = endingIn(now, 20 * kDay);
    const auto sooner = endingIn(now, 5 * kDay);
    const auto over = endingIn(now, -kDay);
    using Facts = CertificateFacts;
    QCOMPARE(Facts::worstOf({valid, valid}, now).kind, StatusKind::Ok);
    // One that was not seen is not healthy.
    QCOMPARE(Facts::worstOf({valid, std::nullopt}, now).kind, StatusKind::None);
    QCOMPARE(Facts::worstOf({std::nullopt, soon}, now).kind, StatusKind::Wait);
    QVERIFY(Facts::worstOf({soon, sooner, valid}, now).word.startsWith(QLatin1Char('5')));
    QCOMPARE(Facts::worstOf({sooner, over, std::nullopt}, now).kind, StatusKind::Fail);
    crypto::CertificateInfo early = valid;
    early.notBefore = now + kDay;
    QCOMPARE(Facts::lookOf(early, now).word, QStringLiteral("not valid yet"));
}

void TestConnectionDetails::theBundleTellsWhatItHolds() {
    const Details one(Details::Login::Certificate, 12 * kDay);
    const auto ca = crypto::describeCertificate(one.pki.caPem());
    QCOMPARE(one.fact(QStringLiteral("CA")), QString::fromStdString(ca->subject));
    QCOMPARE(one.fact(QStringLiteral("CA's fingerprint (SHA-256)")),
             QString::fromStdString(ca->sha256Fingerprint));
    QVERIFY(one.fact(QStringLiteral("Trusted")).startsWith(QStringLiteral("pinned")));
    QVERIFY(
        one.fact(QStringLiteral("Your certificate's expiry")).contains(QStringLiteral("12 day")));
    QVERIFY(one.fact(QStringLiteral("Your certificate")).contains(QStringLiteral("wang")));
    QCOMPARE(one.details.user(one.master()), QStringLiteral("wang"));
    QCOMPARE(one.details.certificates(one.master()).kind, StatusKind::Wait);
}

void TestConnectionDetails::aPasswordLoginHasNoCertificate() {
    const Details one(Details::Login::Password);
    QVERIFY(one.fact(QStringLiteral("Your certificate")).startsWith(QStringLiteral("none")));
    QCOMPARE(one.fact(QStringLiteral("Your certificate's expiry")),
             QStringLiteral("(no such line)"));
    QCOMPARE(one.details.user(one.master()), QStringLiteral("unknown"));
}

void TestConnectionDetails::anUnreadableBundleIsNotHealthy() {
    const Details one;
    QVERIFY(QFile::remove(one.master().bundlePath));
    QCOMPARE(one.fact(QStringLiteral("CA")), QStringLiteral("unknown"));
    QVERIFY(one.fact(QStringLiteral("Trusted")).startsWith(QStringLiteral("nobody")));
    QCOMPARE(one.details.certificates(one.master()).kind, StatusKind::None);
}

void TestConnectionDetails::whatNobodyHasToldIsUnknown() {
    const Details one;
    QVERIFY(one.fact(QStringLiteral("Server's certificate")).startsWith(QStringLiteral("unknown")));
    QCOMPARE(one.fact(QStringLiteral("Server's expiry")), QStringLiteral("unknown"));
    QCOMPARE(one.details.serverVersion(one.master()), QStringLiteral("unknown"));
    QCOMPARE(one.details.latency(one.master()), QStringLiteral("unknown"));
    // CA and own certificate are good for long, and that is not enough.
    QCOMPARE(one.details.certificates(one.master()).kind, StatusKind::None);
}

void TestConnectionDetails::aLineTellsCertificateVersionAndLatency() {
    Details one;
    one.connections.connectTo(0);
    one.showOnLine(one.pki.server(), std::nullopt);
    QCOMPARE(one.details.latency(one.master()), QStringLiteral("unknown"));
    one.showOnLine(one.pki.server(), std::chrono::milliseconds(8));
    QCOMPARE(one.details.latency(one.master()), QStringLiteral("8 ms"));
    services::ClusterSummary cluster;
    cluster.serverVersion = "0.9.1";
    one.fixture.master.fleet.clusterCalls.deliver(cluster);
    QCOMPARE(one.details.serverVersion(one.master()), QStringLiteral("0.9.1"));
    services::Identity who;
    who.user = "li";
    one.fixture.master.connection.whoAmICalls.deliver(who);
    QCOMPARE(one.details.user(one.master()), QStringLiteral("li"));
    QVERIFY(one.fact(QStringLiteral("Server's certificate")).contains(QStringLiteral("m1")));
    QCOMPARE(one.details.certificates(one.master()).kind, StatusKind::Ok);
}

void TestConnectionDetails::aBrokenLineTakesItsFiguresAlong() {
    Details one;
    one.connections.connectTo(0);
    one.showOnLine(one.pki.server(20 * kDay), std::chrono::milliseconds(8));
    const QString seen = one.fact(QStringLiteral("Seen"));
    services::ClusterSummary cluster;
    cluster.serverVersion = "0.9.1";
    one.fixture.master.fleet.clusterCalls.deliver(cluster);
    one.fixture.clock.advance(std::chrono::minutes(5));
    services::LinkStatus broken;
    broken.state = services::LinkState::Reconnecting;
    broken.serverCertificatePem = one.pki.server();
    one.fixture.master.connection.tell(broken);
    QCOMPARE(one.details.latency(one.master()), QStringLiteral("unknown"));
    QCOMPARE(one.details.serverVersion(one.master()), QStringLiteral("unknown"));
    // What was seen of the certificate stays true of its time.
    QCOMPARE(one.fact(QStringLiteral("Seen")), seen);
    QCOMPARE(one.details.certificates(one.master()).kind, StatusKind::Wait);
}

void TestConnectionDetails::aTestTellsTheServersCertificate() {
    Details one;
    one.connections.test(0);
    services::TestStepResult step;
    step.step = services::TestStep::Tls;
    step.certificatePem = one.pki.server(3 * kDay);
    one.fixture.master.connection.testStep(step);
    QVERIFY(one.fact(QStringLiteral("Server's expiry")).contains(QStringLiteral("3 day")));
    QVERIFY(one.fact(QStringLiteral("Seen")) != QStringLiteral("(no such line)"));
    QVERIFY(!one.fixture.hub.hasSession());
}

void TestConnectionDetails::aRenewedBundleIsReadAgain() {
    Details one(Details::Login::Certificate, 2 * kDay);
    QCOMPARE(one.details.certificates(one.master()).kind, StatusKind::Wait);
    bundle::Bundle renewed;
    one.pki.fill(renewed, "wang");
    renewed.kind = "test";
    renewed.addresses = {"127.0.0.1:7443"};
    QFile file(one.master().bundlePath);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(bundle::formatBundle(renewed)));
    file.close();
    one.connections.import(one.master().bundlePath);
    QCOMPARE(one.details.certificates(one.master()).kind, StatusKind::None);
}

QTEST_GUILESS_MAIN(TestConnectionDetails)
#include "tst_connection_details.moc"
