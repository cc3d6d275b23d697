// SPDX-License-Identifier: Apache-2.0
// faults.md D8: two instances of ifrit-agent, and a journal that names processes which are not
// ours.
#include <signal.h>

#include <QTest>
#include <functional>

#include "agent/journal/journal.h"
#include "agent/platform/platform.h"
#include "agent/reconcile/step_positions.h"
#include "tests/agent/support/wait_until.h"
#include "tests/fault/fault_machine.h"
#include "tests/support/fault_row.h"

namespace ifrit::tests {

namespace fs = std::filesystem;

namespace {

constexpr int kLocked = 75;

}  // namespace

class TwoInstancesTest : public QObject {
    Q_OBJECT

    FaultDirectory m_directory;
    PackageFactory m_packages{m_directory.path() / "packages", MISBEHAVING_AGENT};
    WireMaster m_master{m_packages.directory()};
    TestPackage m_one;
    TestPackage m_two;
    std::unique_ptr<FaultMachine> m_machine;
    int m_held = 0;
    int m_tried = 0;

    void write(const std::function<void(agent::journal::AgentRecord&)>& change) const {
        const auto opened = agent::journal::Journal::open(m_machine->layout().journal());
        const absl::Status written = opened->journal->updateAgent("exporter", change);
        QVERIFY2(written.ok(), written.ToString().c_str());
    }
    /// What the journal says of the process that was started last.
    void remember(const agent::platform::ProcessId& process) const {
        write([&](agent::journal::AgentRecord& record) { record.process->process = process; });
    }

private Q_SLOTS:
    void initTestCase() {
        m_packages.probeFailures = kPatientProbe;
        m_one = m_packages.make("1", "hang");
        m_two = m_packages.make("2", "hang");
    }
    void init() {
        ++m_tried;
        m_machine = std::make_unique<FaultMachine>(m_directory.path() / std::to_string(m_tried),
                                                   "m1", m_master.port());
        m_packages.trustOn(m_machine->layout().root());
        m_master.enrol("m1", m_machine->layout().root());
        m_master.want("m1", installOf(m_one));
    }
    void cleanup() {
        if (!QTest::currentTestFailed()) {
            ++m_held;
        } else {
            std::fputs(m_machine->logText().c_str(), stderr);
        }
        m_machine.reset();
    }
    void cleanupTestCase() { printFaultRow("D8", "instances and pids", m_held, m_tried, "cases"); }

    void theSecondInstanceGivesWay() {
        const auto first = m_machine->start();
        QVERIFY(waitUntil([&] { return m_machine->isSettled("1"); }));
        const std::vector<pid_t> running = m_machine->managed();
        QCOMPARE(m_machine->start()->wait(), kLocked);
        QVERIFY(m_machine->logText().find("another instance runs") != std::string::npos);
        QVERIFY(!first->poll());
        QVERIFY(m_machine->managed() == running);
        // The lock goes with its holder, however that ends.
        first->signal(SIGKILL);
        first->wait();
        const auto next = m_machine->start();
        const int before = m_master.syncs("m1");
        QVERIFY(waitUntil([&] { return m_master.syncs("m1") > before; }));
        QVERIFY(m_machine->managed() == running);
        QCOMPARE(next->end(), 0);
    }

    void aForeignProcessIsNeverSignalled_data() {
        QTest::addColumn<int>("later");
        QTest::addColumn<QByteArray>("boot");
        QTest::newRow("reused pid") << 100 << QByteArray();
        QTest::newRow("stale after a boot")
            << 0 << QByteArray("00000000-0000-0000-0000-000000000000");
    }
    /// The journal's pid is another program's by now; through a start, an upgrade and an uninstall.
    void aForeignProcessIsNeverSignalled() {
        QFETCH(const int, later);
        QFETCH(const QByteArray, boot);
        auto agent = m_machine->start();
        QVERIFY(waitUntil([&] { return m_machine->isSettled("1"); }));
        QCOMPARE(agent->end(), 0);
        m_machine->killManaged();

        ChildProcess foreign({MISBEHAVING_AGENT, "hang"}, m_machine->logFile());
        const auto platform = agent::platform::makePlatform();
        QVERIFY(platform.ok());
        agent::platform::ProcessId process = *platform->processes->identify(foreign.pid());
        process.startTime -= static_cast<std::uint64_t>(later);
        if (!boot.isEmpty()) process.bootId = boot.toStdString();
        remember(process);

        agent = m_machine->start();
        QVERIFY(waitUntil([&] { return m_machine->isSettled("1"); }));
        QVERIFY(m_machine->inconsistency().empty());
        m_master.want("m1", installOf(m_two));
        agent->end();
        remember(process);
        agent = m_machine->start();
        QVERIFY(waitUntil([&] { return m_machine->isSettled("2"); }));
        m_master.want("m1", purgeOf("exporter"));
        agent->end();
        remember(process);
        agent = m_machine->start();
        QVERIFY(waitUntil([&] { return m_machine->isSettled(""); }));
        QCOMPARE(agent->end(), 0);
        QVERIFY(m_machine->managed().empty());
        QVERIFY(!foreign.poll());
    }

    /// A full disk did not take its start, and ifrit-agent was killed in an uninstall.
    void whatNoJournalNamesIsEndedWithTheRest() {
        auto agent = m_machine->start();
        QVERIFY(waitUntil([&] { return m_machine->isSettled("1"); }));
        agent->signal(SIGKILL);
        agent->wait();
        QCOMPARE(m_machine->managed().size(), std::size_t{1});
        write([](agent::journal::AgentRecord& record) {
            record.process.reset();
            record.step = agent::journal::StepInProgress();
            record.step->operation = agent::journal::Operation::Uninstall;
            record.step->position = std::string(agent::reconcile::kRemoving);
            record.step->purge = true;
        });
        m_master.want("m1", purgeOf("exporter"));
        agent = m_machine->start();
        QVERIFY(waitUntil([&] { return m_machine->isSettled(""); }));
        QVERIFY(m_machine->managed().empty());
        QVERIFY(m_machine->logText().find("stray-stopped") != std::string::npos);
        QCOMPARE(agent->end(), 0);
        QCOMPARE(m_machine->garbage(), std::string());
    }
};

}  // namespace ifrit::tests

using ifrit::tests::TwoInstancesTest;
QTEST_GUILESS_MAIN(TwoInstancesTest)
#include "tst_two_instances.moc"
