// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

#include "agent/supervise/threaded_probe_runner.h"
#include "tests/agent/support/manual_clock.h"
#include "tests/agent/support/wait_until.h"
#include "tests/support/fault_row.h"

using namespace ifrit;
using namespace ifrit::agent;
using namespace ifrit::agent::supervise;
using namespace std::chrono_literals;

namespace {

// Commands that end when the test says so: those whose program is named in `hang` not before
// release(), the others not before open().
class GatedCommands final : public platform::CommandRunner {
public:
    absl::StatusOr<platform::CommandResult> run(const platform::LaunchSpec& spec,
                                                std::chrono::milliseconds,
                                                std::stop_token) override {
        const absl::MutexLock lock(&m_mutex);
        m_most = std::max(m_most, ++m_running);
        const bool hangs = spec.command.at(0) == "/hang";
        while (hangs ? !m_released : !m_open)
            m_opened.Wait(&m_mutex);
        --m_running;
        platform::CommandResult result;
        result.status = {platform::ExitStatus::Kind::Exited, 0};
        return result;
    }
    void open() {
        const absl::MutexLock lock(&m_mutex);
        m_open = true;
        m_opened.SignalAll();
    }
    void release() {
        const absl::MutexLock lock(&m_mutex);
        m_released = true;
        m_opened.SignalAll();
    }
    /// The hanging ones hang again, until its end.
    class Hold {
    public:
        explicit Hold(GatedCommands& commands) : m_commands(commands) {
            const absl::MutexLock lock(&m_commands.m_mutex);
            m_commands.m_released = false;
        }
        ~Hold() { m_commands.release(); }

    private:
        GatedCommands& m_commands;
    };
    int running() const {
        const absl::MutexLock lock(&m_mutex);
        return m_running;
    }
    int most() const {
        const absl::MutexLock lock(&m_mutex);
        return m_most;
    }

private:
    mutable absl::Mutex m_mutex;
    absl::CondVar m_opened;
    bool m_open = false;
    bool m_released = false;
    int m_running = 0;
    int m_most = 0;
};

ProbeRequest request(int agent, const std::string& program = "/bin/true") {
    ProbeRequest made;
    made.agent = "agent-" + std::to_string(agent);
    made.probe.kind = domain::Probe::Kind::Exec;
    made.probe.command = {program};
    return made;
}

constexpr ThreadedProbeRunner::Threads kThreads{2, 8};

}  // namespace

class ThreadedProbeRunnerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void hangingAgentsDelayNoOther();
    void theLastThreadIsNotForThoseThatHang();
    void threadsGoWhenNothingHangs();
    void beginIsToldBeforeTheResult();
    void destructionAnswersEveryProbeOnce();
    void tooManyWaitingAreRefused();

private:
    const base::SystemClock m_clock{};
};

void ThreadedProbeRunnerTest::hangingAgentsDelayNoOther() {
    GatedCommands commands;
    commands.open();
    std::atomic<int> hung{0};
    std::atomic<int> good{0};
    ThreadedProbeRunner runner(commands, m_clock, kThreads);
    for (int i = 0; i < 5; ++i)
        runner.run(request(i, "/hang"), [&](const ProbeResult&) { ++hung; });
    for (int i = 5; i < 25; ++i)
        runner.run(request(i), [&](const ProbeResult& result) { good += result.ok; });
    (void)tests::waitUntil([&] { return good == 20 && commands.running() == 5; });
    tests::printFaultRow("E6", "beside 5 agents whose probes hang", hung == 0 ? good.load() : 0, 20,
                         "probes of others answered meanwhile");
    QCOMPARE(good.load(), 20);
    QCOMPARE(commands.running(), 5);
    QCOMPARE(hung.load(), 0);
    commands.release();
    QVERIFY(tests::waitUntil([&] { return hung == 5; }));
}

void ThreadedProbeRunnerTest::theLastThreadIsNotForThoseThatHang() {
    tests::ManualClock clock;
    GatedCommands commands;
    commands.open();
    ThreadedProbeRunner runner(commands, clock, {2, 3});
    std::atomic<int> hung{0};
    std::atomic<int> good{0};
    const auto hang = [&](int running) {
        for (int i = 0; i < 3; ++i)
            runner.run(request(i, "/hang"), [&](const ProbeResult&) { ++hung; });
        return tests::waitUntil([&] {
            clock.advance(20ms);
            return commands.running() == running;
        });
    };
    QVERIFY(hang(3));  // nobody knew of them
    clock.advance(1s);
    commands.release();
    QVERIFY(tests::waitUntil([&] { return hung == 3 && commands.running() == 0; }));

    const GatedCommands::Hold hold(commands);
    QVERIFY(hang(2));
    for (int round = 1; round < 10; ++round) {
        runner.run(request(9), [&](const ProbeResult& result) { good += result.ok; });
        QVERIFY(tests::waitUntil([&] { return good == round; }));
    }
    QCOMPARE(commands.running(), 2);
    QCOMPARE(hung.load(), 3);
}

void ThreadedProbeRunnerTest::threadsGoWhenNothingHangs() {
    GatedCommands commands;
    commands.open();
    std::atomic<int> hung{0};
    ThreadedProbeRunner runner(commands, m_clock, kThreads);
    QCOMPARE(runner.threads(), std::size_t{2});
    for (int i = 0; i < 6; ++i)
        runner.run(request(i, "/hang"), [&](const ProbeResult&) { ++hung; });
    QVERIFY(tests::waitUntil([&] { return commands.running() == 6; }));
    QVERIFY(runner.threads() > 6);
    commands.release();
    QVERIFY(tests::waitUntil([&] { return hung == 6 && runner.threads() == 2; }));
    QCOMPARE(commands.most(), 6);
}

void ThreadedProbeRunnerTest::beginIsToldBeforeTheResult() {
    GatedCommands commands;
    ThreadedProbeRunner runner(commands, m_clock);
    std::atomic<int> begun{0};
    std::atomic<int> ended{0};
    ProbeRequest asked = request(1);
    asked.begun = [&] { ++begun; };
    runner.run(asked, [&](const ProbeResult&) { ended += begun; });
    QVERIFY(tests::waitUntil([&] { return commands.running() == 1; }));
    QCOMPARE(begun.load(), 1);
    QCOMPARE(ended.load(), 0);
    commands.open();
    QVERIFY(tests::waitUntil([&] { return ended == 1; }));
}

void ThreadedProbeRunnerTest::destructionAnswersEveryProbeOnce() {
    GatedCommands commands;
    std::atomic<int> answered{0};
    std::atomic<int> good{0};
    std::atomic<int> notAsked{0};
    auto runner = std::make_unique<ThreadedProbeRunner>(commands, m_clock, kThreads);
    for (int i = 0; i < 20; ++i) {
        runner->run(request(i), [&](const ProbeResult& result) {
            ++answered;
            good += result.ok;
            notAsked += !result.asked;
        });
    }
    QVERIFY(tests::waitUntil([&] { return commands.running() == 8; }));
    std::thread ends([&] { runner.reset(); });
    QVERIFY(tests::waitUntil([&] { return notAsked == 12; }));
    commands.open();
    ends.join();
    QCOMPARE(answered.load(), 20);
    QCOMPARE(good.load(), 8);
}

void ThreadedProbeRunnerTest::tooManyWaitingAreRefused() {
    GatedCommands commands;
    ThreadedProbeRunner runner(commands, m_clock, {2, 2});
    const auto ignore = [](const ProbeResult&) {};
    for (int i = 0; i < 2; ++i)
        runner.run(request(i), ignore);
    QVERIFY(tests::waitUntil([&] { return commands.running() == 2; }));
    for (std::size_t i = 0; i < ProbeQueue::kMostWaiting; ++i)
        runner.run(request(static_cast<int>(i) + 2), ignore);
    ProbeResult refused{true, ""};
    runner.run(request(-1), [&](ProbeResult result) { refused = std::move(result); });
    QVERIFY(!refused.ok && !refused.asked);
    commands.open();
}

QTEST_GUILESS_MAIN(ThreadedProbeRunnerTest)
#include "tst_threaded_probe_runner.moc"
