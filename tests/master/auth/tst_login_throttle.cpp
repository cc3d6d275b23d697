// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "master/auth/login_throttle.h"
#include "tests/master/support/manual_clock.h"
#include "tests/master/support/memory_failure_counts.h"

using namespace ifrit::master;
using auth::LoginThrottle;
using std::chrono::milliseconds;

class TestLoginThrottle : public QObject {
    Q_OBJECT

private:
    services::ManualClock m_clock;

private Q_SLOTS:
    void firstFailuresAreFree() {
        LoginThrottle throttle(m_clock, {});
        for (int i = 0; i < 4; ++i) {
            throttle.failed("a");
            QVERIFY(!throttle.waitOf("a").has_value());
        }
        throttle.failed("a");
        QVERIFY(throttle.waitOf("a").has_value());
        QVERIFY(!throttle.waitOf("b").has_value());
    }

    void waitsDoubleUpToTheCap() {
        LoginThrottle::Policy policy;
        policy.freeFailures = 1;
        policy.first = milliseconds(1'000);
        policy.cap = milliseconds(5'000);
        LoginThrottle throttle(m_clock, policy);
        for (const int wanted : {1'000, 2'000, 4'000, 5'000, 5'000}) {
            throttle.failed("a");
            QVERIFY(throttle.waitOf("a").has_value());
            m_clock.advance(milliseconds(wanted - 1));
            QVERIFY(throttle.waitOf("a").has_value());
            m_clock.advance(milliseconds(1));
            QVERIFY(!throttle.waitOf("a").has_value());
        }
    }

    void thousandsOfFailuresDoNotOverflow() {
        LoginThrottle throttle(m_clock, {});
        for (int i = 0; i < 5'000; ++i)
            throttle.failed("a");
        const auto wait = throttle.waitOf("a");
        QVERIFY(wait.has_value());
        QVERIFY(*wait > milliseconds(299'000) && *wait <= milliseconds(300'001));
    }

    void successAndTimeForgive() {
        LoginThrottle throttle(m_clock, {});
        for (int i = 0; i < 5; ++i)
            throttle.failed("a");
        throttle.succeeded("a");
        QVERIFY(!throttle.waitOf("a").has_value());
        throttle.failed("a");
        QVERIFY(!throttle.waitOf("a").has_value());
        for (int i = 0; i < 4; ++i)
            throttle.failed("a");
        QVERIFY(throttle.waitOf("a").has_value());
        m_clock.advance(milliseconds(3'600'001));
        throttle.failed("a");
        QVERIFY(!throttle.waitOf("a").has_value());
    }

    /// Two masters, N tries: not N at each.
    void mastersCountTogether() {
        cache::MemoryFailureCounts counts(m_clock);
        LoginThrottle here(m_clock, {}, LoginThrottle::Shared{counts, "desk "});
        LoginThrottle there(m_clock, {}, LoginThrottle::Shared{counts, "desk "});
        LoginThrottle ofAddresses(m_clock, {}, LoginThrottle::Shared{counts, "address "});
        for (int i = 0; i < 3; ++i)
            here.failed("a");
        there.failed("a");
        QVERIFY(!here.waitOf("a").has_value() && !there.waitOf("a").has_value());
        there.failed("a");
        QCOMPARE(here.waitOf("a"), std::make_optional(milliseconds(1'000)));
        QVERIFY(there.waitOf("a").has_value());
        QVERIFY(!ofAddresses.waitOf("a").has_value());
        // Signed in at the one, forgiven at both: what this one counted by itself does not hold.
        there.succeeded("a");
        QVERIFY(!here.waitOf("a").has_value());
        for (int i = 0; i < 4; ++i)
            here.failed("a");
        QVERIFY(!here.waitOf("a").has_value());
    }

    void whatIsSharedIsNoLongerThanTheCap() {
        cache::MemoryFailureCounts counts(m_clock);
        LoginThrottle throttle(m_clock, {}, LoginThrottle::Shared{counts, "desk "});
        QVERIFY(counts
                    .failed("desk a", std::chrono::hours(1),
                            [](std::uint32_t) { return std::chrono::hours(24 * 365); })
                    .ok());
        QCOMPARE(throttle.waitOf("a"), std::make_optional(LoginThrottle::Policy{}.cap));
    }

    void withoutTheSharedCountsEachCountsForItself() {
        cache::MemoryFailureCounts counts(m_clock);
        LoginThrottle throttle(m_clock, {}, LoginThrottle::Shared{counts, "desk "});
        for (int i = 0; i < 4; ++i)
            throttle.failed("a");
        counts.away = true;
        QVERIFY(!throttle.waitOf("a").has_value());
        throttle.failed("a");
        QVERIFY(throttle.waitOf("a").has_value());
        throttle.succeeded("a");
        QVERIFY(!throttle.waitOf("a").has_value());
    }

    void keysAreBoundedAndTheOldestGoes() {
        LoginThrottle::Policy policy;
        policy.freeFailures = 1;
        policy.keys = 3;
        policy.first = policy.cap = milliseconds(60'000);
        LoginThrottle throttle(m_clock, policy);
        for (const char* key : {"a", "b", "c", "d"}) {
            throttle.failed(key);
            m_clock.advance(milliseconds(1));
        }
        QVERIFY(!throttle.waitOf("a").has_value());
        for (const char* key : {"b", "c", "d"})
            QVERIFY(throttle.waitOf(key).has_value());
    }
};

QTEST_GUILESS_MAIN(TestLoginThrottle)
#include "tst_login_throttle.moc"
