// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>

#include "agent/guard/trial_watch.h"
#include "agent/platform/posix/posix_directories.h"
#include "tests/agent/support/fake_machine.h"
#include "tests/agent/support/manual_clock.h"

using namespace ifrit;
using namespace ifrit::agent;
using guard::Slots;
using guard::Trial;
using guard::TrialVerdict;
using guard::TrialWatch;
using std::chrono::seconds;

class TrialWatchTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void passesAfterItsProbation();
    void aNewGuardGivesNoMoreTime();
    void aNewGuardKnowsHowOftenItEnded();
    void whatEndedWithTheGuardCounts();
    void theVersionBeforeIsNotCounted();
    void whatAnEarlierProcessProvedIsNothing();
    void aRestartBeginsTheProbationAnew();
    void runawaysAreSeenWithinAWindow();
    void notesOfAnotherTrialAreNotRead();

private:
    std::unique_ptr<TrialWatch> watch() {
        return std::make_unique<TrialWatch>(m_clock, *m_machine, *m_slots,
                                            root() + "/ifrit/trial-watch");
    }
    std::string root() const { return m_dir->path().toStdString(); }
    platform::ProcessId start(TrialWatch& watch) {
        const platform::ProcessId process = m_machine->addForeign(seconds(0));
        if (!watch.starting(process).ok()) qFatal("no notes");
        return process;
    }
    void prove(const platform::ProcessId& process, bool synced = true) {
        const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
            m_clock.steadyNow().time_since_epoch());
        QVERIFY(m_slots->prove({m_trial.id, process.pid, now, synced}).ok());
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<tests::FakeMachine> m_machine;
    tests::ManualClock m_clock;
    platform::PosixDirectories m_directories;
    std::unique_ptr<Slots> m_slots;
    Trial m_trial{"b", "", "digest-of-b", "2", seconds(60)};
};

void TrialWatchTest::init() {
    m_dir = std::make_unique<QTemporaryDir>();
    m_machine = std::make_unique<tests::FakeMachine>();
    QVERIFY(m_directories.create(root() + "/ifrit", 0755).ok());
    m_slots = std::make_unique<Slots>(root(), m_directories);
    m_trial.cpuPercent = 0;
    QVERIFY(m_slots->beginTrial(m_trial).ok());
}

void TrialWatchTest::passesAfterItsProbation() {
    const auto guard = watch();
    QVERIFY(guard->look());
    QVERIFY(!guard->look());  // not new any more
    const auto process = start(*guard);
    prove(process);
    m_clock.advance(seconds(59));
    QVERIFY(guard->judge().kind == TrialVerdict::Kind::Undecided);
    m_clock.advance(seconds(1));
    prove(process);
    QVERIFY(guard->judge().kind == TrialVerdict::Kind::Passed);
}

void TrialWatchTest::aNewGuardGivesNoMoreTime() {
    auto guard = watch();
    guard->look();
    const auto process = start(*guard);
    prove(process, false);
    m_clock.advance(seconds(50));
    guard = watch();
    QVERIFY(guard->look());
    prove(process, false);
    m_clock.advance(seconds(10));
    QCOMPARE(guard->judge().reason, std::string("MASTER_NOT_REACHED"));
}

void TrialWatchTest::aNewGuardKnowsHowOftenItEnded() {
    auto guard = watch();
    guard->look();
    for (int i = 0; i < 2; ++i) {
        const auto process = start(*guard);
        m_machine->end(process, {platform::ExitStatus::Kind::Exited, 3});
        guard->ended("exited with code 3");
    }
    guard = watch();
    guard->look();
    QVERIFY(guard->judge().kind == TrialVerdict::Kind::Undecided);
    guard->couldNotStart("no such program");
    QCOMPARE(guard->judge().reason, std::string("EXITED_AT_START"));
}

void TrialWatchTest::whatEndedWithTheGuardCounts() {
    auto guard = watch();
    guard->look();
    for (int i = 0; i < 3; ++i) {
        m_machine->end(start(*guard), {platform::ExitStatus::Kind::Killed, 9});
        guard = watch();
        guard->look();
    }
    QCOMPARE(guard->judge().reason, std::string("EXITED_AT_START"));
}

void TrialWatchTest::theVersionBeforeIsNotCounted() {
    const auto guard = watch();
    guard->look();
    for (int i = 0; i < 5; ++i)
        guard->ended("exited with code 80");
    QVERIFY(guard->judge().kind == TrialVerdict::Kind::Undecided);
}

void TrialWatchTest::whatAnEarlierProcessProvedIsNothing() {
    const auto guard = watch();
    guard->look();
    prove(start(*guard));
    start(*guard);
    m_clock.advance(seconds(60));
    QCOMPARE(guard->judge().reason, std::string("HUNG"));
}

void TrialWatchTest::aRestartBeginsTheProbationAnew() {
    const auto guard = watch();
    guard->look();
    start(*guard);
    m_clock.advance(seconds(50));
    guard->ended("killed by signal 9");
    const auto process = start(*guard);
    m_clock.advance(seconds(50));
    QVERIFY(guard->judge().kind == TrialVerdict::Kind::Undecided);
    m_clock.advance(seconds(10));
    prove(process);
    QVERIFY(guard->judge().kind == TrialVerdict::Kind::Passed);
}

void TrialWatchTest::runawaysAreSeenWithinAWindow() {
    m_trial.cpuPercent = 40;
    QVERIFY(m_slots->beginTrial(m_trial).ok());
    const auto guard = watch();
    guard->look();
    const auto process = start(*guard);
    prove(process);
    guard->judge();
    m_clock.advance(seconds(9));
    m_machine->process(process).cpuTime = seconds(9);
    QVERIFY(guard->judge().kind == TrialVerdict::Kind::Undecided);
    m_clock.advance(seconds(1));
    m_machine->process(process).cpuTime = seconds(10);
    const TrialVerdict verdict = guard->judge();
    QCOMPARE(verdict.reason, std::string("LIMIT_EXCEEDED"));
    QVERIFY2(verdict.message.find("100 %") != std::string::npos, verdict.message.c_str());
}

void TrialWatchTest::notesOfAnotherTrialAreNotRead() {
    auto guard = watch();
    guard->look();
    for (int i = 0; i < 3; ++i)
        guard->couldNotStart("no");
    QVERIFY(m_slots->putBack(m_trial, {m_trial.id, "2", "X", "x", {}}).ok());
    m_trial.id = "digest-of-c";
    QVERIFY(m_slots->beginTrial(m_trial).ok());
    guard = watch();
    QVERIFY(guard->look());
    QVERIFY(guard->judge().kind == TrialVerdict::Kind::Undecided);
}

QTEST_GUILESS_MAIN(TrialWatchTest)
#include "tst_trial_watch.moc"
