// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/base/status.h"
#include "shared/crypto/certificates.h"
#include "shared/crypto/document_signature.h"
#include "shared/crypto/signing_key.h"

using namespace ifrit;

class TestDocumentSignature : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        const base::WallTime now = base::fromUnixMillis(1'700'000'000'000);
        m_ca = crypto::createCa("one", now, std::chrono::hours(24)).value();
        m_other = crypto::createCa("one", now, std::chrono::hours(24)).value();
    }
    void whatWasSignedVerifies() {
        for (const std::string& bytes :
             {std::string(), std::string("a\0b", 3), std::string(100'000, 'x')}) {
            const auto signature = crypto::signDocument(m_ca.privateKeyPem, bytes);
            QVERIFY2(signature.ok(), base::messageOf(signature.status()).c_str());
            QVERIFY(crypto::verifyDocument(m_ca.certificatePem, bytes, *signature).ok());
        }
    }
    void everyChangedBitIsFound() {
        const std::string bytes = "a document";
        const std::string signature = crypto::signDocument(m_ca.privateKeyPem, bytes).value();
        for (std::size_t i = 0; i < bytes.size() * 8; ++i) {
            std::string changed = bytes;
            changed[i / 8] = static_cast<char>(changed[i / 8] ^ (1 << (i % 8)));
            QVERIFY(!crypto::verifyDocument(m_ca.certificatePem, changed, signature).ok());
        }
        for (std::size_t i = 0; i < signature.size() * 8; ++i) {
            std::string changed = signature;
            changed[i / 8] = static_cast<char>(changed[i / 8] ^ (1 << (i % 8)));
            QVERIFY(!crypto::verifyDocument(m_ca.certificatePem, bytes, changed).ok());
        }
        for (const std::string& none : {std::string(), std::string(200, '\0')}) {
            const absl::Status status = crypto::verifyDocument(m_ca.certificatePem, bytes, none);
            QCOMPARE(base::errorInfo(status).reason, std::string("DOCUMENT_SIGNATURE"));
        }
    }
    void anotherKeyIsFound() {
        const std::string signature = crypto::signDocument(m_other.privateKeyPem, "it").value();
        QVERIFY(!crypto::verifyDocument(m_ca.certificatePem, "it", signature).ok());
    }
    void otherKindsOfKeysAreRefused() {
        const std::string ed = crypto::SigningKey::generate().value().toPem().value();
        QCOMPARE(base::errorInfo(crypto::signDocument(ed, "it").status()).reason,
                 std::string("KEY_INVALID"));
        QVERIFY(!crypto::signDocument("no key", "it").ok());
        QVERIFY(!crypto::verifyDocument("no certificate", "it", "x").ok());
    }

private:
    crypto::Credentials m_ca;
    crypto::Credentials m_other;
};

QTEST_GUILESS_MAIN(TestDocumentSignature)
#include "tst_document_signature.moc"
