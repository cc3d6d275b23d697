// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>

#include "agent/link/link_policy.h"

namespace ifrit::tests {

using std::chrono::milliseconds;

class LinkPolicyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Else a disk that was full for a moment would cost a whole poll interval.
    void whatCouldNotBeKeptIsAskedForSoonAndEverLater() {
        agent::link::LinkPolicy policy({}, [] { return 0.5; }, {});
        agent::link::SyncReply reply;
        reply.nextPoll = milliseconds(2'000);
        std::vector<milliseconds> waits;
        for (int i = 0; i < 5; ++i)
            waits.push_back(policy.afterUnkept(reply));
        QVERIFY(waits.front() < milliseconds(500));
        QVERIFY(std::is_sorted(waits.begin(), waits.end()));
        QCOMPARE(waits.back().count(), 2'000);
        QCOMPARE(policy.afterSuccess(reply).count(), 2'000);
        QVERIFY(policy.afterUnkept(reply) == waits.front());
    }

    /// Else one answer of one master silences a machine for as long as 32 bits of milliseconds are.
    void noAnswerSilencesForLongerThanTheLongestPoll_data() {
        QTest::addColumn<qint64>("maxPoll");
        QTest::addColumn<qint64>("asked");
        QTest::addColumn<qint64>("least");
        QTest::addColumn<qint64>("most");
        QTest::newRow("nothing") << qint64(300'000) << qint64(0) << qint64(50) << qint64(500);
        QTest::newRow("a moment") << qint64(300'000) << qint64(5'000) << qint64(5'050)
                                  << qint64(5'500);
        QTest::newRow("49 days") << qint64(300'000) << qint64(UINT32_MAX) << qint64(299'500)
                                 << qint64(300'000);
        // A busy master is heeded for as long as one that does not answer is left alone.
        QTest::newRow("polled each second")
            << qint64(1'000) << qint64(30'000) << qint64(30'050) << qint64(30'500);
        QTest::newRow("polled each second, 49 days")
            << qint64(1'000) << qint64(UINT32_MAX) << qint64(59'500) << qint64(60'000);
    }
    void noAnswerSilencesForLongerThanTheLongestPoll() {
        QFETCH(qint64, maxPoll);
        QFETCH(qint64, asked);
        QFETCH(qint64, least);
        QFETCH(qint64, most);
        agent::link::LinkTimes times;
        times.maxPoll = milliseconds(maxPoll);
        std::vector<qint64> waits;
        for (const double random : {0.0, 0.5, 0.999}) {
            agent::link::LinkPolicy policy(
                times, [random] { return random; },
                [asked](const absl::Status&) { return milliseconds(asked); });
            waits.push_back(policy.afterFailure(absl::ResourceExhaustedError("busy")).count());
        }
        for (const qint64 wait : waits)
            QVERIFY2(wait >= least && wait <= most, qPrintable(QString::number(wait)));
        // Not all at one instant.
        QVERIFY(waits.front() != waits.back());
    }

    /// However often it failed.
    void theLongestWaitIsThatOfALineThatNeverHeals() {
        agent::link::LinkPolicy policy(
            {}, [] { return 0.9; }, [](const absl::Status&) { return milliseconds(UINT32_MAX); });
        for (int i = 0; i < 100; ++i)
            QVERIFY(policy.afterFailure(absl::ResourceExhaustedError("busy")) <=
                    milliseconds(300'000));
    }
};

}  // namespace ifrit::tests

QTEST_APPLESS_MAIN(ifrit::tests::LinkPolicyTest)
#include "tst_link_policy.moc"
