// SPDX-License-Identifier: Apache-2.0
// A machine that gets another address while its agents run with the one before.
#include <QTest>

#include "agent/reconcile/plan.h"
#include "tests/agent/app/installing_machine.h"

namespace ifrit::tests {

namespace reconcile = agent::reconcile;
using reconcile::ActionKind;

class MovedAddressTest : public QObject, private InstallingMachine {
    Q_OBJECT

    TestPackage m_package;

    agent::supervise::Supervisor& supervisor() { return m_machine->machine->supervisor; }
    reconcile::AgentFacts facts() { return m_machine->facts.gather().at(0); }
    std::vector<reconcile::Action> actions() {
        return reconcile::planAgent(facts(), m_machine->clock.now()).actions;
    }

private Q_SLOTS:
    void init() {
        makeMachine();
        m_package = m_packages->make("1", "hang", "index = 1\n");
        m_machine->unpack(m_package);
        const agent::journal::InstalledVersion version{"1", m_package.digest};
        m_machine->setRecord([&](agent::journal::AgentRecord& record) {
            record.current = version;
            record.releaseId = "R";
        });
        agent::supervise::RunSpec spec;
        spec.agent = "exporter";
        spec.version = "1";
        spec.digest = m_package.digest;
        spec.command = {MISBEHAVING_AGENT, "hang"};
        spec.output.path = m_machine->machine->layout.log("exporter");
        spec.address = "10.0.0.7";
        QVERIFY(supervisor().start(spec).ok());
    }
    void cleanup() {
        supervisor().stop("exporter").IgnoreError();
        QVERIFY(waitUntil([&] {
            supervisor().step(std::chrono::milliseconds(10));
            const auto now = supervisor().snapshot("exporter");
            return !now || now->phase == agent::supervise::Phase::Stopped;
        }));
    }

    void itsAgentsAreStartedAgainWithTheNewOne() {
        // What it was started with is known also to an ifrit-agent that adopts it.
        const auto process = m_machine->record().process;
        QVERIFY(process);
        QCOMPARE(process->address, std::string("10.0.0.7"));
        m_machine->address = "10.0.0.8";
        const auto planned = actions();
        QCOMPARE(planned.size(), std::size_t{1});
        QVERIFY(planned[0].kind == ActionKind::Restart);
        const auto outcome = m_machine->executor.execute(planned[0], facts());
        QVERIFY2(outcome.status.ok(), base::messageOf(outcome.status).c_str());
        QCOMPARE(m_machine->processes.notes, (std::vector<std::string>{"stop 1", "run 1"}));
        const auto told = m_machine->machine->journal->state().events.back().event;
        QCOMPARE(told.kind, std::string("restarted"));
        QCOMPARE(told.message,
                 std::string("this machine's address is 10.0.0.8 now, and was 10.0.0.7"));
    }

    void theSameAddressRestartsNobody() {
        m_machine->address = "10.0.0.7";
        QVERIFY(actions().empty());
    }

    /// The network is not up: what began with the last address says so, and runs.
    void noAddressRestartsNobody() {
        QVERIFY(actions().empty());
        QCOMPARE(facts().addressUsed, std::string("10.0.0.7"));
        QCOMPARE(facts().addressNow, std::string());
    }

    /// The disk took no word of the start with the new one.
    void whatTheJournalSaysOfAnotherProcessDoesNotCount() {
        m_machine->setRecord([](agent::journal::AgentRecord& record) {
            record.process->address = "10.0.0.6";
            ++record.process->process.pid;
        });
        m_machine->address = "10.0.0.7";
        QVERIFY(actions().empty());
    }

    /// Adopted, its next start would have the new one, and it has the old one still.
    void whatWasAdoptedCountsByWhatItWasStartedWith() {
        m_machine->setRecord(
            [](agent::journal::AgentRecord& record) { record.process->address = "10.0.0.6"; });
        m_machine->address = "10.0.0.7";
        QVERIFY(actions().at(0).kind == ActionKind::Restart);
        m_machine->setRecord(
            [](agent::journal::AgentRecord& record) { record.process->address.clear(); });
        m_machine->address = "10.0.0.8";
        QVERIFY(actions().empty());
    }
};

}  // namespace ifrit::tests

using ifrit::tests::MovedAddressTest;
QTEST_GUILESS_MAIN(MovedAddressTest)
#include "tst_moved_address.moc"
