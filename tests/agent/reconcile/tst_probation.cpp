// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/reconcile/probation.h"
#include "agent/reconcile/reasons.h"
#include "tests/agent/reconcile/reconcile_facts.h"

namespace reconcile = ifrit::agent::reconcile;
using namespace reconcile::test;  // NOLINT: one test file
using ifrit::agent::supervise::Health;
using ifrit::agent::supervise::Phase;
using ifrit::agent::supervise::RunEnd;
using Kind = reconcile::ProbationVerdict::Kind;
using std::chrono::seconds;

class ProbationTest : public QObject {
    Q_OBJECT

    static FactsBuilder watched(Health health, Phase phase = Phase::Running) {
        FactsBuilder facts;
        facts.has("2", kDigest2).runs(kDigest2, health, phase).step(reconcile::kWatching, kDigest2);
        return facts;
    }

private Q_SLOTS:
    void healthyForTheWholeTimePasses() {
        auto facts = watched(Health::Healthy);
        facts.raw().process->healthySince = kSteadyNow - seconds(10);
        QCOMPARE(reconcile::judgeProbation(facts, kNow).kind, Kind::Passed);
    }

    void healthyForLessWaitsForExactlyTheRest() {
        auto facts = watched(Health::Healthy);
        facts.raw().process->healthySince = kSteadyNow - seconds(4);
        const auto verdict = reconcile::judgeProbation(facts, kNow);
        QCOMPARE(verdict.kind, Kind::Undecided);
        QVERIFY(verdict.lookAgain == kNow + seconds(6));
    }

    void healthyIsNotFailedByTheClock() {
        auto facts = watched(Health::Healthy);
        facts.raw().process->healthySince = kSteadyNow - seconds(4);
        facts.raw().probationEnds = kSteadyNow - seconds(60);
        QCOMPARE(reconcile::judgeProbation(facts, kNow).kind, Kind::Undecided);
    }

    void anyExitFailsWithWhatItWas() {
        auto facts = watched(Health::Unhealthy, Phase::BackingOff);
        facts.raw().process->restarts = 1;
        facts.raw().process->lastExit = "exited with code 3";
        facts.raw().process->lastEnd = RunEnd::ByItself;
        const auto verdict = reconcile::judgeProbation(facts, kNow);
        QCOMPARE(verdict.kind, Kind::Failed);
        QCOMPARE(verdict.reason, std::string(reconcile::kExitedAtStart));
        QCOMPARE(verdict.message, std::string("in probation exited with code 3"));
    }

    void aRefusedProgramFailsByThatName() {
        auto facts = watched(Health::Unhealthy, Phase::BackingOff);
        facts.raw().process->restarts = 1;
        facts.raw().process->lastExit = "is not the signed program";
        facts.raw().process->lastEnd = RunEnd::NotStarted;
        facts.raw().process->refusedProgram = reconcile::kProgramChanged;
        const auto verdict = reconcile::judgeProbation(facts, kNow);
        QCOMPARE(verdict.kind, Kind::Failed);
        QCOMPARE(verdict.reason, std::string(reconcile::kProgramChanged));
    }

    void anExitThatWasRestartedAlreadyStillFails() {
        auto facts = watched(Health::Healthy);
        facts.raw().process->restarts = 1;
        QCOMPARE(reconcile::judgeProbation(facts, kNow).reason,
                 std::string(reconcile::kExitedAtStart));
    }

    void aProgramThatCannotBeStartedIsCalledThat() {
        auto facts = watched(Health::Unhealthy, Phase::BackingOff);
        facts.raw().process->lastExit = "/x/bin: No such file or directory";
        facts.raw().process->lastEnd = RunEnd::NotStarted;
        QCOMPARE(reconcile::judgeProbation(facts, kNow).reason,
                 std::string(reconcile::kStartFailed));
    }

    void overItsLimitIsCalledThat() {
        auto facts = watched(Health::Unhealthy, Phase::BackingOff);
        facts.raw().process->lastExit =
            "killed, because memory 512 MiB over 256 MiB: killed by signal 9 (SIGKILL)";
        facts.raw().process->lastEnd = RunEnd::OverLimit;
        QCOMPARE(reconcile::judgeProbation(facts, kNow).reason,
                 std::string(reconcile::kLimitExceeded));
    }

    /// Its end was seen before anybody looked at it.
    void endedForItsProbeIsCalledThat() {
        auto facts = watched(Health::Unhealthy, Phase::BackingOff);
        facts.raw().process->lastExit =
            "restarted, because its probe failed 3 times in a row: HTTP 503: killed by signal 15";
        facts.raw().process->lastEnd = RunEnd::Unhealthy;
        QCOMPARE(reconcile::judgeProbation(facts, kNow).reason,
                 std::string(reconcile::kProbeFailed));
        QVERIFY(reconcile::judgeProbation(facts, kNow).message.find("HTTP 503") !=
                std::string::npos);
    }

    void whatTheSystemHoldsBackFailsIt_data() {
        QTest::addColumn<int>("looks");
        QTest::addColumn<int>("throttled");
        QTest::addColumn<bool>("refused");
        QTest::addColumn<int>("age");  // s of health, of a probation of 10
        QTest::addColumn<int>("kind");
        const auto row = [](const char* name, int looks, int throttled, bool refused, int age,
                            Kind kind) {
            QTest::newRow(name) << looks << throttled << refused << age << static_cast<int>(kind);
        };
        row("nothing", 6, 0, false, 10, Kind::Passed);
        row("a throttled start", 6, 3, false, 10, Kind::Passed);
        row("throttled in most of it", 6, 4, false, 10, Kind::Failed);
        row("throttled so far", 3, 3, false, 4, Kind::Undecided);
        row("too short to say", 1, 1, false, 10, Kind::Passed);
        row("a process refused", 3, 0, true, 1, Kind::Failed);
    }
    void whatTheSystemHoldsBackFailsIt() {
        QFETCH(const int, looks);
        QFETCH(const int, throttled);
        QFETCH(const bool, refused);
        QFETCH(const int, age);
        QFETCH(const int, kind);
        auto facts = watched(Health::Healthy);
        facts.raw().process->healthySince = kSteadyNow - seconds(age);
        facts.raw().process->heldBack = {static_cast<std::uint32_t>(looks),
                                         static_cast<std::uint32_t>(throttled), refused};
        const auto verdict = reconcile::judgeProbation(facts, kNow);
        QCOMPARE(static_cast<int>(verdict.kind), kind);
        if (verdict.kind == Kind::Failed)
            QCOMPARE(verdict.reason, std::string(reconcile::kLimitExceeded));
    }

    void neverHealthyAndThrottledIsCalledThat() {
        auto facts = watched(Health::Unknown);
        facts.raw().probationEnds = kSteadyNow;
        facts.raw().process->heldBack = {6, 6, false};
        QCOMPARE(reconcile::judgeProbation(facts, kNow).reason,
                 std::string(reconcile::kLimitExceeded));
    }

    /// Its probes could not be asked, and why is known.
    void overdueAndThrottledIsCalledThat() {
        auto facts = watched(Health::Unknown);
        facts.raw().unjudgedEnds = kSteadyNow;
        QCOMPARE(reconcile::judgeProbation(facts, kNow).reason, std::string(reconcile::kNoVerdict));
        facts.raw().process->heldBack = {6, 6, false};
        QCOMPARE(reconcile::judgeProbation(facts, kNow).reason,
                 std::string(reconcile::kLimitExceeded));
    }

    /// Killed, and not gone yet.
    void onItsWayOutOverItsLimitIsCalledThat() {
        auto facts = watched(Health::Unhealthy, Phase::Stopping);
        facts.raw().process->healthMessage = "killed, because it has 9 processes";
        facts.raw().process->lastEnd = RunEnd::OverLimit;
        const auto verdict = reconcile::judgeProbation(facts, kNow);
        QCOMPARE(verdict.reason, std::string(reconcile::kLimitExceeded));
        QCOMPARE(verdict.message, std::string("in probation killed, because it has 9 processes"));
    }

    /// The old version's processes take a while to die, and the new one is not started before.
    void whatWasNotStartedYetHasNotFailed() {
        auto facts = watched(Health::Unhealthy, Phase::Clearing);
        QCOMPARE(reconcile::judgeProbation(facts, kNow).kind, Kind::Undecided);
        const auto late = reconcile::judgeProbation(facts, kNow + std::chrono::hours(1));
        QCOMPARE(late.kind, Kind::Undecided);
        QVERIFY(late.lookAgain > kNow + std::chrono::hours(1));
    }

    void aClockThatIsSetDecidesNothing() {
        for (const auto by : {std::chrono::hours(-48), std::chrono::hours(48)}) {
            auto healthy = watched(Health::Healthy);
            healthy.raw().process->healthySince = kSteadyNow - seconds(4);
            const auto verdict = reconcile::judgeProbation(healthy, kNow + by);
            QCOMPARE(verdict.kind, Kind::Undecided);
            QVERIFY(verdict.lookAgain == kNow + by + seconds(6));
            healthy.raw().steadyNow += seconds(6);
            QCOMPARE(reconcile::judgeProbation(healthy, kNow + by).kind, Kind::Passed);

            auto unknown = watched(Health::Unknown);
            QCOMPARE(reconcile::judgeProbation(unknown, kNow + by).kind, Kind::Undecided);
            unknown.raw().steadyNow += seconds(30);
            QCOMPARE(reconcile::judgeProbation(unknown, kNow + by).kind, Kind::Failed);
        }
    }

    void unhealthyFailsWithTheProbesWords() {
        auto facts = watched(Health::Unhealthy);
        facts.raw().process->healthMessage = "HTTP 503";
        const auto verdict = reconcile::judgeProbation(facts, kNow);
        QCOMPARE(verdict.reason, std::string(reconcile::kProbeFailed));
        QCOMPARE(verdict.message, std::string("HTTP 503 in probation"));
    }

    void noVerdictWaitsForTheDeadlineAndThenFails() {
        auto facts = watched(Health::Unknown);
        facts.raw().steadyNow += seconds(29);
        const auto before = reconcile::judgeProbation(facts, kNow + seconds(29));
        QCOMPARE(before.kind, Kind::Undecided);
        QVERIFY(before.lookAgain == kNow + seconds(30));
        facts.raw().steadyNow += seconds(1);
        const auto after = reconcile::judgeProbation(facts, kNow + seconds(30));
        QCOMPARE(after.kind, Kind::Failed);
        QCOMPARE(after.reason, std::string(reconcile::kProbeFailed));
    }
};

QTEST_GUILESS_MAIN(ProbationTest)
#include "tst_probation.moc"
