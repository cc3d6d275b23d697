// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "master/cache/redis_failure_counts.h"
#include "shared/base/status.h"
#include "tests/master/cache/failure_counts_contract.h"
#include "tests/master/support/manual_clock.h"
#include "tests/master/support/memory_failure_counts.h"
#include "tests/support/private_redis.h"

using namespace ifrit;
using namespace ifrit::master::cache;
using std::chrono::milliseconds;

/// The contract suite on a real Redis and on the double that stands for it elsewhere, and what is
/// Redis' alone.
class TestFailureCounts : public QObject {
    Q_OBJECT

    using Check = void (*)(FailureCounts&, FailureCounts&);
    void onBoth(Check check) {
        MemoryFailureCounts memory(m_clock);
        check(memory, memory);
        if (QTest::currentTestFailed()) return;
        RedisFailureCounts one("test", options(), m_clock);
        RedisFailureCounts other("test", options(), m_clock);
        check(one, other);
    }
    RedisOptions options() const {
        RedisOptions out;
        out.socket = m_server->socket();
        return out;
    }
    static absl::Status fail(FailureCounts& counts, const std::string& key) {
        return counts.failed(key, std::chrono::hours(1),
                             [](std::uint32_t) { return std::chrono::minutes(5); });
    }

    std::unique_ptr<tests::PrivateRedis> m_server;
    master::services::ManualClock m_clock;

private Q_SLOTS:
    void initTestCase() { m_server = std::make_unique<tests::PrivateRedis>(); }
    void cleanupTestCase() { m_server.reset(); }

    void failuresOfAllMastersAddUp() { onBoth(checkFailuresOfAllMastersAddUp); }
    void waitsAreSeenByAllMasters() { onBoth(checkWaitsAreSeenByAllMasters); }
    void forgettingForgetsBoth() { onBoth(checkForgettingForgetsBoth); }

    /// Somebody may have typed a password where the name belongs.
    void whatWasTypedIsNotInRedisAndNothingStaysForEver() {
        m_server->run({QStringLiteral("FLUSHALL")});
        RedisFailureCounts counts("test", options(), m_clock);
        QVERIFY(fail(counts, "hunter2@10.0.0.1").ok());
        const QStringList keys =
            QString::fromStdString(m_server->run({QStringLiteral("KEYS"), QStringLiteral("*")}))
                .split(QLatin1Char('\n'));
        QCOMPARE(keys.size(), 2);
        for (const QString& key : keys) {
            QVERIFY(key.startsWith(QStringLiteral("{ifrit:test}:login:")));
            QVERIFY(!key.contains(QStringLiteral("hunter2")));
            QVERIFY(std::stoll(m_server->run({QStringLiteral("PTTL"), key})) > 0);
        }
    }

    void clustersCountApart() {
        RedisFailureCounts one("one", options(), m_clock);
        RedisFailureCounts two("two", options(), m_clock);
        QVERIFY(fail(one, "apart").ok());
        QVERIFY(one.waitOf("apart").value() > milliseconds(0));
        QCOMPARE(two.waitOf("apart").value(), milliseconds(0));
    }

    void aRedisThatIsAwayIsNotAskedByEverybody() {
        RedisFailureCounts counts("test", options(), m_clock);
        QVERIFY(fail(counts, "away").ok());
        m_server->kill();
        QCOMPARE(base::errorInfo(counts.waitOf("away").status()).reason, std::string("CACHE_AWAY"));
        m_server->start();
        // Not yet: it would have been a wait for each who signs in.
        QCOMPARE(base::errorInfo(fail(counts, "away")).reason, std::string("CACHE_AWAY"));
        m_clock.advance(milliseconds(2'000));
        QCOMPARE(counts.waitOf("away").value(), milliseconds(0));
        QVERIFY(fail(counts, "away").ok());
    }
};

QTEST_GUILESS_MAIN(TestFailureCounts)
#include "tst_failure_counts.moc"
