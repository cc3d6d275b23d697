// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "agent/guard/guard.h"
#include "agent/guard/guard_record.h"
#include "agent/guard/slots.h"
#include "agent/platform/posix/posix_directories.h"
#include "tests/agent/support/fake_machine.h"
#include "tests/agent/support/manual_clock.h"

using namespace ifrit;
using namespace ifrit::agent;

namespace {

// Has no descriptor left for the first watches, as the real one without free descriptors.
class ExhaustedWatcher final : public platform::ExitWatcher {
public:
    ExhaustedWatcher(tests::FakeMachine& machine, int failures, std::function<void()> whenWatched)
        : m_machine(machine), m_failures(failures), m_whenWatched(std::move(whenWatched)) {}

    absl::Status watch(const platform::ProcessId& process) override {
        if (m_failures-- > 0) return base::errnoStatus(EMFILE, "pidfd_open");
        m_whenWatched();
        return m_machine.watch(process);
    }
    void forget(const platform::ProcessId& process) override { m_machine.forget(process); }
    std::vector<platform::ExitNotice> wait(std::chrono::milliseconds timeout) override {
        beforeWait(timeout);
        return m_machine.wait(timeout);
    }
    void release(const platform::ProcessId& process) override { m_machine.release(process); }
    void wake() override {}

    std::function<void(std::chrono::milliseconds)> beforeWait;

private:
    tests::FakeMachine& m_machine;
    int m_failures;
    std::function<void()> m_whenWatched;
};

}  // namespace

/// Guard over a machine in memory.
class GuardLaunchTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anAgentThatCannotBeWatchedIsEnded();
    void thatIsNoFaultOfAVersionOnTrial();
    void aWantAtTheStartIsNoFaultOfAVersionOnTrial();
    void aWantIsNotTakenForAMissingProgram();
    void whoStillRunsIsAdoptedWhenItCanBeWatched();
    void anEarlyHangupDoesNotEndTheAgent();

private:
    // Until an agent was watched, and then stopped.
    void runGuard(int failures);
    std::string root() const { return m_directory->path().toStdString(); }

    std::unique_ptr<QTemporaryDir> m_directory;
    platform::PosixDirectories m_directories;
    std::unique_ptr<tests::FakeMachine> m_machine;
    QStringList m_log;

private Q_SLOTS:
    void init();
};

void GuardLaunchTest::init() {
    m_directory = std::make_unique<QTemporaryDir>();
    m_machine = std::make_unique<tests::FakeMachine>();
    m_log.clear();
    QVERIFY(m_directories.create(root() + "/ifrit", 0755).ok());
}

void GuardLaunchTest::runGuard(int failures) {
    tests::FakeMachine& machine = *m_machine;
    tests::ManualClock clock;
    guard::GuardRequests requests;
    ExhaustedWatcher exits(machine, failures, [&] { requests.stop = true; });
    exits.beforeWait = [&](std::chrono::milliseconds timeout) {
        clock.advance(timeout);
        if (machine.count(platform::Signal::Terminate) > 0)
            machine.end(machine.latest().id, {platform::ExitStatus::Kind::Killed, 15});
    };
    guard::GuardOptions options;
    options.root = root();
    options.agent = "/opt/ifrit-agent";
    guard::GuardParts parts{
        clock,
        [] { return 0.5; },
        machine,
        machine,
        machine,
        exits,
        m_directories,
        base::ServiceNotifier(""),
        std::nullopt,
        {},
        [this](const std::string& line) { m_log << QString::fromStdString(line); }};
    guard::Guard(options, std::move(parts), requests).run();
}

void GuardLaunchTest::anAgentThatCannotBeWatchedIsEnded() {
    runGuard(2);
    QCOMPARE(m_machine->launches(), std::size_t{3});
    // Whoever could not be watched was ended before the next was started; the third was stopped.
    QCOMPARE(m_machine->count(platform::Signal::Kill), 2);
    QCOMPARE(m_machine->count(platform::Signal::Terminate), 1);
    QCOMPARE(m_log.filter(QStringLiteral("pidfd_open")).size(), 2);
}

void GuardLaunchTest::anEarlyHangupDoesNotEndTheAgent() {
    runGuard(0);
    QCOMPARE(m_machine->launches(), std::size_t{1});
    QVERIFY(m_machine->latest().spec.hangup == platform::LaunchSpec::Hangup::Waits);
}

void GuardLaunchTest::thatIsNoFaultOfAVersionOnTrial() {
    guard::Slots slots(root(), m_directories);
    QVERIFY(slots.fill("a", "ifrit/one").ok());
    const guard::Trial trial{"a", "", "digest", "2", std::chrono::hours(1)};
    QVERIFY(slots.beginTrial(trial).ok());
    // More than the ends that a version is put back for.
    runGuard(6);
    QCOMPARE(m_machine->launches(), std::size_t{7});
    QVERIFY2(slots.trial() == trial, qPrintable(m_log.join(QLatin1Char('\n'))));
    QVERIFY(!slots.lastPutBack());
}

/// faults.md D3: fork and pipe2 fail for what the machine lacks.
void GuardLaunchTest::aWantAtTheStartIsNoFaultOfAVersionOnTrial() {
    guard::Slots slots(root(), m_directories);
    QVERIFY(slots.fill("a", "ifrit/one").ok());
    const guard::Trial trial{"a", "", "digest", "2", std::chrono::hours(1)};
    QVERIFY(slots.beginTrial(trial).ok());
    for (const int error : {EAGAIN, EMFILE, ENFILE, ENOMEM, EAGAIN, EAGAIN})
        m_machine->launchErrors.push_back(base::errnoStatus(error, "fork"));
    runGuard(0);
    QCOMPARE(m_machine->launches(), std::size_t{1});
    QVERIFY2(slots.trial() == trial, qPrintable(m_log.join(QLatin1Char('\n'))));
    QVERIFY(!slots.lastPutBack());
}

/// The installed version waits for room; the program beside guard would run in its place.
void GuardLaunchTest::aWantIsNotTakenForAMissingProgram() {
    guard::Slots slots(root(), m_directories);
    QVERIFY(slots.fill("a", "ifrit/one").ok());
    const guard::Trial trial{"a", "", "digest", "2", std::chrono::hours(1)};
    QVERIFY(slots.beginTrial(trial).ok());
    QVERIFY(slots.confirm(trial).ok());
    m_machine->launchErrors.push_back(base::errnoStatus(EAGAIN, "fork"));
    runGuard(0);
    QCOMPARE(m_machine->launches(), std::size_t{1});
    QCOMPARE(m_machine->latest().spec.command.front(), slots.program("/opt/ifrit-agent"));
    QVERIFY(slots.program("/opt/ifrit-agent") != "/opt/ifrit-agent");
}

/// Another one beside it would end by its lock, and count against a version on trial.
void GuardLaunchTest::whoStillRunsIsAdoptedWhenItCanBeWatched() {
    const platform::ProcessId running = m_machine->addForeign(std::chrono::hours(1));
    QVERIFY(guard::writeStartedAgent(root(), running).ok());
    runGuard(3);
    QCOMPARE(m_machine->launches(), std::size_t{1});
    QVERIFY(m_machine->latest().id == running);
    QCOMPARE(m_machine->count(platform::Signal::Terminate), 1);
    QCOMPARE(m_machine->count(platform::Signal::Kill), 0);
    QCOMPARE(m_log.filter(QStringLiteral("adopted")).size(), 1);
}

QTEST_GUILESS_MAIN(GuardLaunchTest)
#include "tst_guard_launch.moc"
