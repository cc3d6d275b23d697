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

    void whatItCostsIsInTheText() {
        const auto cheap = hashPassword("correct horse", PasswordCost::Least);
        QCOMPARE(cheap->find("$scrypt$ln=10,r=8,p=1$"), std::size_t{0});
        QCOMPARE(hashPassword("x")->find("$scrypt$ln=15,r=8,p=1$"), std::size_t{0});
        QVERIFY(verifyPassword("correct horse", *cheap));
        QVERIFY(!verifyPassword("correct horsf", *cheap));
        // And it is a part of the hash.
        for (const char* other : {"11", "15", "09", "16", "1x", "-1", "00", " 1"})
            QVERIFY(!verifyPassword("correct horse", std::string(*cheap).replace(11, 2, other)));
    }

    void saltsDiffer() { QVERIFY(*hashPassword("x") != *hashPassword("x")); }

    /// In all that is checked before the hash is computed it is like any other: else a name that
    /// does not exist would be answered sooner than one that does.
    void nobodysIsLikeAnyOther() {
        const std::string nobodys = hashOfNobody();
        const std::string other = *hashPassword("x");
        QCOMPARE(nobodys.size(), other.size());
        QCOMPARE(nobodys.substr(0, nobodys.find("p=1$")), other.substr(0, other.find("p=1$")));
        for (std::size_t i = 0; i < other.size(); ++i)
            QCOMPARE(nobodys[i] == '$', other[i] == '$');
        QVERIFY(nobodys.find_first_not_of("$scryptln=,0123456789abcdef") == std::string::npos);
        QVERIFY(!verifyPassword("", nobodys));
        QVERIFY(!verifyPassword("x", nobodys));
        QVERIFY(hashOfNobody() != nobodys);
    }

    void foreignTextsNeverPass() {
        for (const char* text : {"", "x", "$scrypt$ln=15,r=8,p=1$", "$scrypt$ln=15,r=8,p=1$00$",
                                 "$scrypt$ln=15,r=8,p=1$zz$00", "$scrypt$ln=", "$scrypt$ln=1",
                                 "$scrypt$ln=15", "$scrypt$ln=15,r=8,p=2$00$00"}) {
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
