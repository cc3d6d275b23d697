// SPDX-License-Identifier: Apache-2.0
#include "master/auth/join_token.h"

#include <QTest>

#include "shared/base/status.h"

using namespace ifrit;
using namespace ifrit::master::auth;

class TestJoinToken : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hashIsStableAndHidesTheSecret();
    void clusterWithDotsIsTakenWhole();
    void otherClusterIsNamed();
    void malformed_data();
    void malformed();
};

void TestJoinToken::hashIsStableAndHidesTheSecret() {
    const std::string token = makeJoinToken("demo");
    const auto hash = joinTokenHash(token, "demo");
    QVERIFY(hash.ok());
    QCOMPARE(hash->size(), std::size_t{64});
    QCOMPARE(*joinTokenHash(token, "demo"), *hash);
    QVERIFY(token.find(*hash) == std::string::npos);
    QVERIFY(*joinTokenHash(makeJoinToken("demo"), "demo") != *hash);
}

void TestJoinToken::clusterWithDotsIsTakenWhole() {
    const std::string token = makeJoinToken("eu.west-1.prod");
    QVERIFY(joinTokenHash(token, "eu.west-1.prod").ok());
    QCOMPARE(base::errorInfo(joinTokenHash(token, "eu").status()).reason,
             std::string("TOKEN_OTHER_CLUSTER"));
}

void TestJoinToken::otherClusterIsNamed() {
    const std::string token = makeJoinToken("berlin");
    const absl::Status status = joinTokenHash(token, "paris").status();
    QCOMPARE(status.code(), absl::StatusCode::kUnauthenticated);
    QCOMPARE(base::errorInfo(status).reason, std::string("TOKEN_OTHER_CLUSTER"));
    const std::string message = base::messageOf(status);
    QVERIFY(message.find("berlin") != std::string::npos);
    QVERIFY(message.find("paris") != std::string::npos);
    QVERIFY(message.find(token.substr(token.rfind('.') + 1)) == std::string::npos);
}

void TestJoinToken::malformed_data() {
    QTest::addColumn<QByteArray>("token");
    const QByteArray secret(43, 'a');
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no cluster") << secret;
    QTest::newRow("empty cluster") << QByteArray(".") + secret;
    QTest::newRow("short secret") << QByteArray("demo.abc");
    QTest::newRow("long secret") << QByteArray("demo.") + secret + "a";
    QTest::newRow("upper-case cluster") << QByteArray("DEMO.") + secret;
    QTest::newRow("cluster of control characters") << QByteArray("de\nmo.") + secret;
    QTest::newRow("huge") << QByteArray(1 << 20, 'a') + "." + secret;
}

void TestJoinToken::malformed() {
    QFETCH(QByteArray, token);
    const absl::Status status = joinTokenHash(token.toStdString(), "demo").status();
    QCOMPARE(status.code(), absl::StatusCode::kUnauthenticated);
    QCOMPARE(base::errorInfo(status).reason, std::string("TOKEN_MALFORMED"));
}

QTEST_GUILESS_MAIN(TestJoinToken)
#include "tst_join_token.moc"
