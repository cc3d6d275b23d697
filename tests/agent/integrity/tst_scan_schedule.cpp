// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/integrity/scan_schedule.h"

namespace ifrit::tests {

using agent::integrity::Depth;
using agent::integrity::Installation;
using agent::integrity::ScanSchedule;
using std::chrono::milliseconds;

namespace {

const Installation kOne{"one", {"1", "d1"}};
const Installation kTwo{"two", {"1", "d2"}};
constexpr agent::integrity::ScanTimes kTimes{milliseconds(100'000), milliseconds(2'000),
                                             milliseconds(100), milliseconds(1'000)};

}  // namespace

class ScanScheduleTest : public QObject {
    Q_OBJECT

    base::SteadyTime m_now{std::chrono::hours(1)};
    double m_random = 0;
    std::unique_ptr<ScanSchedule> m_schedule;

    base::SteadyTime at(int millis) const { return m_now + milliseconds(millis); }
    bool isDue(int millis, const Installation& what, Depth depth) const {
        const auto due = m_schedule->due(at(millis));
        return due && due->installation == what && due->depth == depth;
    }
    void scan(int millis) {
        const auto due = m_schedule->due(at(millis));
        QVERIFY(due.has_value());
        m_schedule->scanned(*due, at(millis), at(millis));
    }

private Q_SLOTS:
    void init() {
        m_random = 0;
        m_schedule = std::make_unique<ScanSchedule>(kTimes, [this] { return m_random; });
    }

    void nothingInstalledNothingDue() {
        QVERIFY(!m_schedule->next() && !m_schedule->due(at(1'000'000)));
    }

    void whatIsNewIsScannedSoonAndThenAtTheInterval() {
        m_schedule->keep({kOne}, m_now);
        QVERIFY(!m_schedule->due(at(1'999)));
        QVERIFY(isDue(2'000, kOne, Depth::Full));
        QVERIFY(m_schedule->next() == at(2'000));
        scan(2'000);
        QVERIFY(!m_schedule->due(at(101'999)));
        QVERIFY(isDue(102'000, kOne, Depth::Full));
    }

    void scansAreSpread() {
        m_random = 0.5;
        m_schedule->keep({kOne}, m_now);
        QVERIFY(!m_schedule->due(at(2'999)));
        QVERIFY(isDue(3'000, kOne, Depth::Full));
        scan(3'000);
        QVERIFY2(isDue(98'000, kOne, Depth::Full), "half of a tenth early, never late");
    }

    void aNoticeIsLookedIntoWhenItHasSettled() {
        m_schedule->keep({kOne}, m_now);
        scan(2'000);
        m_schedule->noticed(kOne, at(10'000));
        m_schedule->noticed(kOne, at(10'050));
        QVERIFY(!m_schedule->due(at(10'149)));
        QVERIFY(isDue(10'150, kOne, Depth::Changed));
        scan(10'150);
        QVERIFY(!m_schedule->due(at(50'000)));
    }

    void endlessNoticesAreLookedIntoNowAndThen() {
        m_schedule->keep({kOne}, m_now);
        scan(2'000);
        int scans = 0;
        for (int time = 10'000; time < 20'000; time += 50) {
            m_schedule->noticed(kOne, at(time));
            if (!m_schedule->due(at(time))) continue;
            ++scans;
            scan(time);
        }
        QVERIFY(scans >= 8 && scans <= 10);
    }

    void noticesDoNotPutOffTheFullScan() {
        m_schedule->keep({kOne}, m_now);
        scan(2'000);
        m_schedule->noticed(kOne, at(101'999));
        QVERIFY(isDue(102'500, kOne, Depth::Full));
    }

    void whatIsNoticedDuringTheScanIsNotForgotten() {
        m_schedule->keep({kOne}, m_now);
        scan(2'000);
        m_schedule->noticed(kOne, at(10'000));
        const auto due = m_schedule->due(at(10'200));
        QVERIFY(due.has_value());
        m_schedule->noticed(kOne, at(10'300));
        m_schedule->scanned(*due, at(10'200), at(10'400));
        QVERIFY(isDue(11'400, kOne, Depth::Changed));
    }

    void whatIsGoneIsForgotten() {
        m_schedule->keep({kOne, kTwo}, m_now);
        m_schedule->keep({kTwo}, m_now);
        m_schedule->noticed(kOne, at(1));
        QVERIFY(isDue(5'000, kTwo, Depth::Full));
        scan(5'000);
        QVERIFY(!m_schedule->due(at(5'000)));
    }
};

}  // namespace ifrit::tests

QTEST_GUILESS_MAIN(ifrit::tests::ScanScheduleTest)
#include "tst_scan_schedule.moc"
