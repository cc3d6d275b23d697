// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "master/release/gate.h"
#include "master/release/permit.h"
#include "master/release/verdict.h"
#include "tests/master/release/release_fixture.h"

using namespace ifrit;
using namespace ifrit::master::release;
using domain::GateKind;
using domain::MachineState;
using domain::Outcome;
using domain::ReleaseState;

Q_DECLARE_METATYPE(ifrit::domain::Outcome)
Q_DECLARE_METATYPE(ifrit::domain::AgentReport)
Q_DECLARE_METATYPE(ifrit::domain::StageCounts)
Q_DECLARE_METATYPE(ifrit::domain::ReleaseState)

namespace {

domain::AgentReport crashLooping() {
    auto out = healthyNew();
    out.state = MachineState::Degraded;
    out.crashLooping = true;
    return out;
}

domain::AgentReport failedWithRetry() {
    auto out = reportOf("1", kOldDigest, MachineState::Failed);
    out.nextRetry = at(60);
    return out;
}

domain::AgentReport ofOtherRelease(domain::AgentReport report) {
    report.releaseId = "r0";
    report.knownBad.clear();
    return report;
}

}  // namespace

class TestVerdict : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void install_data() {
        QTest::addColumn<ifrit::domain::AgentReport>("report");
        QTest::addColumn<ifrit::domain::Outcome>("outcome");
        QTest::addColumn<QString>("reason");
        QTest::newRow("healthy on target") << healthyNew() << Outcome::Ok << "";
        QTest::newRow("still old") << healthyOld() << Outcome::Pending << "";
        QTest::newRow("watching") << reportOf("2", kNewDigest, MachineState::Watching)
                                  << Outcome::Pending << "";
        QTest::newRow("degraded") << reportOf("2", kNewDigest, MachineState::Degraded)
                                  << Outcome::Pending << "";
        QTest::newRow("crash looping") << crashLooping() << Outcome::Failed << "CRASH_LOOPING";
        QTest::newRow("reverted") << revertedOld() << Outcome::Reverted << "PROBE_FAILED";
        QTest::newRow("failed for good")
            << reportOf("1", kOldDigest, MachineState::Failed) << Outcome::Failed << "FAILED";
        QTest::newRow("failed, tries again") << failedWithRetry() << Outcome::Pending << "";
        QTest::newRow("failed in another release")
            << ofOtherRelease(reportOf("1", kOldDigest, MachineState::Failed)) << Outcome::Pending
            << "";
        QTest::newRow("reverted in another release")
            << ofOtherRelease(revertedOld()) << Outcome::Pending << "";
        QTest::newRow("not applicable") << reportOf("", "", MachineState::NotApplicable)
                                        << Outcome::Skipped << "NOT_APPLICABLE";
        QTest::newRow("same version, other digest")
            << reportOf("2", std::string(64, 'c'), MachineState::Healthy) << Outcome::Pending << "";
    }
    void install() {
        QFETCH(ifrit::domain::AgentReport, report);
        QFETCH(ifrit::domain::Outcome, outcome);
        QFETCH(QString, reason);
        const Target target{domain::DesiredAction::Install, "2", kNewDigest};
        const auto verdict = judge(target, "r1", report);
        QCOMPARE(verdict.outcome, outcome);
        QCOMPARE(QString::fromStdString(verdict.reason), reason);
    }
    void installWithoutReportIsPending() {
        const Target target{domain::DesiredAction::Install, "2", kNewDigest};
        QCOMPARE(judge(target, "r1", std::nullopt).outcome, Outcome::Pending);
    }

    void uninstall() {
        const Target target{domain::DesiredAction::Uninstall, "", ""};
        QCOMPARE(judge(target, "r1", std::nullopt).outcome, Outcome::Ok);
        QCOMPARE(judge(target, "r1", reportOf("", "", MachineState::Unmanaged)).outcome,
                 Outcome::Ok);
        QCOMPARE(judge(target, "r1", healthyOld()).outcome, Outcome::Pending);
        QCOMPARE(judge(target, "r1", reportOf("", "", MachineState::Installing)).outcome,
                 Outcome::Pending);
        QCOMPARE(judge(target, "r1", reportOf("", "", MachineState::Failed)).outcome,
                 Outcome::Failed);
    }

    void gate_data() {
        QTest::addColumn<int>("targeted");
        QTest::addColumn<int>("ok");
        QTest::addColumn<int>("bad");
        QTest::addColumn<int>("accepted");
        QTest::addColumn<bool>("halt");
        QTest::newRow("none bad") << 10 << 10 << 0 << 0 << false;
        QTest::newRow("one of two, other awaited") << 2 << 0 << 1 << 0 << false;
        QTest::newRow("one of two, both done") << 2 << 1 << 1 << 0 << true;
        QTest::newRow("one of one") << 1 << 0 << 1 << 0 << true;
        QTest::newRow("two of two") << 2 << 0 << 2 << 0 << true;
        QTest::newRow("one of three") << 3 << 2 << 1 << 0 << false;
        QTest::newRow("two of three") << 3 << 0 << 2 << 0 << true;
        QTest::newRow("five of a hundred") << 100 << 10 << 5 << 0 << false;
        QTest::newRow("six of a hundred") << 100 << 10 << 6 << 0 << true;
        QTest::newRow("six, all accepted") << 100 << 10 << 6 << 6 << false;
        QTest::newRow("eleven, six accepted") << 100 << 10 << 11 << 6 << false;
        QTest::newRow("twelve, six accepted") << 100 << 10 << 12 << 6 << true;
    }
    void gate() {
        QFETCH(int, targeted);
        QFETCH(int, ok);
        QFETCH(int, bad);
        QFETCH(int, accepted);
        QFETCH(bool, halt);
        domain::StageCounts stage;
        stage.targeted = static_cast<std::uint32_t>(targeted);
        stage.outcomes[Outcome::Ok] = static_cast<std::uint32_t>(ok);
        stage.outcomes[Outcome::Reverted] = static_cast<std::uint32_t>(bad);
        stage.outcomes[Outcome::Pending] = static_cast<std::uint32_t>(targeted - ok - bad);
        const auto verdict =
            checkGates(stage, {{domain::GateKind::Bad, static_cast<std::uint32_t>(accepted)}}, {});
        QCOMPARE(verdict.halt, halt);
        QCOMPARE(verdict.sentence.empty(), !halt);
    }
    /// What people are shown is where a stage that is over halts, of whatever size.
    void theBudgetIsWhatDoesNotHalt() {
        domain::GatePolicy policy;
        policy.rules = {{GateKind::Bad, std::nullopt, {10, 2, 1}}};
        for (std::uint32_t size = 0; size <= 60; ++size) {
            domain::StageCounts stage;
            stage.targeted = size;
            const std::uint32_t budget = badBudget(policy, stage);
            for (std::uint32_t bad = 0; bad <= size; ++bad) {
                stage.outcomes = {{Outcome::Failed, bad}, {Outcome::Ok, size - bad}};
                QCOMPARE(checkGates(stage, {}, policy).halt, bad > budget);
            }
        }
    }
    void gateOfAKind_data() {
        QTest::addColumn<ifrit::domain::GateKind>("kind");
        QTest::addColumn<QString>("reason");
        QTest::addColumn<ifrit::domain::Outcome>("outcome");
        QTest::newRow("failed") << GateKind::Failed << "PROBE_FAILED" << Outcome::Failed;
        QTest::newRow("reverted") << GateKind::Failed << "PROBE_FAILED" << Outcome::Reverted;
        QTest::newRow("timed out") << GateKind::TimedOut << "DEADLINE" << Outcome::Failed;
        QTest::newRow("silent") << GateKind::Silent << "NO_CONTACT" << Outcome::Silent;
        QTest::newRow("crash-looping")
            << GateKind::CrashLooping << "CRASH_LOOPING" << Outcome::Failed;
        QTest::newRow("integrity") << GateKind::Integrity << "INTEGRITY" << Outcome::Failed;
    }
    /// A strict gate of the kind halts where the default ones do not, in its stage alone, and from
    /// its least sample on.
    void gateOfAKind() {
        QFETCH(ifrit::domain::GateKind, kind);
        QFETCH(QString, reason);
        QFETCH(ifrit::domain::Outcome, outcome);
        QCOMPARE(gateKindOf(outcome, reason.toStdString()), kind);
        domain::StageCounts stage;
        stage.kind = domain::StageKind::Batch;
        stage.batch = 3;
        stage.targeted = 10;
        stage.outcomes = {{outcome, 1}, {Outcome::Ok, 4}, {Outcome::Pending, 5}};
        stage.bad[kind] = 1;
        QVERIFY(!checkGates(stage, {}, {}).halt);
        domain::GatePolicy policy;
        policy.rules = {{kind, domain::StageKind::Batch, {0, 0, 5}}};
        const GateVerdict verdict = checkGates(stage, {}, policy);
        QVERIFY(verdict.halt);
        QVERIFY2(verdict.sentence.find("in the batch 3 stage; the gate lets at most 0 through") !=
                     std::string::npos,
                 verdict.sentence.c_str());
        QVERIFY(!checkGates(stage, {{kind, 1}, {GateKind::Bad, 1}}, policy).halt);
        policy.rules[0].limits.minSample = 6;
        QVERIFY(!checkGates(stage, {}, policy).halt);
        policy.rules[0] = {kind, domain::StageKind::Pilot, {0, 0, 1}};
        QVERIFY(!checkGates(stage, {}, policy).halt);
        policy.rules[0].stage.reset();
        QVERIFY(checkGates(stage, {}, policy).halt);
    }
    /// Of two gray machines the limits let one through, and half of a stage halts: none may fail.
    void saysWhatTheStageAsAWholeLetsThrough() {
        domain::StageCounts stage;
        stage.kind = domain::StageKind::Gray;
        stage.targeted = 2;
        stage.outcomes = {{Outcome::Reverted, 2}};
        stage.bad[GateKind::Failed] = 2;
        QCOMPARE(badBudget({}, stage), 0U);
        QCOMPARE(checkGates(stage, {}, {}).sentence,
                 std::string("0 failed, 2 reverted, 0 silent of 2 in the gray stage; the gate lets "
                             "at most 0 through"));
    }
    void limitsOfTheStageComeBeforeTheGeneralOnes() {
        domain::GatePolicy policy;
        policy.rules = {{GateKind::Silent, {}, {20, 2, 3}},
                        {GateKind::Silent, domain::StageKind::Gray, {0, 0, 1}}};
        const auto limits = [&policy](GateKind kind, domain::StageKind stage) {
            return domain::limitsOf(policy, kind, stage);
        };
        QVERIFY((limits(GateKind::Silent, domain::StageKind::Gray) == domain::GateLimits{0, 0, 1}));
        QVERIFY(
            (limits(GateKind::Silent, domain::StageKind::Full) == domain::GateLimits{20, 2, 3}));
        QVERIFY((limits(GateKind::Failed, domain::StageKind::Full) == domain::GateLimits{}));
    }
    void offlineLeavesTheDenominator() {
        domain::StageCounts stage;
        stage.targeted = 10;
        stage.outcomes[Outcome::Pending] = 4;
        stage.outcomes[Outcome::Ok] = 5;
        stage.outcomes[Outcome::Skipped] = 1;
        stage.offline = 3;
        QCOMPARE(denominatorOf(stage), 6U);
        QCOMPARE(awaitedOf(stage), 1U);
    }

    void permit_data() {
        QTest::addColumn<ifrit::domain::ReleaseState>("state");
        QTest::addColumn<bool>("opened");
        QTest::addColumn<int>("entryAge");  // stamp of the entry: 0 now, 1 before a later commit
        QTest::addColumn<QString>("refusal");
        QTest::newRow("running, open") << ReleaseState::Running << true << 0 << "";
        QTest::newRow("running, not open")
            << ReleaseState::Running << false << 0 << "STAGE_NOT_OPEN";
        QTest::newRow("paused") << ReleaseState::Paused << true << 0 << "RELEASE_PAUSED";
        QTest::newRow("halted") << ReleaseState::Halted << true << 0 << "RELEASE_HALTED";
        QTest::newRow("aborted, entry from before")
            << ReleaseState::Aborted << true << 1 << "RELEASE_ABORTED";
        QTest::newRow("aborted, entry that stands") << ReleaseState::Aborted << true << 0 << "";
        QTest::newRow("rolling back, entry from before")
            << ReleaseState::RollingBack << true << 1 << "RELEASE_ROLLED_BACK";
        QTest::newRow("rolling back, fallback") << ReleaseState::RollingBack << true << 0 << "";
        QTest::newRow("rolled back, entry from before")
            << ReleaseState::RolledBack << true << 1 << "RELEASE_ROLLED_BACK";
        QTest::newRow("done") << ReleaseState::Done << false << 0 << "";
        QTest::newRow("draft") << ReleaseState::Draft << true << 0 << "RELEASE_NOT_STARTED";
    }
    void permit() {
        QFETCH(ifrit::domain::ReleaseState, state);
        QFETCH(bool, opened);
        QFETCH(int, entryAge);
        QFETCH(QString, refusal);
        const PermitQuestion question{"m0", "logd", "r1", "2", kNewDigest};
        domain::DesiredEntry entry;
        entry.agent = "logd";
        entry.manifestDigest = kNewDigest;
        entry.releaseId = "r1";
        entry.timestamp = at(10 - entryAge);
        MachineProgress machine;
        machine.opened = opened;
        const auto answer = decidePermit(question, entry, Standing{state, at(10)}, &machine);
        QCOMPARE(QString::fromStdString(answer.reason), refusal);
        QCOMPARE(answer.granted, refusal.isEmpty());
        QCOMPARE(answer.message.empty(), answer.granted);
        QVERIFY(answer.granted ? answer.validFor.count() > 0 : answer.retryAfter.count() > 0);
    }
    void permitNamesWhatIsDesired() {
        domain::DesiredEntry entry;
        entry.agent = "logd";
        entry.manifestDigest = kNewDigest;
        entry.releaseId = "r1";
        const Standing done{ReleaseState::Done, {}};
        const auto reason = [&](const PermitQuestion& question) {
            return decidePermit(question, entry, done, nullptr).reason;
        };
        QCOMPARE(reason({"m0", "logd", "r1", "2", kNewDigest}), std::string());
        QCOMPARE(reason({"m0", "logd", "r1", "2", kOldDigest}), std::string("NOT_DESIRED"));
        QCOMPARE(reason({"m0", "logd", "r2", "2", kNewDigest}), std::string("NOT_DESIRED"));
        QCOMPARE(reason({"m0", "logd", "r1", "", ""}), std::string("NOT_DESIRED"));
        entry.action = domain::DesiredAction::Uninstall;
        entry.manifestDigest.clear();
        QCOMPARE(reason({"m0", "logd", "r1", "", ""}), std::string());
        QCOMPARE(decidePermit({"m0", "logd", "r9", "", ""}, entry, std::nullopt, nullptr).reason,
                 std::string("RELEASE_UNKNOWN"));
    }
};

QTEST_GUILESS_MAIN(TestVerdict)
#include "tst_verdict.moc"
