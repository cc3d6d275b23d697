// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/wait.h>

#include <QTest>
#include <algorithm>

#include "agent/platform/no_resource_groups.h"
#include "agent/supervise/journal_process_record.h"
#include "agent/supervise/supervisor_thread.h"
#include "agent/supervise/threaded_account_finder.h"
#include "agent/supervise/threaded_probe_runner.h"
#include "tests/agent/support/launched_agent.h"

using namespace ifrit;
using namespace ifrit::agent;
using namespace ifrit::agent::supervise;
using platform::ProcessId;
using namespace std::chrono_literals;

namespace {

/// One life of ifrit-agent, as far as supervision goes: everything real, on one state directory.
struct Life {
    explicit Life(const std::string& root) : parts(*platform::makePlatform()) {
        journal = std::move(journal::Journal::open(root + "/journal")->journal);
        record = std::make_unique<JournalProcessRecord>(*journal, clock);
        probes = std::make_unique<ThreadedProbeRunner>(*parts.commands, clock);
        SupervisorOptions options;
        options.restart = {{20ms, 100ms, 1ms}, 3, 60s, 60s};
        options.sampleInterval = 50ms;
        options.instance = root;
        supervisor = std::make_unique<Supervisor>(
            SupervisorParts{clock, base::systemUniformRandom(), *parts.launcher, *parts.processes,
                            *parts.signaller, *parts.exits, *parts.users, *probes, *record, groups,
                            accounts},
            options);
        thread = std::make_unique<SupervisorThread>(*supervisor, *parts.exits, clock);
    }

    base::SystemClock clock;
    platform::NoResourceGroups groups;
    platform::Platform parts;
    std::unique_ptr<journal::Journal> journal;
    std::unique_ptr<JournalProcessRecord> record;
    std::unique_ptr<ThreadedProbeRunner> probes;
    ThreadedAccountFinder accounts{*parts.users};
    std::unique_ptr<Supervisor> supervisor;
    std::unique_ptr<SupervisorThread> thread;
};

}  // namespace

class SupervisedProcessesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void killedAgentIsRestarted();
    void agentOutlivesUsAndIsAdopted();
    void lostJournalLeavesNoSecondCopy();
    void reusedPidOfTheJournalIsLeftAlone();
    void stopKillsTheWholeGroupAfterTheGrace();
    void stopFindsADetachedDaemon();
    void stopEndsWhatIsBelowIt();
    void crashLoopKeepsItsLastWords();
    void stoppedAgentIsNoticedAndRestarted();
    void memoryLimit();
    void cpuLimit();
    void httpProbeDecides_data();
    void httpProbeDecides();

private:
    std::string root() const { return m_dir->path().toStdString(); }
    std::string output() const { return root() + "/agent.log"; }
    RunSpec spec(std::vector<std::string> arguments) const {
        RunSpec made;
        made.agent = "log";
        made.version = "1";
        made.digest = "aa";
        made.command = {tests::misbehavingAgent()};
        made.command.insert(made.command.end(), arguments.begin(), arguments.end());
        made.environment = {{"SUPERVISE_TEST", root()}};
        made.stopGrace = 200ms;
        made.output.path = output();
        return made;
    }
    AgentSnapshot now() const {
        return m_life->supervisor->snapshot("log").value_or(AgentSnapshot());
    }
    template <typename Condition>
    bool awaits(const Condition& condition) const {
        return tests::waitUntil([&] { return condition(now()); });
    }
    bool alive(const ProcessId& process) const { return m_life->parts.processes->isAlive(process); }
    bool dies(const ProcessId& process) const {
        return tests::waitUntil([&] { return !alive(process); });
    }
    bool reported(const std::string& kind) {
        return tests::waitUntil([&] {
            for (auto& one : m_life->supervisor->takeEvents().events)
                m_events.push_back(one.kind);
            return std::find(m_events.begin(), m_events.end(), kind) != m_events.end();
        });
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<Life> m_life;
    std::vector<std::string> m_events;
};

void SupervisedProcessesTest::init() {
    m_dir = std::make_unique<QTemporaryDir>();
    m_life = std::make_unique<Life>(root());
    m_events.clear();
}

void SupervisedProcessesTest::cleanup() {
    m_life->thread.reset();
    const auto all = m_life->parts.processes->withEnvironment("SUPERVISE_TEST", root());
    for (const auto& left : *all)
        m_life->parts.signaller->signal(left, platform::Signal::Kill).IgnoreError();
    m_life.reset();
    while (::waitpid(-1, nullptr, 0) > 0) {
    }
}

void SupervisedProcessesTest::killedAgentIsRestarted() {
    QVERIFY(m_life->supervisor->start(spec({"hang"})).ok());
    const ProcessId first = now().process;
    QVERIFY(m_life->journal->agent("log").process->process == first);
    QVERIFY(m_life->parts.signaller->signal(first, platform::Signal::Kill).ok());
    QVERIFY(awaits([&](const AgentSnapshot& s) { return s.running() && s.process != first; }));
    QCOMPARE(now().restarts, 1U);
    QVERIFY(m_life->journal->agent("log").process->process == now().process);
    QCOMPARE(m_life->journal->agent("log").process->version.version, std::string("1"));
}

void SupervisedProcessesTest::agentOutlivesUsAndIsAdopted() {
    QVERIFY(m_life->supervisor->start(spec({"hang"})).ok());
    const ProcessId process = now().process;
    QCOMPARE(tests::awaitWord(output(), "ready"), std::string("ready"));
    m_life.reset();
    m_life = std::make_unique<Life>(root());
    QVERIFY(alive(process));
    const auto recorded = m_life->journal->agent("log").process;
    QVERIFY(recorded && recorded->process == process);
    QVERIFY(m_life->supervisor->adopt(spec({"hang"}), recorded->process).ok());
    QVERIFY(awaits([](const AgentSnapshot& s) { return s.phase == Phase::Running; }));
    QVERIFY(m_life->parts.signaller->signal(process, platform::Signal::Kill).ok());
    QVERIFY(awaits([&](const AgentSnapshot& s) { return s.running() && s.process != process; }));
    QVERIFY(m_life->supervisor->stop("log").ok());
    QVERIFY(m_life->supervisor->waitStopped("log", 20s));
    QVERIFY(!m_life->journal->agent("log").process);
}

void SupervisedProcessesTest::lostJournalLeavesNoSecondCopy() {
    QVERIFY(m_life->supervisor->start(spec({"hang"})).ok());
    const ProcessId process = now().process;
    QCOMPARE(tests::awaitWord(output(), "ready"), std::string("ready"));
    m_life.reset();
    QVERIFY(QFile::remove(QString::fromStdString(root() + "/journal")));
    m_life = std::make_unique<Life>(root());
    QVERIFY(m_life->supervisor->start(spec({"hang"})).ok());
    QVERIFY(awaits([&](const AgentSnapshot& s) { return s.running() && s.process != process; }));
    QVERIFY(!alive(process));
}

void SupervisedProcessesTest::reusedPidOfTheJournalIsLeftAlone() {
    platform::LaunchSpec foreign;
    foreign.command = {tests::misbehavingAgent(), "hang"};
    foreign.environment = {{"SUPERVISE_TEST", root()}};
    foreign.outputFile = root() + "/foreign.log";
    const auto stranger = m_life->parts.launcher->launch(foreign);
    QVERIFY(stranger.ok());
    ProcessId recorded = *stranger;
    recorded.startTime -= 1;  // ours had this pid earlier in this boot
    QCOMPARE(base::errorInfo(m_life->supervisor->adopt(spec({"hang"}), recorded)).reason,
             std::string("PROCESS_GONE"));
    QVERIFY(m_life->supervisor->start(spec({"hang"})).ok());
    QVERIFY(m_life->supervisor->stop("log").ok());
    QVERIFY(m_life->supervisor->waitStopped("log", 20s));
    QVERIFY(alive(*stranger));
}

void SupervisedProcessesTest::stopKillsTheWholeGroupAfterTheGrace() {
    QVERIFY(m_life->supervisor->start(spec({"worker"})).ok());
    const auto worker =
        m_life->parts.processes->identify(std::stoi("0" + tests::awaitWord(output(), "worker")));
    QVERIFY(worker.ok());
    const ProcessId leader = now().process;
    QVERIFY(m_life->supervisor->stop("log").ok());
    QVERIFY(m_life->supervisor->waitStopped("log", 20s));
    QVERIFY(!alive(leader));
    QVERIFY(dies(*worker));

    QVERIFY(m_life->supervisor->start(spec({"ignore-term"})).ok());
    const ProcessId stubborn = now().process;
    QCOMPARE(tests::awaitWord(output(), "ready"), std::string("ready"));
    const auto begin = std::chrono::steady_clock::now();
    QVERIFY(m_life->supervisor->stop("log").ok());
    QVERIFY(m_life->supervisor->waitStopped("log", 20s));
    QVERIFY(std::chrono::steady_clock::now() - begin >= 190ms);
    QVERIFY(!alive(stubborn));
    QVERIFY(now().lastExit.find("SIGKILL") != std::string::npos);
}

void SupervisedProcessesTest::stopFindsADetachedDaemon() {
    QVERIFY(m_life->supervisor->start(spec({"double-fork"})).ok());
    const auto daemon =
        m_life->parts.processes->identify(std::stoi("0" + tests::awaitWord(output(), "daemon")));
    QVERIFY(daemon.ok());
    QVERIFY(m_life->supervisor->stop("log").ok());
    QVERIFY(m_life->supervisor->waitStopped("log", 20s));
    QVERIFY(dies(*daemon));
}

/// Nothing that it carries tells whose it is, and this machine has no control groups.
void SupervisedProcessesTest::stopEndsWhatIsBelowIt() {
    QVERIFY(m_life->supervisor->start(spec({"unmarked"})).ok());
    const auto child =
        m_life->parts.processes->identify(std::stoi("0" + tests::awaitWord(output(), "unmarked")));
    QVERIFY(child.ok());
    QCOMPARE(tests::awaitWord(output(), "ready"), std::string("ready"));
    QVERIFY(m_life->supervisor->stop("log").ok());
    QVERIFY(m_life->supervisor->waitStopped("log", 20s));
    QVERIFY(!alive(*child));
}

void SupervisedProcessesTest::crashLoopKeepsItsLastWords() {
    QVERIFY(m_life->supervisor->start(spec({"say", "no configuration", "3"})).ok());
    QVERIFY(awaits([](const AgentSnapshot& s) { return s.crashLooping; }));
    QVERIFY(now().restarts >= 3);
    QVERIFY(now().health == Health::Unhealthy || now().health == Health::Unknown);
    QVERIFY(reported("crash-loop"));
    QVERIFY(awaits([](const AgentSnapshot& s) {
        return s.lastExit == "exited with code 3; its last output: no configuration";
    }));
    QVERIFY(std::find(m_events.begin(), m_events.end(), "healthy") == m_events.end());
}

void SupervisedProcessesTest::stoppedAgentIsNoticedAndRestarted() {
    QVERIFY(m_life->supervisor->start(spec({"hang"})).ok());
    const ProcessId first = now().process;
    QCOMPARE(tests::awaitWord(output(), "ready"), std::string("ready"));
    QCOMPARE(::kill(first.pid, SIGSTOP), 0);
    QVERIFY(reported("unhealthy"));
    QVERIFY(awaits([&](const AgentSnapshot& s) { return s.running() && s.process != first; }));
    QVERIFY(now().lastExit.find("SIGSTOP") != std::string::npos);
}

void SupervisedProcessesTest::memoryLimit() {
    RunSpec hungry = spec({"allocate", "64"});
    hungry.limits.memoryBytes = 32 * 1024 * 1024;
    QVERIFY(m_life->supervisor->start(hungry).ok());
    QVERIFY(reported("killed"));
    QVERIFY(awaits([](const AgentSnapshot& s) {
        return s.lastExit.find("of memory, its limit is 32.0 MiB") != std::string::npos;
    }));
}

void SupervisedProcessesTest::cpuLimit() {
    RunSpec busy = spec({"spin"});
    busy.limits.cpuPercent = 5;
    QVERIFY(m_life->supervisor->start(busy).ok());
    QVERIFY(reported("killed"));
    QVERIFY(awaits([](const AgentSnapshot& s) {
        return s.lastExit.find("of a core, its limit is 5 %") != std::string::npos;
    }));
}

void SupervisedProcessesTest::httpProbeDecides_data() {
    QTest::addColumn<QString>("status");
    QTest::addColumn<bool>("healthy");
    QTest::newRow("answers") << "200" << true;
    QTest::newRow("refuses") << "503" << false;
    QTest::newRow("silent") << "0" << false;
}

void SupervisedProcessesTest::httpProbeDecides() {
    QFETCH(QString, status);
    QFETCH(bool, healthy);
    // Its port is known only once it runs, so the probe is added by an adoption.
    QVERIFY(m_life->supervisor->start(spec({"http", status.toStdString()})).ok());
    const ProcessId process = now().process;
    const std::string port = tests::awaitWord(output(), "port");
    m_life.reset();
    m_life = std::make_unique<Life>(root());
    RunSpec probed = spec({"hang"});
    probed.probe = domain::Probe();
    probed.probe->kind = domain::Probe::Kind::Http;
    probed.probe->url = "http://127.0.0.1:" + port + "/";
    probed.probe->interval = 100ms;
    probed.probe->timeout = healthy ? 5s : 200ms;
    probed.probe->failureThreshold = 2;
    QVERIFY(m_life->supervisor->adopt(probed, process).ok());
    QVERIFY(reported(healthy ? "healthy" : "unhealthy"));
    if (!healthy) QVERIFY(dies(process));
    if (healthy) QVERIFY(alive(process));
}

QTEST_GUILESS_MAIN(SupervisedProcessesTest)
#include "tst_supervised_processes.moc"
