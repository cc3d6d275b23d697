// SPDX-License-Identifier: Apache-2.0
// What runs of an agent and stands in no journal is ended with it.
#include <QTest>

#include "agent/install/supervised_processes.h"
#include "agent/reconcile/reasons.h"
#include "tests/agent/supervise/supervised_machine.h"

namespace ifrit::tests {

using namespace agent::supervise;
using agent::install::SupervisedProcesses;
using agent::platform::ProcessId;
using agent::platform::Signal;
using namespace std::chrono_literals;
using Kinds = std::vector<std::string>;

class StrayStopsTest : public QObject, private SupervisedMachine {
    Q_OBJECT

    /// Leads a session of its own.
    ProcessId addStray() {
        const ProcessId stray = m_machine->addForeign(1h);
        m_machine->latest().session = stray.pid;
        m_machine->strays.push_back(stray);
        return stray;
    }
    ProcessId addMember(const ProcessId& leader) {
        const ProcessId member = m_machine->addForeign(1h);
        m_machine->latest().session = leader.pid;
        return member;
    }
    int sent(const ProcessId& process, Signal signal) const {
        return static_cast<int>(std::count(m_machine->signals.begin(), m_machine->signals.end(),
                                           std::make_pair(process, signal)));
    }
    static absl::Status want() { return base::errnoStatus(EMFILE, "/proc"); }

private Q_SLOTS:
    void init() { makeMachine(); }

    void whereNothingRunsItIsStoppedAtOnce() {
        QVERIFY(m_supervisor->stopStrays(spec()).ok());
        QVERIFY(now().phase == Phase::Stopped);
        QCOMPARE(kinds(), Kinds());
        QVERIFY(m_supervisor->forget("log").ok());
    }

    void itIsAskedAsTheAgentIs() {
        RunSpec asked = spec();
        asked.stopSignal = Signal::Quit;
        const ProcessId stray = addStray();
        QVERIFY(m_supervisor->stopStrays(asked).ok());
        QVERIFY(now().phase == Phase::Stopping);
        advance(1s);
        QCOMPARE(sent(stray, Signal::Quit), 1);
        // One that is stopped would not see it otherwise.
        QCOMPARE(sent(stray, Signal::Continue), 1);
        m_machine->strays.clear();
        m_machine->process(stray).ended = true;
        advance(1s);
        QVERIFY(now().phase == Phase::Stopped);
        QCOMPARE(m_machine->count(Signal::Kill), 0);
        QCOMPARE(kinds(), (Kinds{"stray-stopped", "stopped"}));
        advance(1h);
        QVERIFY(now().phase == Phase::Stopped);
    }

    void afterTheGraceItsSessionIsKilled() {
        m_machine->obedient = false;
        const ProcessId stray = addStray();
        const ProcessId member = addMember(stray);
        QVERIFY(m_supervisor->stopStrays(spec()).ok());
        for (int i = 0; i < 9'999; ++i)
            advance(1ms);
        QCOMPARE(m_machine->count(Signal::Kill), 0);
        QCOMPARE(sent(member, Signal::Terminate), 1);
        QVERIFY(now().phase == Phase::Stopping);
        advance(1ms);
        QCOMPARE(sent(stray, Signal::Kill), 1);
        QCOMPARE(sent(member, Signal::Kill), 1);
        // The long waits were for those that were asked.
        advance(1s);
        QVERIFY(now().phase == Phase::Stopped);
        QCOMPARE(kinds(), (Kinds{"stray-stopped", "stray-stopped", "stray-killed", "stray-killed",
                                 "stopped"}));
    }

    /// Without its leader nothing shows whose it is.
    void aMemberIsKilledAlsoAfterItsLeadersEnd() {
        m_machine->obedient = false;
        const ProcessId stray = addStray();
        const ProcessId member = addMember(stray);
        QVERIFY(m_supervisor->stopStrays(spec()).ok());
        m_machine->strays.clear();
        m_machine->process(stray).ended = true;
        advance(1s);
        QVERIFY(now().phase == Phase::Stopping);
        advance(9s);
        QCOMPARE(sent(member, Signal::Kill), 1);
        advance(1s);
        QVERIFY(now().phase == Phase::Stopped);
    }

    /// Who runs its programs by hand may have started this ifrit-agent there.
    void weDoNotEndOurselves() {
        const ProcessId stray = addStray();
        const ProcessId ourselves = addMember(stray);
        m_machine->own = ourselves.pid;
        QVERIFY(m_supervisor->stopStrays(spec()).ok());
        advance(1s);
        QVERIFY(now().phase == Phase::Stopped);
        QVERIFY(!m_machine->process(ourselves).ended);
        for (const auto& [process, signal] : m_machine->signals)
            QVERIFY(process != ourselves);
    }

    void whatWasSeenBelowItEndsWithIt_data() {
        QTest::addColumn<bool>("hasGroup");
        QTest::addColumn<bool>("crashes");
        QTest::newRow("stopped") << false << false;
        QTest::newRow("crashed") << false << true;
        // It may have been let out of it, as the sessions of those who log in are.
        QTest::newRow("stopped, with a group") << true << false;
    }
    /// It left the session, and carries no marker.
    void whatWasSeenBelowItEndsWithIt() {
        QFETCH(const bool, hasGroup);
        QFETCH(const bool, crashes);
        if (!hasGroup) m_groups.error = absl::UnavailableError("none");
        QVERIFY(m_supervisor->start(spec()).ok());
        const ProcessId root = now().process;
        const ProcessId child = m_machine->addForeign(1h);
        const ProcessId inSession = addMember(root);
        m_machine->process(root).children = {{child, root.pid, {}, {}, 1024, 1},
                                             {inSession, root.pid, {}, {}, 1024, 1}};
        advance(kSampleInterval);
        kinds();
        if (crashes) {
            crash();
        } else {
            QVERIFY(m_supervisor->stop("log").ok());
            step();
        }
        QCOMPARE(m_machine->process(child).ended, !hasGroup);
        QCOMPARE(sent(child, Signal::Kill), hasGroup ? 0 : 1);
        // The signal to the session was for it.
        QCOMPARE(sent(inSession, Signal::Kill), 0);
        advance(1s);
        const Kinds end = kinds();
        QCOMPARE(std::count(end.begin(), end.end(), "stray-killed"), hasGroup ? 0 : 1);
        QVERIFY(now().phase == (crashes ? Phase::Running : Phase::Stopped));
    }

    void whatBeganSinceTheLastLookEndsWithIt_data() {
        QTest::addColumn<QString>("parent");
        QTest::newRow("of one that was seen") << "seen";
        QTest::newRow("of one in the session") << "in session";
        QTest::newRow("of one with the marker") << "marked";
    }
    /// It left the session and carries no marker, and the process itself is gone.
    void whatBeganSinceTheLastLookEndsWithIt() {
        QFETCH(const QString, parent);
        m_groups.error = absl::UnavailableError("none");
        QVERIFY(m_supervisor->start(spec()).ok());
        const ProcessId root = now().process;
        const ProcessId seen = m_machine->addForeign(1h);
        if (parent == QLatin1String("seen"))
            m_machine->process(root).children = {{seen, root.pid, {}, {}, 1024, 1}};
        advance(kSampleInterval);
        if (parent == QLatin1String("in session")) m_machine->process(seen).session = root.pid;
        if (parent == QLatin1String("marked")) m_machine->strays = {seen};
        const ProcessId young = m_machine->addForeign(1s);
        m_machine->process(seen).children = {{young, seen.pid, {}, {}, 1024, 1}};
        crash();
        QCOMPARE(sent(young, Signal::Kill), 1);
    }

    /// Who runs its programs by hand may have started this ifrit-agent there, and that the agents.
    void whatHangsBelowUsIsNotItsFamily() {
        m_groups.error = absl::UnavailableError("none");
        QVERIFY(m_supervisor->start(spec()).ok());
        const ProcessId shell = m_machine->addForeign(1h);
        const ProcessId guard = m_machine->addForeign(1h);
        const ProcessId ourselves = m_machine->addForeign(1h);
        const ProcessId agent = m_machine->addForeign(1h);
        const ProcessId job = m_machine->addForeign(1h);
        m_machine->own = ourselves.pid;
        m_machine->strays = {shell};
        m_machine->process(shell).children = {{guard, shell.pid, {}, {}, 1024, 1},
                                              {ourselves, guard.pid, {}, {}, 1024, 1},
                                              {job, shell.pid, {}, {}, 1024, 1},
                                              {agent, ourselves.pid, {}, {}, 1024, 1}};
        crash();
        QCOMPARE(sent(job, Signal::Kill), 1);
        QCOMPARE(sent(agent, Signal::Kill), 0);
        QCOMPARE(sent(ourselves, Signal::Kill), 0);
        QCOMPARE(sent(guard, Signal::Kill), 0);
    }

    /// What had left the session before there was a group is in none.
    void whatAnAdoptedAgentHadBeforeItsGroupEndsWithIt() {
        agent::journal::RunningProcess former;
        former.process = m_machine->addForeign(1h);
        former.version = {"1", "aa"};
        SupervisedProcesses processes(*m_supervisor);
        QVERIFY(processes.run(spec(), former, [] { return absl::OkStatus(); }).ok());
        QVERIFY(m_groups.holds("log", former.process));
        const ProcessId child = m_machine->addForeign(1h);
        m_machine->process(former.process).children = {
            {child, former.process.pid, {}, {}, 1024, 1}};
        advance(kSampleInterval);
        QVERIFY(m_supervisor->stop("log").ok());
        step();
        QVERIFY(m_machine->process(child).ended);
        QCOMPARE(sent(child, Signal::Kill), 1);
    }

    void whatCannotBeRunCanBeStopped_data() {
        QTest::addColumn<bool>("isRecorded");
        QTest::newRow("no process in the journal") << false;
        QTest::newRow("one that runs") << true;
    }
    /// As when a version is put back whose command comes of a variable that is empty here.
    void whatCannotBeRunCanBeStopped() {
        QFETCH(const bool, isRecorded);
        RunSpec bad = spec();
        bad.command = {""};
        QCOMPARE(base::errorInfo(m_supervisor->start(bad)).reason, std::string("BAD_RUN_SPEC"));
        std::optional<agent::journal::RunningProcess> former;
        if (isRecorded) {
            former.emplace();
            former->process = addStray();
            bad.stopSignal = Signal::Kill;
            bad.stopGrace = 0s;
        }
        SupervisedProcesses processes(*m_supervisor, 0s);
        const absl::Status first = processes.stop(bad, former);
        QCOMPARE(base::errorInfo(first).reason,
                 std::string(isRecorded ? agent::reconcile::kStopFailed : ""));
        advance(1s);
        QVERIFY(processes.stop(bad, former).ok());
        QVERIFY(!m_supervisor->snapshot("log"));
        QVERIFY(m_machine->strays.empty());
        RunSpec nameless = spec();
        nameless.agent.clear();
        QCOMPARE(base::errorInfo(m_supervisor->stopStrays(nameless)).reason,
                 std::string("BAD_RUN_SPEC"));
    }

    /// A person has tried the program by hand, in the agent's environment.
    void theShellThatItRunsInIsLeftAlone() {
        const ProcessId shell = m_machine->addForeign(1h);
        m_machine->latest().session = shell.pid;
        m_machine->strays = {addMember(shell)};
        m_machine->obedient = false;
        QVERIFY(m_supervisor->stopStrays(spec()).ok());
        advance(1min);
        advance(1min);
        QVERIFY(now().phase == Phase::Stopped);
        QVERIFY(!m_machine->process(shell).ended);
        for (const auto& [process, signal] : m_machine->signals)
            QVERIFY(process != shell);
    }

    void whatIsInItsGroupIsKilledWithIt() {
        m_groups.groups["log"].members = {4711};
        QVERIFY(m_supervisor->stopStrays(spec()).ok());
        advance(9'999ms);
        QVERIFY(now().phase == Phase::Stopping);
        QVERIFY(!m_groups.isEmpty("log"));
        advance(1ms);
        QVERIFY(m_groups.isEmpty("log"));
        advance(30s);
        QVERIFY(now().phase == Phase::Stopped);
    }

    void aStopWaitsForWhatItsProcessLeft() {
        QVERIFY(m_supervisor->start(spec()).ok());
        addStray();
        m_machine->straysLinger = true;
        QVERIFY(m_supervisor->stop("log").ok());
        step();
        QVERIFY(!now().running());
        QVERIFY(now().phase == Phase::Stopping);
        QVERIFY(!m_supervisor->waitStopped("log", 0ms));
        QCOMPARE(base::errorInfo(m_supervisor->start(spec())).reason,
                 std::string("ALREADY_SUPERVISED"));
        m_machine->straysLinger = false;
        advance(30s);
        advance(30s);
        QVERIFY(now().phase == Phase::Stopped);
        QCOMPARE(now().lastExit, std::string("killed by signal 15 (SIGTERM)"));
        QCOMPARE(kinds(), (Kinds{"started", "stray-killed", "stopped"}));
    }

    /// Nothing that could be seen is not nothing that is there.
    void whileNobodyCanLookNothingIsStopped() {
        addStray();
        m_machine->lookError = want();
        QVERIFY(m_supervisor->stopStrays(spec()).ok());
        advance(1s);
        QVERIFY(now().phase == Phase::Stopping);
        QVERIFY(base::isExhaustion(now().killed));
        m_machine->lookError = absl::OkStatus();
        advance(1s);
        advance(1s);
        QVERIFY(now().phase == Phase::Stopped);
        QVERIFY(now().killed.ok());
        QVERIFY(m_machine->strays.empty());
    }
    void whoeverWasAskedIsNotForgottenMeanwhile() {
        m_machine->obedient = false;
        const ProcessId stray = addStray();
        const ProcessId member = addMember(stray);
        QVERIFY(m_supervisor->stopStrays(spec()).ok());
        m_machine->lookError = want();
        advance(1s);
        m_machine->lookError = absl::OkStatus();
        m_machine->strays.clear();
        m_machine->process(stray).ended = true;
        advance(1s);
        QVERIFY(now().phase == Phase::Stopping);
        QCOMPARE(sent(member, Signal::Terminate), 1);
        advance(8s);
        QCOMPARE(sent(member, Signal::Kill), 1);
    }
    void whileNobodyCanLookNothingIsStarted() {
        addStray();
        m_machine->lookError = want();
        QVERIFY(m_supervisor->start(spec()).ok());
        QVERIFY(now().phase == Phase::Clearing);
        QCOMPARE(kinds(), Kinds{"start-waits"});
        m_machine->lookError = absl::OkStatus();
        advance(10s);
        advance(10s);
        QVERIFY(now().phase == Phase::Running);
        QCOMPARE(kinds(), (Kinds{"stray-killed", "started"}));
    }

    void whatDoesNotEndIsAFailedStop_data() {
        QTest::addColumn<bool>("isRecorded");
        QTest::newRow("no process in the journal") << false;
        QTest::newRow("one that has ended") << true;
    }
    /// Of an ifrit-agent that was started again: nothing is supervised.
    void whatDoesNotEndIsAFailedStop() {
        QFETCH(const bool, isRecorded);
        std::optional<agent::journal::RunningProcess> former;
        if (isRecorded) {
            former.emplace();
            former->process = m_machine->addForeign(1h);
            m_machine->latest().ended = true;
        }
        const ProcessId stray = addStray();
        m_machine->straysLinger = true;
        RunSpec hasty = spec();
        hasty.stopGrace = 0s;
        SupervisedProcesses processes(*m_supervisor, 0s);
        QCOMPARE(base::errorInfo(processes.stop(hasty, former)).reason,
                 std::string(agent::reconcile::kStopFailed));
        QVERIFY(sent(stray, Signal::Kill) >= 1);
        // And it is gone on with, so that one of the next tries succeeds.
        m_machine->straysLinger = false;
        advance(30s);
        advance(30s);
        QVERIFY(processes.stop(hasty, former).ok());
        QVERIFY(m_machine->strays.empty());
        QVERIFY(!m_supervisor->snapshot("log"));
    }
    void whoCouldNotLookSaysSo() {
        addStray();
        m_machine->lookError = want();
        RunSpec hasty = spec();
        hasty.stopGrace = 0s;
        SupervisedProcesses processes(*m_supervisor, 0s);
        QVERIFY(base::isExhaustion(processes.stop(hasty, std::nullopt)));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::StrayStopsTest;
QTEST_GUILESS_MAIN(StrayStopsTest)
#include "tst_stray_stops.moc"
