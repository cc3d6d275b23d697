// SPDX-License-Identifier: Apache-2.0
// faults.md E5 and E6: managed agents of the real ifrit-agent that crash again and again, are
// stopped, fall silent or end as a zombie.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <QTest>
#include <algorithm>
#include <fstream>

#include "agent/platform/linux/proc_stat.h"
#include "agent/platform/posix/small_file.h"
#include "tests/fault/fault_scene.h"
#include "tests/support/fault_row.h"

namespace ifrit::tests {

namespace fs = std::filesystem;
using domain::MachineState;

namespace {

constexpr char kWatchedAgent[] = "exporter";
constexpr char kWatchedMachine[] = "m1";
constexpr char kQuickLooks[] = "[limits]\nsample_interval_ms = 200\n";

}  // namespace

class LivenessFaultsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<FaultScene> m_scene;
    std::unique_ptr<FaultMachine> m_machine;
    std::unique_ptr<ChildProcess> m_agent;
    int m_tried = 0;
    int m_held = 0;

    /// Installed, healthy and reported as that.
    void begin(const std::string& behaviour) {
        const TestPackage package = m_scene->packages.make("1", behaviour);
        m_machine = m_scene->machine(kWatchedMachine, kQuickLooks);
        m_scene->master.want(kWatchedMachine, installOf(package));
        m_agent = m_machine->start();
        QVERIFY(waitUntil([&] { return m_machine->isSettled("1"); }));
        QVERIFY(waitUntil([&] { return report().state == MachineState::Healthy; }));
    }
    domain::AgentReport report() const {
        return m_scene->master.report(kWatchedMachine, kWatchedAgent);
    }
    std::string happened(const std::string& kind, const std::string& words = "") const {
        return m_scene->master.event(kWatchedMachine, kind, words).message;
    }
    bool runsAnew(const agent::journal::RunningProcess& before) const {
        return m_machine->isSettled("1") && m_machine->record().process != before;
    }
    /// Another process than `before` is healthy, and nobody had to ask for it.
    void isPutRight(const agent::journal::RunningProcess& before) {
        QVERIFY(waitUntil([&] { return runsAnew(before); }));
        QVERIFY(waitUntil([&] {
            return report().state == MachineState::Healthy &&
                   report().pid == m_machine->record().process->process.pid;
        }));
        QCOMPARE(m_agent->end(), 0);
        QVERIFY(m_machine->inconsistency().empty());
    }

private Q_SLOTS:
    void initTestCase() {
        // Orphans come to us, and are not reaped: as below a first process that does not do it.
        ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    }
    void init() {
        m_scene = std::make_unique<FaultScene>();
        m_scene->packages.probeFailures = kPatientProbe;
    }
    void cleanup() {
        if (QTest::currentTestFailed() && m_machine)
            std::fputs(m_machine->logText().c_str(), stderr);
        m_agent.reset();
        m_machine.reset();
        m_scene.reset();
    }
    void cleanupTestCase() {
        printFaultRow("E6", "zombie, stopped, silent", m_held, m_tried, "verdicts and restarts");
    }

    void aCrashLoopIsFlaggedAndNeverHealthy() {
        const fs::path trigger = m_scene->directory.path() / "crash-now";
        begin("crash-if " + trigger.string());
        std::ofstream(trigger).put('1');
        QVERIFY(waitUntil([&] { return report().crashLooping; }));
        const auto events = m_scene->master.events(kWatchedMachine);
        const auto flagged = std::find_if(events.begin(), events.end(), [](const auto& event) {
            return event.kind == "crash-loop";
        });
        QVERIFY(flagged != events.end());
        QCOMPARE(std::count_if(events.begin(), flagged,
                               [](const auto& event) { return event.kind == "crashed"; }),
                 3);
        QVERIFY(report().state == MachineState::Degraded);
        // The cause goes away and it runs: it has yet to prove itself.
        fs::remove(trigger);
        QVERIFY(waitUntil([&] {
            return report().pid != 0 && m_machine->isSettled("1") &&
                   report().pid == m_machine->record().process->process.pid;
        }));
        QVERIFY(!m_agent->poll());
        const auto reports = m_scene->master.reports(kWatchedMachine);
        const auto first = std::find_if(reports.begin(), reports.end(),
                                        [](const auto& one) { return one.crashLooping; });
        const int held = int(std::count_if(first, reports.end(), [](const auto& one) {
            return one.state == MachineState::Degraded && one.crashLooping;
        }));
        const int all = int(reports.end() - first);
        printFaultRow("E5", "crash loop: degraded after the third crash", held, all, "reports");
        QCOMPARE(held, all);
        QCOMPARE(m_agent->end(), 0);
    }

    /// A release that watches the machine halts when something is degraded that was well.
    void aRestartOfIfritAgentIsNoFailureOfWhatRuns() {
        begin("hang");
        const auto before = *m_machine->record().process;
        for (const int signal : {SIGKILL, SIGTERM}) {
            m_agent->signal(signal);
            m_agent->wait();
            const std::size_t told = m_scene->master.reports(kWatchedMachine).size();
            m_agent = m_machine->start();
            QVERIFY(
                waitUntil([&] { return m_scene->master.reports(kWatchedMachine).size() > told; }));
            QVERIFY(waitUntil([&] { return report().state == MachineState::Healthy; }));
            const auto reports = m_scene->master.reports(kWatchedMachine);
            QVERIFY(
                std::none_of(reports.begin() + std::ptrdiff_t(told), reports.end(),
                             [](const auto& one) { return one.state == MachineState::Degraded; }));
            QCOMPARE(report().pid, before.process.pid);
        }
        QCOMPARE(m_agent->end(), 0);
    }

    void aStoppedProcessIsRestarted() {
        ++m_tried;
        begin("hang");
        const auto before = *m_machine->record().process;
        ::kill(before.process.pid, SIGSTOP);
        QVERIFY(waitUntil([&] { return !happened("unhealthy", "stopped (SIGSTOP)").empty(); }));
        isPutRight(before);
        ++m_held;
    }

    void aSilentProcessIsRestarted() {
        ++m_tried;
        m_scene->packages.probe = "exec = [\"${root}/bin/app\", \"ask\", \"${data_dir}/port\"]";
        m_scene->packages.probeTimeout = "2s";
        m_scene->packages.probeFailures = 3;
        begin("answer ${data_dir}/port");
        const auto before = *m_machine->record().process;
        ::kill(before.process.pid, SIGUSR1);
        QVERIFY(waitUntil([&] { return !happened("unhealthy", "gave no answer").empty(); }));
        isPutRight(before);
        ++m_held;
    }

    void aRemovedDataDirectoryIsMadeAnew() {
        m_scene->packages.probe = "exec = [\"${root}/bin/app\", \"ask\", \"${data_dir}/port\"]";
        begin("answer ${data_dir}/port");
        const auto before = *m_machine->record().process;
        fs::remove_all(m_machine->layout().data(kWatchedAgent));
        ::kill(before.process.pid, SIGKILL);
        isPutRight(before);
        QVERIFY(fs::is_directory(m_machine->layout().data(kWatchedAgent)));
    }

    void aZombieIsNoProcess() {
        ++m_tried;
        begin("hang");
        const auto before = *m_machine->record().process;
        m_agent->signal(SIGKILL);  // its agent is ours now
        m_agent->wait();
        m_agent = m_machine->start();
        QVERIFY(waitUntil(
            [&] { return m_machine->logText().find("adopted process") != std::string::npos; }));
        ::kill(before.process.pid, SIGKILL);
        QVERIFY(waitUntil([&] { return runsAnew(before); }));
        const auto stat =
            agent::platform::readSmallFile("/proc/" + std::to_string(before.process.pid) + "/stat");
        QVERIFY(stat && agent::platform::parseProcStat(*stat)->state == 'Z');
        isPutRight(before);
        QCOMPARE(::waitpid(before.process.pid, nullptr, 0), before.process.pid);
        ++m_held;
    }
};

}  // namespace ifrit::tests

using ifrit::tests::LivenessFaultsTest;
QTEST_GUILESS_MAIN(LivenessFaultsTest)
#include "tst_liveness_faults.moc"
