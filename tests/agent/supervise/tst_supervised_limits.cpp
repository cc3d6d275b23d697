// SPDX-License-Identifier: Apache-2.0
// Limits of a managed agent, watched and held by the system.
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

class SupervisedLimitsTest : public QObject, private tests::SupervisedMachine {
    Q_OBJECT
private Q_SLOTS:
    void init() { makeMachine(); }
    void aProcessBeginsWithinItsGroup();
    void whatTheSystemHoldsIsNotWatched();
    void theSystemsKillIsALimit();
    void theSystemsThrottleIsTold();
    void whatStaysInTheGroupIsKilledBeforeAStart();
    void anAdoptedProcessIsMovedAndItsMemoryWatched();
    void withoutAGroupLimitsAreWatched();
    void anEmptyGroupSaysNothingOfAnAgent();
    void memoryOverTheLimitIsKilled();
};

void SupervisedLimitsTest::aProcessBeginsWithinItsGroup() {
    RunSpec asked = spec();
    asked.limits = {1000, 50, 7, 0};
    QVERIFY(m_supervisor->start(asked).ok());
    const auto& group = m_groups.groups["log"];
    QCOMPARE(group.limits.memoryBytes, std::uint64_t{1000});
    QCOMPARE(group.limits.cpuPercent, 50u);
    QCOMPARE(group.limits.tasks, 7u);
    QVERIFY(group.members == std::set<std::int32_t>{now().process.pid});
    QVERIFY(m_supervisor->stop("log").ok());
    step();
    advance(std::chrono::milliseconds(100));  // what was in its group needs a moment to die
    QVERIFY(now().phase == Phase::Stopped);
    QVERIFY(m_groups.groups.empty());
}

void SupervisedLimitsTest::whatTheSystemHoldsIsNotWatched() {
    m_groups.holdsAll = {true, true, true};
    RunSpec asked = spec();
    asked.limits = {1000, 50, 7, 0};
    QVERIFY(m_supervisor->start(asked).ok());
    for (int i = 1; i < 5; ++i) {
        m_machine->latest().usage = {i * 100s, 5000, 70};
        advance(10s);
    }
    QVERIFY(now().phase == Phase::Running);
    QCOMPARE(m_machine->launches(), std::size_t{1});
}

void SupervisedLimitsTest::theSystemsKillIsALimit() {
    m_groups.holdsAll.memory = true;
    RunSpec asked = spec();
    asked.limits.memoryBytes = 3 * 1024 * 1024;
    QVERIFY(m_supervisor->start(asked).ok());
    kinds();
    m_groups.groups["log"].usage.memoryKills = 1;
    m_machine->end(now().process, {ExitStatus::Kind::Killed, 9});
    step();
    // The beginning is what the probation knows a limit by.
    QCOMPARE(now().lastExit,
             std::string("killed, because it came over its memory limit of 3.0 MiB: "
                         "killed by signal 9 (SIGKILL)"));
    const auto told = kinds();
    QVERIFY(std::count(told.begin(), told.end(), "killed") == 1);
    // That kill is of the past: the next end is judged by itself.
    advance(2s);
    crash();
    QCOMPARE(now().lastExit, std::string("exited with code 1"));
}

void SupervisedLimitsTest::theSystemsThrottleIsTold() {
    m_groups.holdsAll.cpu = true;
    RunSpec asked = spec();
    asked.limits.cpuPercent = 50;
    QVERIFY(m_supervisor->start(asked).ok());
    const auto throttledTold = [&] {
        const auto told = kinds();
        return std::count(told.begin(), told.end(), "throttled");
    };
    advance(10s);
    QCOMPARE(throttledTold(), 0);
    for (const int looks : {0, 1, 0, 0}) {  // within two looks, and once
        m_groups.groups["log"].usage.throttled += 4s;
        advance(10s);
        QCOMPARE(throttledTold(), looks);
    }
    advance(10s);  // calm, and then again
    for (const int looks : {0, 1}) {
        m_groups.groups["log"].usage.throttled += 4s;
        advance(10s);
        QCOMPARE(throttledTold(), looks);
    }
    // What a probation is judged by; the first look has nothing to compare with.
    QVERIFY(now().heldBack == (HeldBack{7, 6, false}));
    m_groups.groups["log"].usage.tasksRefused = 1;
    advance(10s);
    advance(10s);
    QVERIFY(now().heldBack == (HeldBack{9, 6, true}));
    crash();
    QVERIFY(now().heldBack == HeldBack());
    advance(10s);
    QVERIFY(now().phase == Phase::Running);
    QVERIFY(now().heldBack == HeldBack());
}

void SupervisedLimitsTest::whatStaysInTheGroupIsKilledBeforeAStart() {
    m_groups.groups["log"].members = {4711};  // without a marker, and in a session of its own
    QVERIFY(m_supervisor->start(spec()).ok());
    QCOMPARE(m_machine->launches(), std::size_t{0});
    QVERIFY(now().phase == Phase::Clearing);
    QVERIFY(m_groups.groups["log"].members.empty());
    advance(100ms);
    QCOMPARE(m_machine->launches(), std::size_t{1});
}

void SupervisedLimitsTest::anAdoptedProcessIsMovedAndItsMemoryWatched() {
    m_groups.holdsAll = {true, true, true};
    const ProcessId process = m_machine->addForeign(100s);
    RunSpec asked = spec();
    asked.limits = {1000, 50, 0, 0};
    QVERIFY(m_supervisor->adopt(asked, process).ok());
    QVERIFY(m_groups.groups["log"].members.count(process.pid) == 1);
    m_machine->latest().usage = {0s, 5000, 1};
    step();
    // What it took outside of the group, the system does not count.
    QCOMPARE(m_machine->count(Signal::Kill), 1);
}

void SupervisedLimitsTest::withoutAGroupLimitsAreWatched() {
    m_groups.holdsAll = {true, true, true};
    m_groups.error = absl::InternalError("no room");
    RunSpec asked = spec();
    asked.limits.memoryBytes = 1000;
    QVERIFY(m_supervisor->start(asked).ok());
    const auto told = kinds();
    QVERIFY(std::count(told.begin(), told.end(), "limits-watched") == 1);
    m_machine->latest().usage = {0s, 5000, 1};
    step();
    QCOMPARE(m_machine->count(Signal::Kill), 1);
}

/// It was made, and the process could not be put into it: its CPU time stays 0.
void SupervisedLimitsTest::anEmptyGroupSaysNothingOfAnAgent() {
    m_groups.addError = absl::InternalError("no room");
    RunSpec asked = spec();
    asked.limits.cpuPercent = 50;
    QVERIFY(m_supervisor->start(asked).ok());
    for (int i = 1; i < 5 && m_machine->count(Signal::Kill) == 0; ++i) {
        m_machine->latest().usage = {i * 100s, 1000, 1};
        advance(10s);
    }
    QCOMPARE(m_machine->count(Signal::Kill), 1);
}

void SupervisedLimitsTest::memoryOverTheLimitIsKilled() {
    RunSpec asked = spec();
    asked.limits.memoryBytes = 1024 * 1024;
    QVERIFY(m_supervisor->start(asked).ok());
    advance(2s);
    m_machine->latest().usage.rssBytes = 2 * 1024 * 1024;
    advance(10s);
    QCOMPARE(m_machine->count(Signal::Kill), 1);
    QCOMPARE(m_machine->count(Signal::Terminate), 0);
    QVERIFY(now().phase == Phase::Stopping);
    QVERIFY(now().healthMessage.rfind("killed, because it uses 2.0 MiB", 0) == 0);
    step();
    QVERIFY2(
        now().lastExit.find("it uses 2.0 MiB of memory, its limit is 1.0 MiB") != std::string::npos,
        now().lastExit.c_str());
    QCOMPARE(now().restarts, 1U);
    QVERIFY(now().lastEnd == agent::supervise::RunEnd::OverLimit);
    const auto events = kinds();
    QCOMPARE(std::count(events.begin(), events.end(), "killed"), 1);
    QCOMPARE(std::count(events.begin(), events.end(), "crashed"), 0);
}

QTEST_GUILESS_MAIN(SupervisedLimitsTest)
#include "tst_supervised_limits.moc"
