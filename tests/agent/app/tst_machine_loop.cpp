// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QtTest/QtTest>

#include "agent/reconcile/plan.h"
#include "tests/agent/app/loop_machine.h"

namespace ifrit::tests {

using std::chrono::hours;

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

private Q_SLOTS:
    void init() {
        m_machine.reset();
        m_directory = std::make_unique<QTemporaryDir>();
        const std::string base = m_directory->path().toStdString();
        m_machine = std::make_unique<LoopMachine>(base + "/root", base + "/packages");
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
