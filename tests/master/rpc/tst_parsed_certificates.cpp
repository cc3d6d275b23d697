// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <string>

#include "master/rpc/parsed_certificates.h"

using namespace ifrit;
using namespace ifrit::master::rpc;

class TestParsedCertificates : public QObject {
    Q_OBJECT

    const base::SystemClock m_clock{};
    const crypto::Credentials m_ca =
        crypto::createCa("shop", m_clock.now(), std::chrono::hours(48)).value();

    std::string pemOf(const std::string& cluster, const std::string& name,
                      crypto::Role role = crypto::Role::Machine) const {
        crypto::CertificateRequest wanted;
        wanted.role = role;
        wanted.cluster = cluster;
        wanted.name = name;
        wanted.now = m_clock.now();
        wanted.validity = std::chrono::hours(24);
        return crypto::issue(m_ca, wanted).value().certificatePem;
    }

private Q_SLOTS:
    /// The second time from what is kept of it: the same in every field.
    void whatIsRememberedIsWhatWasRead_data() {
        QTest::addColumn<std::string>("name");
        QTest::addColumn<int>("role");
        const auto machine = static_cast<int>(crypto::Role::Machine);
        QTest::newRow("a uuid") << std::string("0d4b1d0e-3b9a-4a52-8f3e-6f1f6a1c2b3d") << machine;
        QTest::newRow("short") << std::string("m") << machine;
        QTest::newRow("as long as fits")
            << std::string(PackedIdentity::kInlineName, 'x') << machine;
        QTest::newRow("longer") << std::string(PackedIdentity::kInlineName + 1, 'x') << machine;
        QTest::newRow("an operator")
            << std::string("ada") << static_cast<int>(crypto::Role::Operator);
    }
    void whatIsRememberedIsWhatWasRead() {
        QFETCH(const std::string, name);
        QFETCH(const int, role);
        ParsedCertificates certificates("shop");
        const std::string pem = pemOf("shop", name, static_cast<crypto::Role>(role));
        const auto read = crypto::parseIdentity(pem).value();
        QVERIFY(certificates.of(pem).value() == read);
        QCOMPARE(certificates.size(), std::size_t(1));
        QVERIFY(certificates.of(pem).value() == read);
        QCOMPARE(certificates.size(), std::size_t(1));
        QCOMPARE(read.name, name);
    }

    void serialNumbersOfAnyLengthAreKept_data() {
        QTest::addColumn<std::string>("serial");
        QTest::addColumn<bool>("kept");
        QTest::newRow("one byte") << std::string("07") << true;
        QTest::newRow("the longest") << std::string(40, 'f') << true;
        QTest::newRow("too long") << std::string(42, 'f') << false;
        QTest::newRow("no number") << std::string("7") << false;
    }
    void serialNumbersOfAnyLengthAreKept() {
        QFETCH(const std::string, serial);
        QFETCH(const bool, kept);
        crypto::Identity identity;
        identity.cluster = "shop";
        identity.name = "m";
        identity.serialHex = serial;
        const auto packed = PackedIdentity::of(identity);
        QCOMPARE(packed.has_value(), kept);
        if (kept) QVERIFY(packed->unpack("shop") == identity);
    }

    /// A master's memory goes with its machines: at most 1 KB for each, of which this is a part.
    void oneIsSmall() { QVERIFY(sizeof(PackedIdentity) <= 96); }

    void othersAreNotRemembered() {
        ParsedCertificates certificates("shop");
        QCOMPARE(certificates.of(pemOf("other", "m")).value().cluster, std::string("other"));
        QVERIFY(!certificates.of("no certificate").ok());
        QCOMPARE(certificates.size(), std::size_t(0));
    }
};

QTEST_GUILESS_MAIN(TestParsedCertificates)
#include "tst_parsed_certificates.moc"
