// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/base/status.h"
#include "shared/crypto/certificates.h"
#include "shared/crypto/host_name.h"

namespace ifrit::crypto {
namespace {

const base::WallTime kNow = base::fromUnixMillis(1'800'000'000'000);

Credentials aCa(const std::string& cluster) {
    auto ca = createCa(cluster, kNow, std::chrono::hours(24 * 365));
    return ca.ok() ? *ca : Credentials{};
}

CertificateRequest aMachine(const std::string& uuid) {
    return {Role::Machine, "demo", uuid, {}, kNow, std::chrono::hours(24)};
}

}  // namespace

class TestCertificates : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aMachineGetsACertificateThatNamesIt() {
        const Credentials ca = aCa("demo");
        const auto key = generatePrivateKey();
        QVERIFY(key.ok());
        // The CSR's own name must not matter: identity is what the issuer decides.
        const auto csr = createCsr(*key, "somebody-else");
        QVERIFY2(csr.ok(), csr.status().ToString().c_str());
        const auto certificate = issueFromCsr(ca, *csr, aMachine("i-0c77b2"));
        QVERIFY2(certificate.ok(), certificate.status().ToString().c_str());
        const auto identity = parseIdentity(*certificate);
        QVERIFY2(identity.ok(), identity.status().ToString().c_str());
        QVERIFY(identity->role == Role::Machine);
        QCOMPARE(identity->cluster, std::string("demo"));
        QCOMPARE(identity->name, std::string("i-0c77b2"));
        QVERIFY(identity->notAfter == kNow + std::chrono::hours(24));
        QCOMPARE(identity->serialHex.size(), 32U);
        QVERIFY(checkKeyPair(*certificate, *key).ok());
        QVERIFY(verifyCertificate(*certificate, ca.certificatePem, kNow).ok());
    }

    void expiredForeignAndSelfSignedAreRefused() {
        const Credentials ca = aCa("demo");
        const Credentials other = aCa("demo");
        const auto mine = issue(ca, aMachine("m-1"));
        QVERIFY(mine.ok());
        const auto late = kNow + std::chrono::hours(25);
        const absl::Status expired =
            verifyCertificate(mine->certificatePem, ca.certificatePem, late);
        QCOMPARE(expired.code(), absl::StatusCode::kFailedPrecondition);
        QVERIFY(base::messageOf(expired).find("expired") != std::string::npos);
        QVERIFY(!verifyCertificate(mine->certificatePem, other.certificatePem, kNow).ok());
        const auto issuedWithOther = issue(other, aMachine("m-1"));
        QVERIFY(issuedWithOther.ok());
        QVERIFY(!checkKeyPair(mine->certificatePem, issuedWithOther->privateKeyPem).ok());
    }

    void serversNameTheirHosts() {
        CertificateRequest request{Role::Server, "demo",
                                   "master-1",   {"localhost", "127.0.0.1", "::1"},
                                   kNow,         std::chrono::hours(1)};
        const auto server = issue(aCa("demo"), request);
        QVERIFY(server.ok());
        for (const char* host : {"localhost", "127.0.0.1", "::1", "[::1]"})
            QVERIFY2(namesHost(server->certificatePem, host), host);
        for (const char* host : {"", "127.0.0.2", "[::2]", "local", "localhost.example"})
            QVERIFY2(!namesHost(server->certificatePem, host), host);
        QVERIFY(!namesHost("no certificate", "localhost"));
        request.hosts = {"bad host"};
        QCOMPARE(issue(aCa("demo"), request).status().code(), absl::StatusCode::kInvalidArgument);
        request.hosts = {"a,URI:ifrit://demo/operator/admin"};
        QCOMPARE(issue(aCa("demo"), request).status().code(), absl::StatusCode::kInvalidArgument);
    }

    void aNameCannotSmuggleInAnother() {
        CertificateRequest request = aMachine("m-1,URI:ifrit://demo/operator/admin");
        QCOMPARE(issueFromCsr(aCa("demo"), *createCsr(*generatePrivateKey(), "m"), request)
                     .status()
                     .code(),
                 absl::StatusCode::kInvalidArgument);
        request = aMachine("m-1");
        request.cluster = "demo,DNS:evil";
        QCOMPARE(issueFromCsr(aCa("demo"), *createCsr(*generatePrivateKey(), "m"), request)
                     .status()
                     .code(),
                 absl::StatusCode::kInvalidArgument);
    }

    void badRequestsAreRefused_data() {
        QTest::addColumn<QByteArray>("csr");
        const auto key = generatePrivateKey();
        std::string good = *createCsr(*key, "m");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("hello");
        QTest::newRow("huge") << QByteArray(static_cast<qsizetype>(kMaxCsrBytes) + 1, 'A');
        QTest::newRow("cut") << QByteArray(good.data(), static_cast<qsizetype>(good.size() / 2));
        // A changed signature byte, near the end of the base64 text.
        const std::size_t at = good.find("\n-----END") - 12;
        good[at] = good[at] == 'A' ? 'B' : 'A';
        QTest::newRow("signature changed")
            << QByteArray(good.data(), static_cast<qsizetype>(good.size()));
    }
    void badRequestsAreRefused() {
        QFETCH(QByteArray, csr);
        const auto result = issueFromCsr(aCa("demo"), csr.toStdString(), aMachine("m-1"));
        QCOMPARE(result.status().code(), absl::StatusCode::kInvalidArgument);
        QCOMPARE(base::errorInfo(result.status()).reason, std::string("CSR_INVALID"));
    }

    void aForeignCertificateNamesNobody() {
        QCOMPARE(parseIdentity(aCa("demo").certificatePem).status().code(),
                 absl::StatusCode::kUnauthenticated);
        QVERIFY(!parseIdentity("no certificate").ok());
    }
};

}  // namespace ifrit::crypto

QTEST_GUILESS_MAIN(ifrit::crypto::TestCertificates)
#include "tst_certificates.moc"
