// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>

#include <openssl/ui.h>

#include "shared/base/atomic_file.h"
#include "shared/base/status.h"
#include "shared/crypto/certificates.h"
#include "shared/crypto/encrypted_key.h"
#include "shared/crypto/sha256.h"
#include "shared/crypto/signing_key.h"

namespace ifrit::crypto {

class TestSigningKey : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sha256MatchesTheStandard() {
        QCOMPARE(sha256Hex("abc"),
                 std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        Sha256 hash;
        hash.update("a");
        hash.update("bc");
        QCOMPARE(hash.finishHex(), sha256Hex("abc"));
        QCOMPARE(hash.finishHex(), sha256Hex(""));
    }

    void aFilesDigestIsItsContents() {
        QTemporaryDir directory;
        const std::filesystem::path path = directory.filePath(QStringLiteral("f")).toStdString();
        const std::string content(1'000'003, 'x');
        QVERIFY(base::writeFileAtomically(path, content, 0644).ok());
        QCOMPARE(*sha256File(path), sha256Hex(content));
        QCOMPARE(sha256File(path / "none").status().code(), absl::StatusCode::kInternal);
        QCOMPARE(sha256File(path.parent_path() / "none").status().code(),
                 absl::StatusCode::kNotFound);
    }

    void anEncryptedKeyOpensWithItsPassphraseAlone() {
        const auto key = SigningKey::generate();
        const std::string plain = key->toPem().value();
        const std::string sealed = encryptKeyPem(plain, "correct horse").value();
        QVERIFY(isEncryptedKeyPem(sealed) && !isEncryptedKeyPem(plain));
        QCOMPARE(decryptKeyPem(sealed, "correct horse").value(), plain);
        for (const char* wrong : {"", "correct hors", "correct horse "}) {
            QCOMPARE(base::errorInfo(decryptKeyPem(sealed, wrong).status()).reason,
                     std::string("KEY_PASSPHRASE"));
        }
        QVERIFY(!SigningKey::fromPem(sealed).ok());
        // Another salt each time.
        QVERIFY(encryptKeyPem(plain, "correct horse").value() != sealed);
        QVERIFY(!encryptKeyPem("no key", "correct horse").ok());
    }

    void signsAndVerifies() {
        const auto key = SigningKey::generate();
        QVERIFY(key.ok());
        const auto signature = key->sign("manifest");
        QVERIFY(signature.ok());
        QCOMPARE(signature->size(), 64U);
        QVERIFY(verifySignature(key->publicKey(), "manifest", *signature).ok());
        const absl::Status changed = verifySignature(key->publicKey(), "manifesT", *signature);
        QCOMPARE(base::errorInfo(changed).reason, std::string("PACKAGE_SIGNATURE"));
        for (std::size_t i = 0; i < signature->size(); ++i) {
            std::string flipped = *signature;
            flipped[i] = static_cast<char>(flipped[i] ^ 1);
            QVERIFY(!verifySignature(key->publicKey(), "manifest", flipped).ok());
        }
        const auto other = SigningKey::generate();
        QVERIFY(!verifySignature(other->publicKey(), "manifest", *signature).ok());
    }

    void keysSurviveTheirPem() {
        const auto key = SigningKey::generate();
        const auto again = SigningKey::fromPem(*key->toPem());
        QVERIFY(again.ok());
        QVERIFY(again->publicKey() == key->publicKey());
        const auto pub = publicKeyFromPem(*publicKeyToPem(key->publicKey()));
        QVERIFY(pub.ok());
        QVERIFY(*pub == key->publicKey());
        QCOMPARE(pub->keyId().size(), 16U);
        // A private key is no public key, nor the other way round.
        QVERIFY(!publicKeyFromPem(*key->toPem()).ok());
        QVERIFY(!SigningKey::fromPem(*publicKeyToPem(key->publicKey())).ok());
    }

    /// Whatever is read, nobody is asked for a pass phrase on the terminal.
    void encryptedPemIsRefusedUnasked() {
        static bool asked = false;
        UI_METHOD* const terminal = UI_create_method("test");
        UI_method_set_opener(terminal, [](UI*) {
            asked = true;
            return 0;
        });
        UI_set_default_method(terminal);
        const auto plain = SigningKey::generate()->toPem();
        const std::string sealed = *encryptKeyPem(*plain, "a long secret");
        QVERIFY(!publicKeyFromPem(sealed).ok());
        QVERIFY(!SigningKey::fromPem(sealed).ok());
        for (std::string type : {"CERTIFICATE", "CERTIFICATE REQUEST", "PUBLIC KEY"}) {
            const std::string pem = "-----BEGIN " + type +
                                    "-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,"
                                    "00112233445566778899AABBCCDDEEFF\n\nAAAAAAAAAAAAAAAAAAAAAA==\n"
                                    "-----END " +
                                    type + "-----\n";
            QVERIFY(!publicKeyFromPem(pem).ok());
            QVERIFY(!describeCertificate(pem).ok());
            QVERIFY(!csrKeySha256(pem).ok());
        }
        UI_set_default_method(UI_OpenSSL());
        UI_destroy_method(terminal);
        QVERIFY(!asked);
    }

    void unknownKeysAreNamed() {
        const auto key = SigningKey::generate();
        TrustedKeys keys;
        const absl::Status none = keys.find("0123456789abcdef").status();
        QCOMPARE(base::errorInfo(none).reason, std::string("PACKAGE_UNKNOWN_KEY"));
        QVERIFY(base::messageOf(none).find("0123456789abcdef") != std::string::npos);
        keys.add(key->publicKey());
        QVERIFY(keys.find(key->publicKey().keyId()).ok());
    }

    void aFolderOfKeysIsReadStrictly() {
        QTemporaryDir directory;
        const std::filesystem::path path = directory.path().toStdString();
        const auto key = SigningKey::generate();
        QVERIFY(
            base::writeFileAtomically(path / "a.pub.pem", *publicKeyToPem(key->publicKey()), 0644)
                .ok());
        QVERIFY(base::writeFileAtomically(path / "notes.txt", "x", 0644).ok());
        const auto keys = TrustedKeys::fromDirectory(path);
        QVERIFY2(keys.ok(), keys.status().ToString().c_str());
        QCOMPARE(keys->size(), 1U);
        QVERIFY(base::writeFileAtomically(path / "b.pem", "rubbish", 0644).ok());
        const absl::Status bad = TrustedKeys::fromDirectory(path).status();
        QVERIFY(base::messageOf(bad).find("b.pem") != std::string::npos);
        QVERIFY(!TrustedKeys::fromDirectory(path / "none").ok());
    }
};

}  // namespace ifrit::crypto

QTEST_GUILESS_MAIN(ifrit::crypto::TestSigningKey)
#include "tst_signing_key.moc"
