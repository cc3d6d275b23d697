// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QtTest/QtTest>

#include "agent/reconcile/plan.h"
#include "tests/agent/app/loop_machine.h"

namespace ifrit::tests {

using std::chrono::hours;
using std::chrono::milliseconds;

class MachineLoopTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<LoopMachine> m_machine;

    static domain::DesiredEntry purge() {
        domain::DesiredEntry entry;
        entry.agent = "exporter";
        entry.action = domain::DesiredAction::UninstallPurge;
        entry.releaseId = "R";
        return entry;
    }
    void turn(int times) {
        for (int i = 0; i < times; ++i)
            m_machine->turn();
    }

private Q_SLOTS:
    void init() {
        m_machine.reset();
        m_directory = std::make_unique<QTemporaryDir>();
        const std::string base = m_directory->path().toStdString();
        m_machine = std::make_unique<LoopMachine>(base + "/root", base + "/packages");
    }

    /// EBUSY of a data directory that something is mounted on lasts for as long as that.
    void anUninstallThatFailsIsTriedAgainAfterItsPause() {
        LoopMachine& machine = *m_machine;
        QVERIFY(machine.versions.prepareData("exporter", "").ok());
        machine.directories.removal = base::makeError(absl::StatusCode::kUnavailable, "SYSTEM",
                                                      "data", "Device or resource busy");
        machine.want(purge());
        turn(30);
        QVERIFY(machine.record().step.has_value());
        const int tries = machine.directories.removals;
        QVERIFY2(tries >= 1 && tries <= 2, std::to_string(tries).c_str());
        QCOMPARE(machine.record().attempts->count, 1U);

        machine.clock.advance(milliseconds(2'000));
        turn(5);
        QCOMPARE(machine.record().attempts->count, 2U);

        machine.directories.removal = absl::OkStatus();
        machine.clock.advance(milliseconds(4'000));
        turn(3);
        QVERIFY(machine.record() == agent::journal::AgentRecord());
        QVERIFY(!machine.versions.hasData("exporter"));
    }

    /// The wait itself may be what somebody sets the clock in.
    void aClockThatIsSetBackDoesNotKeepTheMachineFromTryingAgain() {
        LoopMachine& machine = *m_machine;
        QVERIFY(machine.versions.prepareData("exporter", "").ok());
        machine.directories.removal = base::makeError(absl::StatusCode::kUnavailable, "SYSTEM",
                                                      "data", "Device or resource busy");
        machine.want(purge());
        turn(5);
        QCOMPARE(machine.record().attempts->count, 1U);
        machine.clock.setWallClock(-hours(24 * 60));
        turn(5);
        QCOMPARE(machine.record().attempts->count, 1U);
        machine.clock.advance(milliseconds(2'000));
        turn(5);
        QCOMPARE(machine.record().attempts->count, 2U);
    }

    void aPermitEndsAlsoWhenTheClockIsSetBack() {
        LoopMachine& machine = *m_machine;
        QVERIFY(machine.versions.prepareData("exporter", "").ok());
        machine.want(purge());
        const auto asked = machine.execute(agent::reconcile::ActionKind::AskPermit);
        QVERIFY(asked.permit.has_value());
        machine.facts.permitGranted("exporter", *asked.permit);
        const auto next = [&] {
            return agent::reconcile::planAgent(machine.facts.gather().at(0), machine.clock.now())
                .actions.at(0)
                .kind;
        };
        QVERIFY(next() == agent::reconcile::ActionKind::Uninstall);
        machine.clock.advance(std::chrono::seconds(61));
        machine.clock.setWallClock(-hours(1));
        QVERIFY(next() == agent::reconcile::ActionKind::AskPermit);
    }
};

}  // namespace ifrit::tests

using ifrit::tests::MachineLoopTest;
QTEST_GUILESS_MAIN(MachineLoopTest)
#include "tst_machine_loop.moc"
