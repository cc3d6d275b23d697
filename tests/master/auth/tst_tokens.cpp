// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <set>

#include "master/auth/operators.h"
#include "master/auth/tokens.h"
#include "shared/base/status.h"

using namespace ifrit;
using namespace ifrit::master::auth;

class TestTokens : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void joinTokenNamesItsCluster_data() {
        QTest::addColumn<QString>("cluster");
        for (const char* name : {"demo", "a", "eu-west.1_b", "a.b.c"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void joinTokenNamesItsCluster() {
        QFETCH(QString, cluster);
        const auto named = clusterOfJoinToken(makeJoinToken(cluster.toStdString()));
        QVERIFY2(named.ok(), base::messageOf(named.status()).c_str());
        QCOMPARE(QString::fromStdString(*named), cluster);
    }

    void whatIsNoJoinTokenIsRefused_data() {
        QTest::addColumn<QByteArray>("token");
        const QByteArray good = QByteArray::fromStdString(makeJoinToken("demo"));
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("prefix alone") << QByteArray("ifritjoin_");
        QTest::newRow("other prefix") << "ifritses_" + good.mid(10);
        QTest::newRow("cut") << good.chopped(1);
        QTest::newRow("longer") << good + "x";
        QTest::newRow("newline") << good + "\n";
        QTest::newRow("no cluster") << "ifritjoin_." + good.right(43);
        QTest::newRow("bad cluster") << "ifritjoin_../x." + good.right(43);
        QTest::newRow("huge") << QByteArray(1'000'000, 'x');
    }
    void whatIsNoJoinTokenIsRefused() {
        QFETCH(QByteArray, token);
        const auto named = clusterOfJoinToken(token.toStdString());
        QCOMPARE(named.status().code(), absl::StatusCode::kUnauthenticated);
        QCOMPARE(base::errorInfo(named.status()).reason, std::string("TOKEN_MALFORMED"));
    }

    void tokensAndPasswordsDiffer() {
        std::set<std::string> seen;
        for (int i = 0; i < 100; ++i) {
            seen.insert(makeJoinToken("demo"));
            seen.insert(makeSessionToken());
            seen.insert(makePassword());
        }
        QCOMPARE(seen.size(), std::size_t{300});
        QCOMPARE(makePassword().size(), std::size_t{20});
        QVERIFY(checkPassword(makePassword()).ok());
    }

    void hashTellsNothingOfTheToken() {
        const std::string token = makeSessionToken();
        const std::string hash = hashOfToken(token);
        QCOMPARE(hash.size(), std::size_t{64});
        QCOMPARE(hash, hashOfToken(token));
        QVERIFY(hash.find(token.substr(9, 8)) == std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestTokens)
#include "tst_tokens.moc"
