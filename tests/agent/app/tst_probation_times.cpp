// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/app/probation_times.h"
#include "agent/reconcile/plan.h"
#include "agent/reconcile/reasons.h"
#include "tests/agent/reconcile/reconcile_facts.h"
#include "tests/agent/support/manual_clock.h"

namespace ifrit::tests {

using agent::app::ProbationTimes;
using agent::supervise::Health;
using agent::supervise::Phase;
using std::chrono::hours;
using std::chrono::seconds;

class ProbationTimesTest : public QObject {
    Q_OBJECT

    ManualClock m_clock;

    /// In a probation of 10 s that was begun at `begun`, with a probe that needs 5 s for a verdict.
    agent::reconcile::AgentFacts watched(base::WallTime begun, Phase phase = Phase::Running) {
        namespace test = agent::reconcile::test;
        test::FactsBuilder facts;
        facts.has("2", test::kDigest2)
            .runs(test::kDigest2, Health::Unknown, phase)
            .step(agent::reconcile::kWatching, test::kDigest2);
        facts.raw().probationEnds.reset();
        facts.raw().probeSpan = seconds(5);
        facts.raw().record.step->started = begun;
        facts.raw().record.step->deadline = begun + seconds(35);
        return facts;
    }
    /// Seconds until the end, -1 for none.
    qint64 left(ProbationTimes& times, agent::reconcile::AgentFacts facts) {
        times.adjust(facts);
        if (!facts.probationEnds) return -1;
        return std::chrono::ceil<seconds>(*facts.probationEnds - m_clock.steadyNow()).count();
    }

private Q_SLOTS:
    void aClockThatIsSetChangesNothing() {
        for (const auto by : {hours(-48), hours(48)}) {
            ProbationTimes times(m_clock);
            const auto facts = watched(m_clock.now());
            QCOMPARE(left(times, facts), qint64(35));
            m_clock.setWallClock(by);
            QCOMPARE(left(times, facts), qint64(35));
            m_clock.advance(seconds(30));
            QCOMPARE(left(times, facts), qint64(5));
        }
    }

    void whatLastedOverARestartHasTheTimeForAVerdict() {
        for (const auto by : {hours(-48), hours(48)}) {
            const auto facts = watched(m_clock.now());
            m_clock.setWallClock(by);
            ProbationTimes times(m_clock);
            QCOMPARE(left(times, facts), qint64(by.count() < 0 ? 35 : 25));
        }
    }

    void itBeginsWhenTheProgramDoes() {
        ProbationTimes times(m_clock);
        const base::WallTime begun = m_clock.now();
        QCOMPARE(left(times, watched(begun, Phase::Clearing)), qint64(-1));
        m_clock.advance(hours(1));
        QCOMPARE(left(times, watched(begun, Phase::Clearing)), qint64(-1));
        QCOMPARE(left(times, watched(begun)), qint64(25));
    }

    /// faults.md D3: no descriptor is left to ask it with, for longer than its whole time.
    void whatCannotBeAskedIsNotPutBackForIt() {
        ProbationTimes times(m_clock);
        const base::WallTime begun = m_clock.now();
        const auto next = [&](bool isUnasked) {
            agent::reconcile::AgentFacts facts = watched(begun);
            facts.process->unasked = isUnasked;
            facts.steadyNow = m_clock.steadyNow();
            times.adjust(facts);
            return agent::reconcile::planAgent(facts, m_clock.now()).actions.front().kind;
        };
        using agent::reconcile::ActionKind;
        QVERIFY(next(false) == ActionKind::Watch);
        for (int i = 0; i < 10; ++i) {
            m_clock.advance(seconds(34));
            QVERIFY(next(true) == ActionKind::Watch);
        }
        // Asked again, it has the time for a verdict, and no more.
        QVERIFY(next(false) == ActionKind::Watch);
        m_clock.advance(seconds(24));
        QVERIFY(next(false) == ActionKind::Watch);
        m_clock.advance(seconds(1));
        QVERIFY(next(false) == ActionKind::Revert);
    }

    /// Its own processes may be what keeps it from being asked: that must come to an end.
    void whatNobodyCanJudgeIsPutBackAndNotConvicted_data() {
        QTest::addColumn<int>("what");
        QTest::newRow("not asked") << 0;
        QTest::newRow("asked now and then") << 1;
        QTest::newRow("not started") << 2;
        QTest::newRow("not even tried to start") << 3;
        QTest::newRow("never begun") << 4;
    }
    void whatNobodyCanJudgeIsPutBackAndNotConvicted() {
        QFETCH(const int, what);
        ProbationTimes times(m_clock);
        const base::WallTime begun = m_clock.now();
        const auto next = [&](int second) {
            auto facts = watched(begun, what == 2 ? Phase::Clearing : Phase::Running);
            facts.process->unasked = what == 0 || (what == 1 && second % 20 != 0);
            facts.process->healthMessage = "pipe2: Too many open files";
            if (what >= 3) facts.process.reset();
            if (what == 4) facts.record.step->position = agent::reconcile::kStarting;
            domain::AgentError error;
            error.message = "pipe2: Too many open files";
            error.at = begun;
            facts.record.lastError = error;
            facts.steadyNow = m_clock.steadyNow();
            times.adjust(facts);
            return agent::reconcile::planAgent(facts, m_clock.now()).actions.front();
        };
        using agent::reconcile::ActionKind;
        // Probation, its probe's span, the allowance for a start, and the longest of all waits.
        const int limit = 10 + 5 + 20 + 600;
        for (int second = 0; second < limit; ++second) {
            QVERIFY2(next(second).kind != ActionKind::Revert, std::to_string(second).c_str());
            m_clock.advance(seconds(1));
        }
        const agent::reconcile::Action action = next(limit);
        QVERIFY(action.kind == ActionKind::Revert);
        QCOMPARE(action.reason, std::string(agent::reconcile::kNoVerdict));
        QCOMPARE(action.message, std::string("could not be judged: pipe2: Too many open files"));
    }

    /// What hooks take before the start is no part of it.
    void theWaitForAVerdictBeginsWithTheProbation() {
        ProbationTimes times(m_clock);
        auto facts = watched(m_clock.now());
        facts.record.step->position = agent::reconcile::kStarting;
        times.adjust(facts);
        m_clock.advance(seconds(600));
        facts.record.step->position = agent::reconcile::kWatching;
        times.adjust(facts);
        QVERIFY(*facts.unjudgedEnds - m_clock.steadyNow() == seconds(635));
    }

    void anotherAttemptCountsAnew() {
        ProbationTimes times(m_clock);
        left(times, watched(m_clock.now()));
        m_clock.advance(seconds(60));
        QCOMPARE(left(times, watched(m_clock.now())), qint64(35));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::ProbationTimesTest;
QTEST_GUILESS_MAIN(ProbationTimesTest)
#include "tst_probation_times.moc"
