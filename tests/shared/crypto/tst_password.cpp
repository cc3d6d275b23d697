// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <set>

#include "shared/crypto/password.h"

namespace ifrit::crypto {

class TestPassword : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void onlyTheRightPasswordPasses() {
        const auto encoded = hashPassword("correct horse");
        QVERIFY(encoded.ok());
        QVERIFY(verifyPassword("correct horse", *encoded));
        QVERIFY(!verifyPassword("correct horsf", *encoded));
        QVERIFY(!verifyPassword("", *encoded));
        QVERIFY(encoded->find("horse") == std::string::npos);
    }

    void saltsDiffer() { QVERIFY(*hashPassword("x") != *hashPassword("x")); }

    void foreignTextsNeverPass() {
        for (const char* text : {"", "x", "$scrypt$ln=15,r=8,p=1$", "$scrypt$ln=15,r=8,p=1$00$",
                                 "$scrypt$ln=15,r=8,p=1$zz$00"}) {
            QVERIFY(!verifyPassword("", text));
        }
    }

    void tokensAreUrlSafeAndUnique() {
        std::set<std::string> seen;
        for (int i = 0; i < 1000; ++i) {
            const std::string token = randomToken(32);
            QCOMPARE(token.size(), 43U);
            QVERIFY(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                            "0123456789-_") == std::string::npos);
            QVERIFY(seen.insert(token).second);
        }
    }

    void comparesContent() {
        QVERIFY(constantTimeEqual("abc", "abc"));
        QVERIFY(!constantTimeEqual("abc", "abd"));
        QVERIFY(!constantTimeEqual("abc", "abcd"));
    }
};

}  // namespace ifrit::crypto

QTEST_GUILESS_MAIN(ifrit::crypto::TestPassword)
#include "tst_password.moc"
