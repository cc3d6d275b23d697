// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/wait.h>

#include <QTest>
#include <algorithm>

#include "tests/agent/support/few_descriptors.h"
#include "tests/agent/support/launched_agent.h"

using namespace ifrit;
using namespace ifrit::agent::platform;

class ProcessTableTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_platform = *makePlatform(); }
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void cleanup();
    void otherStartTimeOrBootIsAnotherProcess();
    void stoppedAndZombieAreSeen();
    void familyHoldsDescendants();
    void familyHoldsWhoLostItsParent();
    void familyHoldsWhoIsKnown();
    void sessionMembersOutliveTheLeader();
    void environmentFindsADetachedDaemon();
    void originIsNotChosenByTheProcess();
    void whoIsInAContainerIsElsewhere();
    void withoutDescriptorsItDoesNotSayThatNobodyIsThere();

private:
    std::string output() const { return m_dir->filePath(QStringLiteral("out")).toStdString(); }
    ProcessId launch(const std::string& mode, const std::string& argument = "") {
        LaunchSpec spec;
        spec.command = {tests::misbehavingAgent(), mode, argument};
        spec.environment = {{"IFRIT_TEST", output()}};
        spec.outputFile = output();
        const auto process = m_platform.launcher->launch(spec);
        if (!process.ok()) qFatal("%s", base::messageOf(process.status()).c_str());
        m_launched.push_back(*process);
        return *process;
    }

    absl::StatusOr<std::vector<ProcessUse>> family(const ProcessId& process,
                                                   const std::vector<ProcessId>& known = {}) const {
        const SessionList sessions = m_platform.processes->sessions();
        return m_platform.processes->family(process, known, &sessions);
    }

    Platform m_platform;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::vector<ProcessId> m_launched;
};

void ProcessTableTest::cleanup() {
    const auto all = m_platform.processes->withEnvironment("IFRIT_TEST", output());
    for (const ProcessId& process : *all)
        m_platform.signaller->signal(process, Signal::Kill).IgnoreError();
    for (const ProcessId& process : m_launched)
        ::waitpid(process.pid, nullptr, 0);
    m_launched.clear();
}

void ProcessTableTest::otherStartTimeOrBootIsAnotherProcess() {
    const ProcessId real = launch("hang");
    QVERIFY(m_platform.processes->isAlive(real));
    const auto status = m_platform.processes->status(real);
    QVERIFY(status.ok());
    QCOMPARE(status->parentPid, m_platform.processes->ownPid());
    QCOMPARE(m_platform.processes->ownPid(), ::getpid());
    QCOMPARE(status->sessionId, real.pid);
    QVERIFY(status->age < std::chrono::minutes(1));
    QVERIFY(!real.bootId.empty());
    ProcessId reused = real;
    reused.startTime -= 1;
    QVERIFY(!m_platform.processes->isAlive(reused));
    QCOMPARE(base::errorInfo(family(reused).status()).reason, std::string("PROCESS_GONE"));
    ProcessId earlierBoot = real;
    earlierBoot.bootId = "00000000-0000-0000-0000-000000000000";
    QVERIFY(!m_platform.processes->isAlive(earlierBoot));
    QCOMPARE(base::errorInfo(family(earlierBoot).status()).reason, std::string("PROCESS_GONE"));
    QVERIFY(m_platform.processes->sessionMembers(earlierBoot).empty());
}

void ProcessTableTest::stoppedAndZombieAreSeen() {
    const ProcessId process = launch("hang");
    const auto stateIs = [&](ProcessState state) {
        return [this, process, state] {
            const auto status = m_platform.processes->status(process);
            return status.ok() && status->state == state;
        };
    };
    QVERIFY(tests::waitUntil(stateIs(ProcessState::Running)));
    ::kill(process.pid, SIGSTOP);
    QVERIFY(tests::waitUntil(stateIs(ProcessState::Stopped)));
    QVERIFY(m_platform.processes->isAlive(process));
    ::kill(process.pid, SIGKILL);
    QVERIFY(tests::waitUntil(stateIs(ProcessState::Zombie)));
    QVERIFY(!m_platform.processes->isAlive(process));
}

void ProcessTableTest::familyHoldsDescendants() {
    const ProcessId process = launch("worker");
    const int worker = std::stoi("0" + tests::awaitWord(output(), "worker"));
    const auto found = family(process);
    QVERIFY(found.ok());
    QCOMPARE(found->size(), std::size_t{2});
    QVERIFY(found->at(0).id == process);
    QCOMPARE(found->at(1).id.pid, worker);
    QCOMPARE(found->at(1).parentPid, process.pid);
    const ProcessId big = launch("allocate", "40");
    QVERIFY(tests::waitUntil([&] {
        const auto used = family(big);
        return used.ok() && used->at(0).rssBytes > 40ULL * 1024 * 1024;
    }));
    const ProcessId busy = launch("spin");
    QVERIFY(tests::waitUntil([&] {
        const auto used = family(busy);
        return used.ok() && used->at(0).cpuTime > std::chrono::milliseconds(50);
    }));
}

void ProcessTableTest::familyHoldsWhoLostItsParent() {
    const ProcessId process = launch("orphan");
    const int child = std::stoi("0" + tests::awaitWord(output(), "orphan"));
    const int grandchild = std::stoi("0" + tests::awaitWord(output(), "its-child"));
    QVERIFY(!tests::awaitWord(output(), "reaped").empty());
    const auto found = family(process);
    QVERIFY(found.ok());
    QCOMPARE(found->size(), std::size_t{3});
    QVERIFY(found->at(0).id == process);
    QCOMPARE(found->at(1).id.pid, child);  // before its own child
    QVERIFY(found->at(1).parentPid != process.pid);
    QCOMPARE(m_platform.processes->family(process, {}, nullptr)->size(), std::size_t{1});
    QCOMPARE(found->at(2).id.pid, grandchild);
}

void ProcessTableTest::familyHoldsWhoIsKnown() {
    const ProcessId process = launch("double-fork");
    const int pid = std::stoi("0" + tests::awaitWord(output(), "daemon"));
    const auto daemon = m_platform.processes->identify(pid);
    QVERIFY(daemon.ok());
    const auto holdsIt = [&](const std::vector<ProcessId>& known) {
        const auto found = family(process, known);
        return found.ok() && std::count_if(found->begin(), found->end(),
                                           [&](const auto& use) { return use.id == *daemon; }) == 1;
    };
    QVERIFY(holdsIt({*daemon, *daemon, process}));
    ProcessId reused = *daemon;
    reused.startTime -= 1;
    QVERIFY(tests::waitUntil([&] { return !holdsIt({reused}); }));  // once its parent is gone
}

void ProcessTableTest::sessionMembersOutliveTheLeader() {
    const ProcessId leader = launch("worker");
    const int worker = std::stoi("0" + tests::awaitWord(output(), "worker"));
    QVERIFY(worker > 0);
    QCOMPARE(m_platform.processes->sessionMembers(leader).size(), std::size_t{2});
    ::kill(leader.pid, SIGKILL);
    ::waitpid(leader.pid, nullptr, 0);
    const auto left = m_platform.processes->sessionMembers(leader);
    QCOMPARE(left.size(), std::size_t{1});
    QCOMPARE(left[0].pid, worker);
    // Had the leader begun later than the worker, the session would be somebody else's.
    ProcessId later = leader;
    later.startTime = left[0].startTime + 1;
    QVERIFY(m_platform.processes->sessionMembers(later).empty());
}

void ProcessTableTest::environmentFindsADetachedDaemon() {
    launch("double-fork");
    const int daemon = std::stoi("0" + tests::awaitWord(output(), "daemon"));
    const auto found = *m_platform.processes->withEnvironment("IFRIT_TEST", output());
    QVERIFY(std::any_of(found.begin(), found.end(),
                        [&](const ProcessId& process) { return process.pid == daemon; }));
    QVERIFY(m_platform.processes->withEnvironment("IFRIT_TEST", output() + "x")->empty());
    QVERIFY(m_platform.processes->withEnvironment("FRIT_TEST", output())->empty());
}

void ProcessTableTest::originIsNotChosenByTheProcess() {
    const ProcessId process = launch("hang");
    const auto origin = m_platform.processes->origin(process, "IFRIT_TEST");
    QVERIFY(origin.ok());
    QCOMPARE(origin->user, std::optional<std::uint32_t>(::getuid()));
    QVERIFY(!origin->seesOtherProcesses);
    QVERIFY(!origin->seesOtherFiles);
    QCOMPARE(origin->variable, std::optional<std::string>(output()));
    QVERIFY(!m_platform.processes->origin(process, "IFRIT_TES")->variable);
    ProcessId later = process;
    ++later.startTime;
    QVERIFY(absl::IsNotFound(m_platform.processes->origin(later, "IFRIT_TEST").status()));
}

void ProcessTableTest::whoIsInAContainerIsElsewhere() {
    LaunchSpec spec;
    spec.command = {"/usr/bin/unshare",        "--pid", "--mount", "--fork",
                    tests::misbehavingAgent(), "hang"};
    // Only root needs no namespace of users for one of pids.
    if (::geteuid() != 0) spec.command.insert(spec.command.begin() + 1, "--map-root-user");
    spec.environment = {{"IFRIT_TEST", output()}};
    spec.outputFile = output();
    const auto outside = m_platform.launcher->launch(spec);
    QVERIFY(outside.ok());
    m_launched.push_back(*outside);
    std::vector<ProcessId> all;
    QTRY_COMPARE((all = *m_platform.processes->withEnvironment("IFRIT_TEST", output())).size(),
                 std::size_t{2});
    for (const ProcessId& one : all) {
        const auto origin = m_platform.processes->origin(one, "IFRIT_TEST");
        QVERIFY(origin.ok());
        QCOMPARE(origin->seesOtherProcesses, one != *outside);
        QVERIFY(origin->seesOtherFiles);
    }
}

void ProcessTableTest::withoutDescriptorsItDoesNotSayThatNobodyIsThere() {
    launch("hang");
    QCOMPARE(tests::awaitWord(output(), "ready"), std::string("ready"));
    for (const int left : {0, 1}) {
        const tests::FewDescriptors few(left);
        const auto found = m_platform.processes->withEnvironment("IFRIT_TEST", output());
        QCOMPARE(base::isExhaustion(found.status()), left == 0);
        QCOMPARE(found.ok() && found->size() == 1, left == 1);
    }
}

QTEST_GUILESS_MAIN(ProcessTableTest)
#include "tst_process_table.moc"
