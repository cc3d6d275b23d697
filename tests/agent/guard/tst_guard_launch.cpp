// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>

#include "agent/guard/guard.h"
#include "agent/platform/linux/posix_directories.h"
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
};

void GuardLaunchTest::anAgentThatCannotBeWatchedIsEnded() {
    const QTemporaryDir directory;
    tests::FakeMachine machine;
    tests::ManualClock clock;
    platform::PosixDirectories directories;
    guard::GuardRequests requests;
    ExhaustedWatcher exits(machine, 2, [&] { requests.stop = true; });
    exits.beforeWait = [&](std::chrono::milliseconds timeout) {
        clock.advance(timeout);
        if (machine.count(platform::Signal::Terminate) > 0)
            machine.end(machine.latest().id, {platform::ExitStatus::Kind::Killed, 15});
    };
    guard::GuardOptions options;
    options.root = directory.path().toStdString();
    options.agent = "/opt/ifrit-agent";
    QVERIFY(directories.create(options.root + "/ifrit", 0755).ok());
    QStringList log;
    guard::GuardParts parts{clock,
                            [] { return 0.5; },
                            machine,
                            machine,
                            machine,
                            exits,
                            directories,
                            base::ServiceNotifier(""),
                            std::nullopt,
                            {},
                            [&](const std::string& line) { log << QString::fromStdString(line); }};
    guard::Guard(options, std::move(parts), requests).run();
    QCOMPARE(machine.launches(), std::size_t{3});
    // Whoever could not be watched was ended before the next was started; the third was stopped.
    QCOMPARE(machine.count(platform::Signal::Kill), 2);
    QCOMPARE(machine.count(platform::Signal::Terminate), 1);
    QCOMPARE(log.filter(QStringLiteral("pidfd_open")).size(), 2);
}

QTEST_GUILESS_MAIN(GuardLaunchTest)
#include "tst_guard_launch.moc"
