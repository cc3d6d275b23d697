// SPDX-License-Identifier: Apache-2.0
// Before and after what hooks run.
#include <QTest>

#include "agent/reconcile/reasons.h"
#include "agent/reconcile/step_positions.h"
#include "tests/agent/app/installing_machine.h"

namespace ifrit::tests {

namespace reconcile = agent::reconcile;
using reconcile::ActionKind;

using Notes = std::vector<std::string>;

class HookRunsTest : public QObject, private InstallingMachine {
    Q_OBJECT

    TestPackage make(int version) {
        std::string hooks;
        for (const std::string hook : {"post_install", "pre_start", "post_stop"})
            hooks += "[hooks." + hook + "]\ncommand = [\"bin/app\", \"" + hook + "\"]\n";
        const std::string text = std::to_string(version);
        return m_packages->make(text, "hang", "index = " + text + '\n', hooks);
    }
    void switchTo(const TestPackage& package) {
        m_machine->unpack(package);
        m_machine->want(LoopMachine::entryOf(package, "R" + package.manifest.version));
        m_machine->processes.notes.clear();
        const auto outcome = m_machine->execute(ActionKind::Switch);
        QVERIFY2(outcome.status.ok(), base::messageOf(outcome.status).c_str());
    }
    void install(const TestPackage& package) {
        switchTo(package);
        QVERIFY(m_machine->execute(ActionKind::Commit).status.ok());
    }
    /// Since it was asked last.
    Notes notes() { return std::exchange(m_machine->processes.notes, {}); }
    std::string lastEvent() const {
        const auto& told = m_machine->machine->journal->state().events.back().event;
        return told.kind + ' ' + told.version;
    }

private Q_SLOTS:
    void init() {
        makeMachine();
        m_machine->commands.notes = &m_machine->processes.notes;
    }

    void preStartRunsBeforeEachStart() {
        install(make(1));
        QCOMPARE(notes(), (Notes{"post_install 1", "pre_start 1", "run 1"}));
        // As after a repair, and with another address.
        QVERIFY(m_machine->installer.restartCurrent("exporter").ok());
        QCOMPARE(notes(), (Notes{"stop 1", "post_stop 1", "pre_start 1", "run 1"}));
        // As when the machine was started.
        QVERIFY(m_machine->execute(ActionKind::Start).status.ok());
        QCOMPARE(notes(), (Notes{"pre_start 1", "run 1"}));
        switchTo(make(2));
        QCOMPARE(notes(),
                 (Notes{"stop 1", "post_stop 1", "post_install 2", "pre_start 2", "run 2"}));
        QVERIFY(m_machine->execute(ActionKind::Revert).status.ok());
        QCOMPARE(notes(), (Notes{"stop 2", "post_stop 2", "pre_start 1", "run 1"}));
    }

    void notWhereItRunsAlready() {
        install(make(1));
        m_machine->processes.adopts = true;
        notes();
        QVERIFY(m_machine->execute(ActionKind::Start).status.ok());
        QCOMPARE(notes(), Notes{"run 1"});
    }

    /// There is nothing to go back to.
    void itsFailureKeepsNoProvedVersionDown() {
        install(make(1));
        m_machine->commands.exitCode = 3;
        notes();
        QVERIFY(m_machine->execute(ActionKind::Start).status.ok());
        QCOMPARE(notes(), (Notes{"pre_start 1", "run 1"}));
        QCOMPARE(lastEvent(), std::string("hook-failed 1"));
    }

    /// It has said nothing, and may be what the program needs.
    void whatCouldNotBeRunIsRunAtTheNextStart() {
        install(make(1));
        m_machine->commands.error = base::errnoStatus(EMFILE, "pipe");
        notes();
        QVERIFY(!m_machine->execute(ActionKind::Start).status.ok());
        QCOMPARE(notes(), Notes{"pre_start 1"});
        m_machine->commands.error = absl::OkStatus();
        QVERIFY(m_machine->execute(ActionKind::Start).status.ok());
        QCOMPARE(notes(), (Notes{"pre_start 1", "run 1"}));
    }

    void aSwappedHookConvictsNoVersion() {
        install(make(1));
        const TestPackage second = make(2);
        switchTo(second);
        m_machine->setRecord([](agent::journal::AgentRecord& record) {
            record.step->position = std::string(reconcile::kStarting);
        });
        m_machine->commands.error =
            base::failedPrecondition("PROGRAM_CHANGED", "bin/app", "is not the signed program");
        QVERIFY(!m_machine->execute(ActionKind::Recover).status.ok());
        QVERIFY(m_machine->record().knownBad.empty());
        m_machine->commands.error = absl::OkStatus();
        QVERIFY(m_machine->execute(ActionKind::Recover).status.ok());
        QCOMPARE(m_machine->record().step->position, std::string(reconcile::kWatching));
        QCOMPARE(m_machine->record().current->digest, second.digest);
    }

    /// It stands in the log and on root's terminal.
    void whatAHookSaysCommandsNoTerminal() {
        install(make(1));
        m_machine->commands.exitCode = 3;
        m_machine->commands.output = "\x1b[2J\x1b]0;owned\x07\n[error] exporter: all is lost\n";
        QVERIFY(m_machine->execute(ActionKind::Start).status.ok());
        const auto told = m_machine->machine->journal->state().events.back().event;
        QCOMPARE(told.message, std::string("hook pre_start exited with code 3: ?[2J?]0;owned? "
                                           "[error] exporter: all is lost"));
    }

    void itsFailureConvictsAVersionOnTrial() {
        install(make(1));
        switchTo(make(2));
        m_machine->commands.exitCode = 3;
        notes();
        // Started again in its probation, by a restart of ifrit-agent, say.
        QVERIFY(m_machine->execute(ActionKind::Start).status.ok());
        QCOMPARE(notes(), (Notes{"pre_start 2", "stop 2", "post_stop 2", "pre_start 1", "run 1"}));
        QCOMPARE(m_machine->record().knownBad.size(), std::size_t{1});
        QCOMPARE(m_machine->record().knownBad.at(0).reason, std::string(reconcile::kHookFailed));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::HookRunsTest;
QTEST_GUILESS_MAIN(HookRunsTest)
#include "tst_hook_runs.moc"
