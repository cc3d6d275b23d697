// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/app/retry_times.h"
#include "agent/reconcile/reasons.h"
#include "agent/reconcile/retry_policy.h"
#include "tests/agent/support/manual_clock.h"

namespace ifrit::tests {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class RetryTimesTest : public QObject {
    Q_OBJECT

    static agent::journal::AgentRecord recordOf(base::WallTime nextRetry, std::string_view reason) {
        agent::journal::AgentRecord record;
        record.attempts = agent::journal::Attempts{std::string(64, '1'), 1, nextRetry, 0};
        record.lastError = domain::AgentError{std::string(reason), "", "", 1, {}};
        return record;
    }
    /// How long the machine still waits.
    static milliseconds left(agent::app::RetryTimes& times, const ManualClock& clock,
                             agent::journal::AgentRecord record) {
        times.adjust("exporter", record);
        return *record.attempts->nextRetry - clock.now();
    }

private Q_SLOTS:
    void aClockThatIsSetBackDoesNotMakeTheMachineWait() {
        ManualClock clock;
        agent::app::RetryTimes times(clock);
        const auto record = recordOf(clock.now() + minutes(5), agent::reconcile::kDownloadFailed);
        QCOMPARE(left(times, clock, record), milliseconds(minutes(5)));
        clock.setWallClock(-hours(24 * 90));
        QCOMPARE(left(times, clock, record), milliseconds(minutes(5)));
        clock.advance(minutes(4));
        QCOMPARE(left(times, clock, record), milliseconds(minutes(1)));
        clock.advance(minutes(1));
        QVERIFY(left(times, clock, record) <= milliseconds(0));
    }

    void aTimeFarAheadIsNoFurtherThanTheLongestPause() {
        ManualClock clock;
        agent::app::RetryTimes times(clock);
        const auto record =
            recordOf(clock.now() + hours(24 * 90), agent::reconcile::kDownloadFailed);
        const milliseconds longest = agent::reconcile::RetryPolicy{}.cap;
        QCOMPARE(left(times, clock, record), longest);
        // And it comes nearer: it is not clamped anew with each look.
        clock.advance(minutes(9));
        QCOMPARE(left(times, clock, record), longest - minutes(9));
    }

    /// An earlier version wrote down what the master had told, up to a day.
    void aWaitForAPermitIsNoLongerThanItCanBe() {
        ManualClock clock;
        agent::app::RetryTimes times(clock);
        const auto opens = recordOf(clock.now() + hours(20), agent::reconcile::kPermitRefused);
        QCOMPARE(left(times, clock, opens), milliseconds(minutes(12)));
    }

    void aMachineThatSleptHasWaited() {
        ManualClock clock;
        agent::app::RetryTimes times(clock);
        const auto record = recordOf(clock.now() + minutes(5), agent::reconcile::kDownloadFailed);
        QCOMPARE(left(times, clock, record), milliseconds(minutes(5)));
        clock.setWallClock(hours(1));
        QVERIFY(left(times, clock, record) <= milliseconds(0));
    }

    void aNewFailureCountsAnew() {
        ManualClock clock;
        agent::app::RetryTimes times(clock);
        QCOMPARE(left(times, clock,
                      recordOf(clock.now() + seconds(2), agent::reconcile::kDownloadFailed)),
                 milliseconds(seconds(2)));
        QCOMPARE(left(times, clock,
                      recordOf(clock.now() + seconds(4), agent::reconcile::kDownloadFailed)),
                 milliseconds(seconds(4)));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::RetryTimesTest;
QTEST_GUILESS_MAIN(RetryTimesTest)
#include "tst_retry_times.moc"
