// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <set>

#include "agent/supervise/health_tracker.h"
#include "agent/supervise/rhythm.h"

using namespace ifrit;
using namespace ifrit::agent::supervise;
using agent::platform::ProcessState;
using namespace std::chrono_literals;

class HealthTrackerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void withoutAProbeItMustSettle();
    void adoptedWithoutAProbeIsHealthyAtOnce();
    void firstSuccessMakesHealthy();
    void failuresAtTheStartDoNotCountYet();
    void neverAnsweringIsUnhealthyAfterTheStartPeriod();
    void failuresInARowCount();
    void stoppedAndZombie_data();
    void stoppedAndZombie();
    void probesAreAskedOneAtATime();
    void probesKeepOneRhythm();
    void eachMachineHasItsOwnPhase();
    void programsAreNotBegunTogether();
    void theStartPeriodBeginsWithTheFirstProbe();
    void aProbeThatNobodyAskedIsNoFailure();
    void aProbeThatWasBegunAndCouldNotAskIsNoFailure();
    void anOldSuccessIsNotBelievedForEver();

private:
    static domain::Probe probe() {
        domain::Probe made;
        made.interval = 10s;
        made.failureThreshold = 3;
        return made;
    }
    const base::SteadyTime m_start{1000h};
};

void HealthTrackerTest::withoutAProbeItMustSettle() {
    const HealthTracker tracker(std::nullopt, m_start, m_start);
    QVERIFY(tracker.verdict(m_start + 1999ms).health == Health::Unknown);
    QVERIFY(tracker.nextChange(m_start) == m_start + 2s);
    QVERIFY(tracker.verdict(m_start + 2s).health == Health::Healthy);
    QVERIFY(!tracker.nextChange(m_start + 2s));
    QVERIFY(!tracker.nextProbe());
}

void HealthTrackerTest::adoptedWithoutAProbeIsHealthyAtOnce() {
    const HealthTracker tracker(std::nullopt, m_start - 1h, m_start);
    QVERIFY(tracker.verdict(m_start).health == Health::Healthy);
}

void HealthTrackerTest::firstSuccessMakesHealthy() {
    HealthTracker tracker(probe(), m_start, m_start);
    QVERIFY(tracker.nextProbe() == m_start);
    QVERIFY(tracker.verdict(m_start).health == Health::Unknown);
    tracker.probed(true, "HTTP 200", m_start + 1s);
    const HealthVerdict verdict = tracker.verdict(m_start + 1s);
    QVERIFY(verdict.health == Health::Healthy && !verdict.restart);
    QCOMPARE(verdict.message, std::string("probe: HTTP 200"));
    QVERIFY(tracker.nextProbe() == m_start + 10s);
}

void HealthTrackerTest::failuresAtTheStartDoNotCountYet() {
    HealthTracker tracker(probe(), m_start, m_start);
    for (int i = 1; i <= 20; ++i) {
        tracker.probed(false, "refused", m_start + i * 1s);
        QVERIFY(tracker.verdict(m_start + i * 1s).health == Health::Unknown);
        QVERIFY(tracker.nextProbe() == m_start + (i + 1) * 1s);
    }
    tracker.probed(true, "", m_start + 21s);
    tracker.probed(false, "", m_start + 31s);
    tracker.probed(false, "", m_start + 41s);
    QVERIFY(tracker.verdict(m_start + 41s).health == Health::Healthy);
}

void HealthTrackerTest::neverAnsweringIsUnhealthyAfterTheStartPeriod() {
    HealthTracker tracker(probe(), m_start, m_start);
    tracker.probed(false, "refused", m_start);
    QVERIFY(tracker.nextChange(m_start) == m_start + 30s);
    QVERIFY(tracker.verdict(m_start + 29'999ms).health == Health::Unknown);
    const HealthVerdict verdict = tracker.verdict(m_start + 30s);
    QVERIFY(verdict.health == Health::Unhealthy && verdict.restart);
    QVERIFY(verdict.message.find("refused") != std::string::npos);
}

void HealthTrackerTest::failuresInARowCount() {
    HealthTracker tracker(probe(), m_start, m_start);
    tracker.probed(true, "", m_start);
    for (int round = 0; round < 3; ++round) {
        tracker.probed(false, "slow", m_start);
        tracker.probed(false, "slow", m_start);
        QVERIFY(tracker.verdict(m_start).health == Health::Healthy);
        tracker.probed(true, "", m_start);
    }
    for (int i = 0; i < 3; ++i)
        tracker.probed(false, "slow", m_start);
    const HealthVerdict verdict = tracker.verdict(m_start);
    QVERIFY(verdict.health == Health::Unhealthy && verdict.restart);
    QCOMPARE(verdict.message, std::string("its probe failed 3 times in a row: slow"));
}

void HealthTrackerTest::stoppedAndZombie_data() {
    QTest::addColumn<int>("state");
    QTest::addColumn<QString>("said");
    QTest::newRow("stopped") << static_cast<int>(ProcessState::Stopped) << "stopped";
    QTest::newRow("zombie") << static_cast<int>(ProcessState::Zombie) << "zombie";
}

void HealthTrackerTest::stoppedAndZombie() {
    QFETCH(int, state);
    QFETCH(QString, said);
    HealthTracker tracker(probe(), m_start, m_start);
    tracker.probed(true, "", m_start);
    tracker.observe(static_cast<ProcessState>(state));
    // A zombie may be just about to go.
    const bool isTold = static_cast<ProcessState>(state) == ProcessState::Stopped;
    HealthVerdict verdict = tracker.verdict(m_start);
    QCOMPARE(verdict.health == Health::Unhealthy, isTold);
    QVERIFY(!verdict.restart);
    tracker.observe(static_cast<ProcessState>(state));
    verdict = tracker.verdict(m_start);
    QVERIFY(verdict.health == Health::Unhealthy && verdict.restart);
    QVERIFY(QString::fromStdString(verdict.message).contains(said));
    tracker.observe(ProcessState::Running);
    QVERIFY(tracker.verdict(m_start).health == Health::Healthy);
}

void HealthTrackerTest::probesAreAskedOneAtATime() {
    HealthTracker tracker(probe(), m_start, m_start);
    tracker.probeSent();
    QVERIFY(!tracker.nextProbe());
    tracker.probed(true, "", m_start + 3s);
    QVERIFY(tracker.nextProbe() == m_start + 10s);
}

// m_start is a multiple of the interval.
void HealthTrackerTest::probesKeepOneRhythm() {
    HealthTracker tracker(probe(), m_start, m_start);
    tracker.probed(true, "", m_start + 5'001ms);
    QVERIFY(tracker.nextProbe() == m_start + 10s);
    // What a probe takes does not add up, and a failure is asked about in the same rhythm.
    tracker.probed(true, "", m_start + 10'400ms);
    QVERIFY(tracker.nextProbe() == m_start + 20s);
    tracker.probed(false, "refused", m_start + 21s);
    QVERIFY(tracker.nextProbe() == m_start + 30s);
    // Nor does one that hangs: its agent is asked no less often.
    tracker.probed(false, "timed out", m_start + 39s);
    QVERIFY(tracker.nextProbe() == m_start + 40s);
    // Exactly when the next one was due: that was this one.
    tracker.probed(true, "", m_start + 40s);
    QVERIFY(tracker.nextProbe() == m_start + 50s);
}

void HealthTrackerTest::eachMachineHasItsOwnPhase() {
    HealthTracker tracker(probe(), m_start, m_start, 3'600s - 1ms);
    tracker.probed(true, "", m_start + 4s);
    QVERIFY(tracker.nextProbe() == m_start + 9'999ms);
    tracker.probed(true, "", m_start + 9'999ms);
    QVERIFY(tracker.nextProbe() == m_start + 19'999ms);
    std::set<std::int64_t> phases;
    for (int i = 0; i < 100; ++i)
        phases.insert(phaseOf("machine-" + std::to_string(i)).count());
    QVERIFY(phases.size() > 95);
    QVERIFY(*phases.begin() >= 0 && *phases.rbegin() < 3'600'000);
    // The beginning of the clock lies behind a phase.
    QVERIFY(nextInRhythm(base::SteadyTime(1s), 10s, 3'605s) == base::SteadyTime(5s));
}

// They would take the processor from each other.
void HealthTrackerTest::programsAreNotBegunTogether() {
    domain::Probe program = probe();
    program.kind = domain::Probe::Kind::Exec;
    HealthTracker tracker(program, m_start, m_start);
    tracker.probed(true, "", m_start + 3s);
    QVERIFY(tracker.nextProbe() == m_start + 13s);
}

void HealthTrackerTest::theStartPeriodBeginsWithTheFirstProbe() {
    HealthTracker tracker(probe(), m_start, m_start);
    tracker.probeSent();
    // It waits for its turn, longer than a start period.
    QVERIFY(tracker.verdict(m_start + 60s).health == Health::Unknown);
    QVERIFY(!tracker.nextChange(m_start + 60s));
    QVERIFY(!tracker.firstProbeBegun());
    tracker.probeBegun(m_start + 60s);
    QVERIFY(tracker.firstProbeBegun());
    QVERIFY(tracker.nextChange(m_start + 60s) == m_start + 90s);
    tracker.probed(false, "refused", m_start + 61s);
    tracker.probeBegun(m_start + 62s);  // the later ones change nothing
    QVERIFY(tracker.verdict(m_start + 89'999ms).health == Health::Unknown);
    QVERIFY(tracker.verdict(m_start + 90s).restart);
}

void HealthTrackerTest::aProbeThatNobodyAskedIsNoFailure() {
    HealthTracker tracker(probe(), m_start, m_start);
    for (int i = 0; i < 40; ++i) {
        tracker.probeSent();
        tracker.probeMissed("not asked", m_start + i * 1s);
        QVERIFY(tracker.nextProbe() == m_start + (i + 1) * 1s);
        QVERIFY(tracker.verdict(m_start + i * 1s).health == Health::Unknown);
    }
    tracker.probed(true, "HTTP 200", m_start + 41s);
    for (int i = 0; i < 5; ++i)
        tracker.probeMissed("not asked", m_start + 42s);
    const HealthVerdict verdict = tracker.verdict(m_start + 42s);
    QVERIFY(verdict.health == Health::Healthy && !verdict.restart);
    QCOMPARE(verdict.message, std::string("probe: HTTP 200"));
}

/// As where there is no descriptor to ask with.
void HealthTrackerTest::aProbeThatWasBegunAndCouldNotAskIsNoFailure() {
    HealthTracker tracker(probe(), m_start, m_start);
    const auto miss = [&](std::chrono::seconds at) {
        tracker.probeBegun(m_start + at);
        tracker.probeMissed("not asked", m_start + at);
    };
    for (int i = 0; i < 100; ++i) {
        miss(i * 1s);
        QVERIFY(tracker.verdict(m_start + i * 1s).health == Health::Unknown);
    }
    // The whole of its start period is still to come.
    tracker.probed(false, "refused", m_start + 100s);
    QVERIFY(tracker.verdict(m_start + 129s).health == Health::Unknown);
    miss(129s);
    QVERIFY(tracker.verdict(m_start + 140s).health == Health::Unknown);
    tracker.probed(false, "refused", m_start + 141s);
    QVERIFY(tracker.verdict(m_start + 141s).restart);
}

/// A version that uses up its account's processes cannot be asked by a program any more.
void HealthTrackerTest::anOldSuccessIsNotBelievedForEver() {
    HealthTracker tracker(probe(), m_start, m_start);
    tracker.probed(true, "ready", m_start);
    for (auto at = 1s; at < 30s; ++at) {
        tracker.probeMissed("fork: no", m_start + at);
        QVERIFY(tracker.verdict(m_start + at).health == Health::Healthy);
    }
    tracker.probeMissed("fork: no", m_start + 30s);
    const HealthVerdict verdict = tracker.verdict(m_start + 30s);
    QVERIFY(verdict.health == Health::Unknown && !verdict.restart);
    QCOMPARE(verdict.message, std::string("its probe cannot be asked: fork: no"));
    tracker.probed(true, "ready", m_start + 31s);
    QVERIFY(tracker.verdict(m_start + 31s).health == Health::Healthy);
}

QTEST_GUILESS_MAIN(HealthTrackerTest)
#include "tst_health_tracker.moc"
