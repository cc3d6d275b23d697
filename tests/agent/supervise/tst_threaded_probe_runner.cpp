// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <atomic>
#include <memory>

#include "agent/supervise/threaded_probe_runner.h"
#include "tests/agent/support/wait_until.h"

using namespace ifrit;
using namespace ifrit::agent;
using namespace ifrit::agent::supervise;

namespace {

// Commands that end when the test says so, and that count how many run at once.
class GatedCommands final : public platform::CommandRunner {
public:
    absl::StatusOr<platform::CommandResult> run(const platform::LaunchSpec&,
                                                std::chrono::milliseconds) override {
        const int now = ++m_running;
        int most = m_most;
        while (now > most && !m_most.compare_exchange_weak(most, now)) {
        }
        const absl::MutexLock lock(&m_mutex);
        while (!m_open)
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
    int running() const { return m_running; }
    int most() const { return m_most; }

private:
    absl::Mutex m_mutex;
    absl::CondVar m_opened;
    bool m_open = false;
    std::atomic<int> m_running{0};
    std::atomic<int> m_most{0};
};

ProbeRequest request() {
    ProbeRequest made;
    made.probe.kind = domain::Probe::Kind::Exec;
    made.probe.command = {"/bin/true"};
    return made;
}

}  // namespace

class ThreadedProbeRunnerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void atMostSoManyAtOnce();
    void destructionAnswersEveryProbeOnce();
    void tooManyWaitingAreRefused();
};

void ThreadedProbeRunnerTest::atMostSoManyAtOnce() {
    GatedCommands commands;
    ThreadedProbeRunner runner(commands, 3);
    std::atomic<int> good{0};
    for (int i = 0; i < 20; ++i)
        runner.run(request(), [&](const ProbeResult& result) { good += result.ok; });
    QVERIFY(tests::waitUntil([&] { return commands.running() == 3; }));
    QCOMPARE(good.load(), 0);
    commands.open();
    QVERIFY(tests::waitUntil([&] { return good == 20; }));
    QCOMPARE(commands.most(), 3);
}

void ThreadedProbeRunnerTest::destructionAnswersEveryProbeOnce() {
    GatedCommands commands;
    std::atomic<int> answered{0};
    std::atomic<int> good{0};
    auto runner = std::make_unique<ThreadedProbeRunner>(commands, 2);
    for (int i = 0; i < 10; ++i) {
        runner->run(request(), [&](const ProbeResult& result) {
            ++answered;
            good += result.ok;
        });
    }
    QVERIFY(tests::waitUntil([&] { return commands.running() == 2; }));
    commands.open();
    runner.reset();
    QCOMPARE(answered.load(), 10);
    QVERIFY(good >= 2);
}

void ThreadedProbeRunnerTest::tooManyWaitingAreRefused() {
    GatedCommands commands;
    ThreadedProbeRunner runner(commands, 1);
    std::atomic<int> answered{0};
    const auto count = [&](const ProbeResult&) { ++answered; };
    runner.run(request(), count);
    QVERIFY(tests::waitUntil([&] { return commands.running() == 1; }));
    for (std::size_t i = 0; i < ThreadedProbeRunner::kMaxWaiting; ++i)
        runner.run(request(), count);
    QCOMPARE(answered.load(), 0);
    ProbeResult refused{true, ""};
    runner.run(request(), [&](ProbeResult result) { refused = std::move(result); });
    QVERIFY(!refused.ok);
    commands.open();
}

QTEST_GUILESS_MAIN(ThreadedProbeRunnerTest)
#include "tst_threaded_probe_runner.moc"
