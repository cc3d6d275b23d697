// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>

#include "tests/agent/supervise/supervised_machine.h"

using namespace ifrit;
using namespace ifrit::agent;
using namespace ifrit::agent::supervise;
using platform::ExitStatus;
using platform::ProcessId;
using platform::Signal;
using namespace std::chrono_literals;

namespace {

const ExitStatus kCrash{ExitStatus::Kind::Exited, 1};

}  // namespace

class SupervisorTest : public QObject, private tests::SupervisedMachine {
    Q_OBJECT
private Q_SLOTS:
    void init() { makeMachine(); }
    void startsWithTheSpecAndRecordsFirst();
    void specsThatCannotRunAreRefused();
    void sameAgentTwiceIsRefused();
    void unknownUserCountsAsAFailedStart();
    void crashIsRestartedWithBackOff();
    void aSilentRunHasNotTheLastWordsOfTheOneBefore();
    void crashLoopIsFlaggedAndNeverHealthy();
    void aRefusedProgramIsNamed();
    void failedLaunchIsACrash();
    void unrecordedStartStillRuns();
    void probeMakesHealthyAndUnhealthyRestarts();
    void staleProbeResultIsDropped();
    void resultAfterTheSupervisorsEndIsHarmless();
    void stoppedProcessIsUnhealthyThenRestarted();
    void stopGraceThenKill();
    void stopWhileBackingOff();
    void stopDuringARestartStaysStopped();
    void adoptsAndTellsTheAge();
    void withoutRoomForItsOutputItRunsAllTheSame();
    void aLaunchThatNobodySawIsMadeAgain();
    void adoptingAGoneProcessIsRefused();
    void adoptingAZombieIsRefused();
    void straysAreKilledBeforeTheStart();
    void whileStraysDieTheProgramHasNotEnded();
    void strayThatCannotDieMakesNoStorm();
    void stopWhileStraysDie();
    void destructionSignalsNobody();
    void listenerHearsOfEvents();

private:
    RunSpec probedSpec() const {
        RunSpec made = spec();
        made.probe = domain::Probe();
        made.probe->interval = 10s;
        made.probe->failureThreshold = 2;
        return made;
    }
};

void SupervisorTest::startsWithTheSpecAndRecordsFirst() {
    RunSpec asked = spec();
    asked.user = "metrics";
    asked.limits.openFiles = 64;
    QVERIFY(m_supervisor->start(asked).ok());
    const auto& process = m_machine->latest();
    QVERIFY(process.spec.command == asked.command);
    QCOMPARE(process.spec.environment.at("A"), std::string("b"));
    QCOMPARE(process.spec.environment.at("HOME"), std::string("/home/metrics"));
    QCOMPARE(process.spec.environment.at("IFRIT_SUPERVISED"), std::string("/root:log"));
    QCOMPARE(process.spec.outputFile, asked.output.path);
    QCOMPARE(process.spec.account->userId, 99U);
    QVERIFY(process.spec.limits.openFiles == 64);
    QVERIFY(process.spec.session == platform::LaunchSpec::Session::Own);
    QVERIFY(m_record->running.at("log") == process.id);
    QVERIFY(now().phase == Phase::Running && now().running());
    QVERIFY(now().health == Health::Unknown);
    advance(2s);
    QVERIFY(now().health == Health::Healthy);
    QVERIFY(now().healthySince == m_clock.steadyNow());
    QVERIFY(now().started == m_clock.now() - 2s);
    QCOMPARE(kinds(), (std::vector<std::string>{"started", "healthy"}));
}

void SupervisorTest::specsThatCannotRunAreRefused() {
    RunSpec relative = spec();
    relative.command = {"log"};
    RunSpec empty = spec();
    empty.command.clear();
    RunSpec nameless = spec();
    nameless.agent.clear();
    RunSpec busy = probedSpec();
    busy.probe->interval = 0ms;
    for (const RunSpec& bad : {relative, empty, nameless, busy})
        QCOMPARE(base::errorInfo(m_supervisor->start(bad)).reason, std::string("BAD_RUN_SPEC"));
    QVERIFY(!m_supervisor->snapshot("log"));
}

void SupervisorTest::sameAgentTwiceIsRefused() {
    QVERIFY(m_supervisor->start(spec()).ok());
    QCOMPARE(base::errorInfo(m_supervisor->start(spec())).reason,
             std::string("ALREADY_SUPERVISED"));
    QCOMPARE(base::errorInfo(m_supervisor->forget("log")).reason, std::string("STILL_SUPERVISED"));
    QCOMPARE(base::errorInfo(m_supervisor->stop("other")).reason, std::string("NOT_SUPERVISED"));
    QVERIFY(m_supervisor->stop("log").ok());
    step();
    advance(100ms);  // what was in its group needs a moment to die
    QVERIFY(m_supervisor->start(spec()).ok());
    QCOMPARE(m_machine->launches(), std::size_t{2});
}

void SupervisorTest::unknownUserCountsAsAFailedStart() {
    RunSpec asked = spec();
    asked.user = "nobody-here";
    QVERIFY(m_supervisor->start(asked).ok());
    QVERIFY(now().phase == Phase::BackingOff);
    QVERIFY(now().lastExit.find("nobody-here") != std::string::npos);
}

void SupervisorTest::crashIsRestartedWithBackOff() {
    QVERIFY(m_supervisor->start(spec()).ok());
    const ProcessId first = now().process;
    crash();
    QVERIFY(now().phase == Phase::BackingOff);
    QVERIFY(!now().running() && now().health == Health::Unhealthy);
    QCOMPARE(now().restarts, 1U);
    QCOMPARE(now().lastExit, std::string("exited with code 1"));
    QVERIFY(m_machine->process(first).released);
    QVERIFY(m_record->running.empty());
    QVERIFY(now().nextStart == m_clock.now() + 999ms);
    advance(998ms);
    QCOMPARE(m_machine->launches(), std::size_t{1});
    advance(1ms);
    QCOMPARE(m_machine->launches(), std::size_t{2});
    QVERIFY(now().phase == Phase::Running && !now().nextStart);
    crash();
    QVERIFY(now().nextStart == m_clock.now() + 1999ms);
}

void SupervisorTest::aSilentRunHasNotTheLastWordsOfTheOneBefore() {
    QFile output(QString::fromStdString(spec().output.path));
    QVERIFY(output.open(QIODevice::WriteOnly) && output.write("hello 1.0.0\n") > 0);
    output.close();
    QVERIFY(m_supervisor->start(spec()).ok());
    crash();
    QCOMPARE(now().lastExit, std::string("exited with code 1"));
    QVERIFY(output.open(QIODevice::Append));
    advance(std::chrono::seconds(1));
    QVERIFY(output.write("no configuration\n") > 0);
    output.close();
    crash();
    QCOMPARE(now().lastExit, std::string("exited with code 1; its last output: no configuration"));
}

void SupervisorTest::crashLoopIsFlaggedAndNeverHealthy() {
    QVERIFY(m_supervisor->start(spec()).ok());
    for (int i = 0; i < 3; ++i) {
        QVERIFY(!now().crashLooping);
        crash();
        advance(8s);
    }
    QVERIFY(now().crashLooping);
    QCOMPARE(now().restarts, 3U);
    const auto events = kinds();
    QCOMPARE(std::count(events.begin(), events.end(), "crash-loop"), 1);
    QVERIFY(now().phase == Phase::Running);
    advance(2s);  // settled: from here on it counts as stable
    advance(59'999ms);
    QVERIFY(now().health == Health::Unhealthy);
    QVERIFY(!now().healthySince);
    QCOMPARE(m_machine->count(Signal::Terminate), 0);  // it runs: no reason to end it
    advance(1ms);
    QVERIFY(!now().crashLooping);
    QVERIFY(now().health == Health::Healthy);
}

void SupervisorTest::aRefusedProgramIsNamed() {
    for (const char* reason : {"PROGRAM_CHANGED", "PROGRAM_MISSING"})
        m_machine->launchErrors.push_back(base::failedPrecondition(reason, "", "not so"));
    QVERIFY(m_supervisor->start(spec()).ok());
    QCOMPARE(now().refusedProgram, std::string("PROGRAM_CHANGED"));
    advance(8s);
    // The next start failed for another reason.
    QCOMPARE(now().refusedProgram, std::string());
}

void SupervisorTest::failedLaunchIsACrash() {
    for (int i = 0; i < 3; ++i)
        m_machine->launchErrors.push_back(base::notFound("PROGRAM_MISSING", "", "not there"));
    QVERIFY(m_supervisor->start(spec()).ok());
    QVERIFY(now().phase == Phase::BackingOff);
    advance(8s);
    advance(8s);
    QVERIFY(now().crashLooping);
    QCOMPARE(now().lastExit, std::string("not there"));
    advance(8s);
    QVERIFY(now().phase == Phase::Running);
}

void SupervisorTest::unrecordedStartStillRuns() {
    m_record->result = absl::ResourceExhaustedError("disk full");
    QVERIFY(m_supervisor->start(spec()).ok());
    QVERIFY(now().running());
    QCOMPARE(kinds(), (std::vector<std::string>{"record-failed", "started"}));
    QVERIFY(m_record->running.empty());
    m_record->result = absl::OkStatus();
    advance(10s);
    advance(10s);
    QVERIFY(m_record->running.at("log") == now().process);
}

void SupervisorTest::probeMakesHealthyAndUnhealthyRestarts() {
    QVERIFY(m_supervisor->start(probedSpec()).ok());
    const ProcessId first = now().process;
    step();
    QCOMPARE(m_probes->sent.size(), std::size_t{1});
    QCOMPARE(m_probes->sent[0].first.environment.at("A"), std::string("b"));
    step();
    QCOMPARE(m_probes->sent.size(), std::size_t{1});
    m_probes->answer(true, "HTTP 200");
    step();
    QVERIFY(now().health == Health::Healthy);
    for (int i = 0; i < 2; ++i) {
        QVERIFY(now().health == Health::Healthy);
        advance(10s);
        m_probes->answer(false, "HTTP 503");
        step();
    }
    QVERIFY(now().phase == Phase::Stopping);
    QVERIFY(now().health == Health::Unhealthy);
    QVERIFY(now().lastEnd == RunEnd::Unhealthy);
    step();  // the end is seen
    QVERIFY(now().lastEnd == RunEnd::Unhealthy);
    const auto told = kinds();
    QCOMPARE(std::count(told.begin(), told.end(), "restarted"), 1);
    QCOMPARE(std::count(told.begin(), told.end(), "crashed"), 0);
    QVERIFY(now().lastExit.find("its probe failed 2 times in a row: HTTP 503") !=
            std::string::npos);
    QCOMPARE(now().restarts, 1U);
    advance(1s);
    QVERIFY(now().phase == Phase::Running && now().process != first);
}

void SupervisorTest::staleProbeResultIsDropped() {
    QVERIFY(m_supervisor->start(probedSpec()).ok());
    step();
    crash();
    advance(1s);
    QVERIFY(now().phase == Phase::Running);
    m_probes->answer(true, "of the process before");
    step();
    QVERIFY(now().health == Health::Unknown);
    m_probes->answer(true, "of this one");
    step();
    QVERIFY(now().health == Health::Healthy);
}

void SupervisorTest::resultAfterTheSupervisorsEndIsHarmless() {
    QVERIFY(m_supervisor->start(probedSpec()).ok());
    step();
    m_supervisor.reset();
    m_probes->answer(true, "late");
    QVERIFY(m_probes->sent.empty());
}

void SupervisorTest::stoppedProcessIsUnhealthyThenRestarted() {
    QVERIFY(m_supervisor->start(spec()).ok());
    advance(2s);
    m_machine->latest().state = platform::ProcessState::Stopped;
    advance(10s);
    QVERIFY(now().health == Health::Unhealthy && now().phase == Phase::Running);
    QVERIFY(now().healthMessage.find("SIGSTOP") != std::string::npos);
    advance(10s);
    QVERIFY(now().phase == Phase::Stopping);
    QCOMPARE(m_machine->count(Signal::Terminate), 1);
    advance(0ms);
    advance(1s);
    QVERIFY(now().phase == Phase::Running);
    QCOMPARE(m_machine->launches(), std::size_t{2});
}

void SupervisorTest::stopGraceThenKill() {
    m_machine->obedient = false;
    QVERIFY(m_supervisor->start(spec()).ok());
    const ProcessId process = now().process;
    QVERIFY(m_supervisor->stop("log").ok());
    QVERIFY(m_supervisor->stop("log").ok());
    QCOMPARE(m_machine->count(Signal::Terminate), 1);
    QVERIFY(now().phase == Phase::Stopping);
    advance(9'999ms);
    QCOMPARE(m_machine->count(Signal::Kill), 0);
    QVERIFY(!m_supervisor->waitStopped("log", 0ms));
    advance(1ms);
    QVERIFY(m_machine->process(process).ended);
    step();
    QVERIFY(now().phase == Phase::Stopped);
    QVERIFY(m_supervisor->waitStopped("log", 0ms));
    QVERIFY(m_record->running.empty());
    QCOMPARE(now().restarts, 0U);
    advance(1h);
    QCOMPARE(m_machine->launches(), std::size_t{1});
    QVERIFY(m_supervisor->forget("log").ok());
    QVERIFY(!m_supervisor->snapshot("log"));
    QVERIFY(m_supervisor->forget("log").ok());
}

void SupervisorTest::stopWhileBackingOff() {
    QVERIFY(m_supervisor->start(spec()).ok());
    crash();
    QVERIFY(m_supervisor->stop("log").ok());
    QVERIFY(now().phase == Phase::Stopped);
    advance(1h);
    QCOMPARE(m_machine->launches(), std::size_t{1});
}

void SupervisorTest::stopDuringARestartStaysStopped() {
    m_machine->obedient = false;
    QVERIFY(m_supervisor->start(spec()).ok());
    m_machine->latest().state = platform::ProcessState::Stopped;
    step();
    advance(10s);
    QVERIFY(now().phase == Phase::Stopping);
    QVERIFY(m_supervisor->stop("log").ok());
    m_machine->end(now().process, kCrash);
    step();
    advance(100ms);
    QVERIFY(now().phase == Phase::Stopped);
    advance(1h);
    QCOMPARE(m_machine->launches(), std::size_t{1});
}

void SupervisorTest::adoptsAndTellsTheAge() {
    const ProcessId process = m_machine->addForeign(3h);
    QVERIFY(m_supervisor->adopt(spec(), process).ok());
    step();
    QVERIFY(now().process == process && now().phase == Phase::Running);
    QVERIFY(now().health == Health::Healthy);
    QVERIFY(now().started == m_clock.now() - 3h);
    QVERIFY(m_machine->signals.empty());
    m_machine->end(process, {});
    step();
    QVERIFY(now().phase == Phase::BackingOff);
    QVERIFY(now().lastExit.find("its exit code is not known") != std::string::npos);
    advance(1s);
    QVERIFY(now().running() && now().process != process);
}

void SupervisorTest::withoutRoomForItsOutputItRunsAllTheSame() {
    RunSpec made = spec();
    made.output.path = "/dev/null/log";
    QVERIFY(m_supervisor->start(made).ok());
    step();
    QVERIFY(now().running());
    QCOMPARE(m_machine->latest().spec.outputFile, std::string("/dev/null"));
    QCOMPARE(kinds().at(0), std::string("record-failed"));
}

// The earlier ifrit-agent was killed between recording the process and letting its program begin.
void SupervisorTest::aLaunchThatNobodySawIsMadeAgain() {
    const ProcessId process = m_machine->addForeign(20ms);
    QVERIFY(m_supervisor->adopt(spec(), process).ok());
    m_machine->end(process, {});
    step();
    QVERIFY(now().running() && now().process != process);
    QCOMPARE(now().restarts, 0U);
    m_machine->end(now().process, {});
    step();
    QVERIFY(now().phase == Phase::BackingOff);
    QCOMPARE(now().restarts, 1U);
}

void SupervisorTest::adoptingAGoneProcessIsRefused() {
    const ProcessId process = m_machine->addForeign(3h);
    ProcessId reused = process;
    reused.startTime -= 1;
    QCOMPARE(base::errorInfo(m_supervisor->adopt(spec(), reused)).reason,
             std::string("PROCESS_GONE"));
    QVERIFY(!m_supervisor->snapshot("log"));
    QVERIFY(m_machine->signals.empty());
    QVERIFY(m_supervisor->start(spec()).ok());
}

// Held before its program when its ifrit-agent was killed, and not reaped yet: it never ran.
void SupervisorTest::adoptingAZombieIsRefused() {
    const ProcessId process = m_machine->addForeign(3h);
    m_machine->latest().state = agent::platform::ProcessState::Zombie;
    QCOMPARE(base::errorInfo(m_supervisor->adopt(spec(), process)).reason,
             std::string("PROCESS_GONE"));
    QVERIFY(!m_supervisor->snapshot("log"));
}

void SupervisorTest::straysAreKilledBeforeTheStart() {
    const ProcessId stray{77, 7, "boot"};
    m_machine->strays = {stray};
    QVERIFY(m_supervisor->start(spec()).ok());
    QCOMPARE(m_machine->launches(), std::size_t{0});
    QVERIFY(m_machine->signals.at(0) == std::make_pair(stray, Signal::Kill));
    QCOMPARE(now().restarts, 0U);
    advance(100ms);
    QCOMPARE(m_machine->launches(), std::size_t{1});
    QCOMPARE(kinds(), (std::vector<std::string>{"stray-killed", "started"}));
}

void SupervisorTest::whileStraysDieTheProgramHasNotEnded() {
    m_machine->strays = {{77, 7, "boot"}};
    m_machine->straysLinger = true;
    QVERIFY(m_supervisor->start(spec()).ok());
    for (int i = 0; i < 5; ++i) {
        QVERIFY(now().phase == Phase::Clearing);
        QCOMPARE(now().restarts, 0U);
        QCOMPARE(now().lastExit, std::string());
        QVERIFY(!now().healthMessage.empty());
        advance(1s);
    }
    QCOMPARE(m_machine->launches(), std::size_t{0});
    m_machine->straysLinger = false;
    advance(1min);
    advance(1min);
    QCOMPARE(m_machine->launches(), std::size_t{1});
    QVERIFY(now().phase == Phase::Running);
}

void SupervisorTest::strayThatCannotDieMakesNoStorm() {
    m_machine->strays = {{77, 7, "boot"}};
    m_machine->straysLinger = true;
    QVERIFY(m_supervisor->start(spec()).ok());
    for (const auto wait : {100ms, 200ms, 400ms}) {
        const int before = m_machine->count(Signal::Kill);
        advance(wait - 1ms);
        QCOMPARE(m_machine->count(Signal::Kill), before);
        advance(1ms);
        QCOMPARE(m_machine->count(Signal::Kill), before + 1);
    }
    for (int i = 0; i < 36'000; ++i)
        advance(100ms);
    QVERIFY(m_machine->count(Signal::Kill) <= 4 + 10 + 3600 / 30);
    QCOMPARE(kinds(), (std::vector<std::string>{"stray-killed"}));
    // The next one is told of, and once it is gone the program starts within the longest wait.
    m_machine->strays.push_back({78, 8, "boot"});
    advance(30s);
    QCOMPARE(kinds(), (std::vector<std::string>{"stray-killed"}));
    m_machine->strays.clear();
    advance(30s);
    QCOMPARE(kinds(), (std::vector<std::string>{"started"}));
}

void SupervisorTest::stopWhileStraysDie() {
    m_machine->strays = {{77, 7, "boot"}};
    m_machine->straysLinger = true;
    QVERIFY(m_supervisor->start(spec()).ok());
    QVERIFY(m_supervisor->stop("log").ok());
    QVERIFY(now().phase == Phase::Stopping);
    advance(1h);
    QVERIFY(now().phase == Phase::Stopping);
    m_machine->strays.clear();
    advance(30s);
    QVERIFY(now().phase == Phase::Stopped);
    advance(1h);
    QCOMPARE(m_machine->launches(), std::size_t{0});
}

void SupervisorTest::destructionSignalsNobody() {
    QVERIFY(m_supervisor->start(spec()).ok());
    step();
    m_supervisor.reset();
    QVERIFY(m_machine->signals.empty());
    QVERIFY(!m_machine->latest().ended);
}

void SupervisorTest::listenerHearsOfEvents() {
    int calls = 0;
    m_supervisor->setChangeListener([&] {
        ++calls;
        QVERIFY(m_supervisor->snapshot("log"));  // no lock is held
    });
    QVERIFY(m_supervisor->start(spec()).ok());
    step();
    QCOMPARE(calls, 0);
    crash();
    QCOMPARE(calls, 1);
    step();
    QCOMPARE(calls, 1);
}

QTEST_GUILESS_MAIN(SupervisorTest)
#include "tst_supervisor.moc"
