// SPDX-License-Identifier: Apache-2.0
// What the executor's steps make of disk and journal, with programs and hooks played.
#include <QTest>

#include "agent/reconcile/plan.h"
#include "agent/reconcile/reasons.h"
#include "agent/reconcile/step_positions.h"
#include "tests/agent/app/installing_machine.h"

namespace ifrit::tests {

namespace reconcile = agent::reconcile;
using reconcile::ActionKind;
using std::chrono::minutes;

using Notes = std::vector<std::string>;

class InstallerTest : public QObject, private InstallingMachine {
    Q_OBJECT

    TestPackage make(const std::string& version, int index, int withdrawsBelow = 0,
                     const std::string& tables = "") {
        std::string more = "index = " + std::to_string(index) + '\n';
        if (withdrawsBelow != 0) more += "withdraws_below = " + std::to_string(withdrawsBelow);
        return m_packages->make(version, "hang", more, tables);
    }
    void switchTo(const TestPackage& package, const std::string& release) {
        m_machine->unpack(package);
        m_machine->want(LoopMachine::entryOf(package, release));
        const auto outcome = m_machine->execute(ActionKind::Switch);
        QVERIFY2(outcome.status.ok(), base::messageOf(outcome.status).c_str());
    }
    void install(const TestPackage& package, const std::string& release) {
        switchTo(package, release);
        QVERIFY(m_machine->execute(ActionKind::Commit).status.ok());
    }
    std::string current() const {
        const auto record = m_machine->record();
        return record.current ? record.current->version : "-";
    }
    std::string previous() const {
        const auto record = m_machine->record();
        return record.previous ? record.previous->version : "-";
    }
    absl::Status preflight(const TestPackage& package) {
        m_machine->want(LoopMachine::entryOf(package, "R9"));
        return m_machine->execute(ActionKind::Preflight).status;
    }

private Q_SLOTS:
    void init() { makeMachine(); }

    /// faults.md D3: this machine has no descriptors left just when a version is to be started.
    void wantOfDescriptorsConvictsNoVersion() {
        install(make("1", 1), "R1");
        const TestPackage second =
            make("2", 2, 0, "[hooks.post_install]\ncommand = [\"bin/app\"]\n");
        m_machine->unpack(second);
        m_machine->want(LoopMachine::entryOf(second, "R2"));
        m_machine->commands.error = base::errnoStatus(EMFILE, "pipe2");
        const auto outcome = m_machine->execute(ActionKind::Switch);
        QCOMPARE(base::errorInfo(outcome.status).reason, std::string(reconcile::kMachineExhausted));
        QVERIFY(m_machine->record().knownBad.empty());
        QCOMPARE(m_machine->record().step->position, std::string(reconcile::kStarting));
        QVERIFY(!m_machine->execute(ActionKind::Recover).status.ok());
        m_machine->commands.error = absl::OkStatus();
        QVERIFY(m_machine->execute(ActionKind::Recover).status.ok());
        QVERIFY(m_machine->execute(ActionKind::Commit).status.ok());
        QCOMPARE(current(), std::string("2"));
    }

    void aDownloadKeepsToTheRateOfItsRelease() {
        const TestPackage package = make("1", 1);
        domain::DesiredEntry entry = LoopMachine::entryOf(package, "R1");
        m_machine->want(entry);
        QVERIFY(m_machine->execute(ActionKind::FetchManifest).status.ok());
        QCOMPARE(m_machine->throttled.count(), 0);
        entry.downloadRate = 65'536;
        m_machine->want(entry);
        QVERIFY(m_machine->execute(ActionKind::Download).status.ok());
        QVERIFY(m_machine->throttled.count() > 0);
    }

    void whatHooksSayIsToldWithTheVersion() {
        const std::string hook = "\ncommand = [\"bin/app\"]\n";
        const TestPackage first = make(
            "1", 1, 0,
            "[hooks.pre_install]" + hook + "[hooks.pre_start]" + hook + "[hooks.post_stop]" + hook);
        m_machine->commands.output = "one\n two  three\n" + std::string(1000, 'x') + " end\n";
        install(first, "R1");
        const auto events = [&] { return m_machine->machine->journal->state().events; };
        QCOMPARE(events().back().event.kind, std::string("installed"));
        const std::string said = events().back().event.message;
        QVERIFY2(said.rfind("pre_install: ...x", 0) == 0, said.c_str());
        QVERIFY2(said.find(" end; pre_start: ...") != std::string::npos, said.c_str());
        QVERIFY(said.size() < 1000);
        // Of a hook that fails when the old version has stopped: it is told, and changes nothing.
        m_machine->commands.output = "cannot";
        m_machine->commands.exitCode = 3;
        install(make("2", 2), "R2");
        QCOMPARE(current(), std::string("2"));
        std::vector<std::string> kinds;
        for (const auto& spooled : events())
            kinds.push_back(spooled.event.kind + ' ' + spooled.event.version);
        QCOMPARE(kinds, (std::vector<std::string>{"installed 1", "hook-failed 1", "upgraded 2"}));
        QVERIFY(events().at(1).event.message.find("post_stop exited with code 3: cannot") !=
                std::string::npos);
    }

    void goingBackIsNoUpgrade() {
        install(make("1.10", 1), "R1");
        install(make("1.9", 2), "R2");
        const auto last = m_machine->machine->journal->state().events.back().event;
        QCOMPARE(last.kind, std::string("downgraded"));
        QCOMPARE(last.version, std::string("1.9"));
        QCOMPARE(last.message, std::string("from 1.10"));
    }

    void whatHooksSayIsToldWithTheEnd() {
        const std::string hook = "\ncommand = [\"bin/app\"]\n";
        install(make("1", 1, 0, "[hooks.post_stop]" + hook + "[hooks.pre_uninstall]" + hook), "R1");
        m_machine->commands.output = "left the pool\n";
        domain::DesiredEntry gone;
        gone.agent = "exporter";
        gone.action = domain::DesiredAction::Uninstall;
        gone.releaseId = "R2";
        m_machine->want(gone);
        QVERIFY(m_machine->execute(ActionKind::Uninstall).status.ok());
        const auto last = m_machine->machine->journal->state().events.back().event;
        QCOMPARE(last.kind, std::string("uninstalled"));
        QCOMPARE(last.message, std::string("its data stays; pre_uninstall: left the pool; "
                                           "post_stop: left the pool"));
    }

    /// A person who rolls back a version in its probation must not find the way back withdrawn.
    void aVersionThatDidNotProveItselfWithdrawsNothing() {
        const TestPackage first = make("1", 1);
        const TestPackage second = make("2", 2, 2);
        install(first, "R1");
        switchTo(second, "R2");
        m_machine->want(LoopMachine::entryOf(first, "R3"));
        QVERIFY(m_machine->execute(ActionKind::GiveUp).status.ok());
        QVERIFY(!m_machine->record().step.has_value());
        const absl::Status status = preflight(first);
        QVERIFY2(status.ok(), base::messageOf(status).c_str());
        // One that did prove itself withdraws it.
        install(second, "R4");
        QCOMPARE(base::errorInfo(preflight(first)).reason,
                 std::string(reconcile::kPackageWithdrawn));
    }

    void aVersionThatDidNotProveItselfIsNoFallback() {
        install(make("1", 1), "R1");
        switchTo(make("2", 2), "R2");
        QVERIFY(m_machine->execute(ActionKind::GiveUp).status.ok());
        QCOMPARE(current(), std::string("2"));
        QCOMPARE(previous(), std::string("1"));
        switchTo(make("3", 3), "R3");
        QCOMPARE(current(), std::string("3"));
        QCOMPARE(previous(), std::string("1"));
        QVERIFY(m_machine->installer.revert("exporter", "PROBE_FAILED", "bad").ok());
        QCOMPARE(current(), std::string("1"));
        QCOMPARE(m_machine->processes.notes.back(), std::string("run 1"));
    }

    /// It was wanted, not wanted, and is wanted again: its probation is made up for.
    void aVersionThatLostItsProbationPassesItLater() {
        install(make("1", 1), "R1");
        const TestPackage second = make("2", 2);
        switchTo(second, "R2");
        QVERIFY(m_machine->execute(ActionKind::GiveUp).status.ok());
        QVERIFY(m_machine->record().isUnproved());
        install(second, "R3");
        QVERIFY(!m_machine->record().isUnproved());
        QCOMPARE(current(), std::string("2"));
        QCOMPARE(previous(), std::string("1"));
    }

    /// The disk fills between the steps of a switch.
    void anUndoThatCannotBeWrittenLeavesTheOldVersionRunning() {
        install(make("1", 1), "R1");
        const TestPackage second =
            make("2", 2, 0, "[hooks.pre_install]\ncommand = [\"bin/app\"]\n");
        m_machine->unpack(second);
        m_machine->want(LoopMachine::entryOf(second, "R2"));
        const std::filesystem::path inTheWay = m_machine->machine->layout.journal() + ".tmp";
        m_machine->commands.meanwhile = [&] { std::filesystem::create_directory(inTheWay); };
        m_machine->processes.notes.clear();
        QVERIFY(!m_machine->execute(ActionKind::Switch).status.ok());
        QCOMPARE(m_machine->processes.notes, Notes{"run 1"});
        QVERIFY(!m_machine->execute(ActionKind::Recover).status.ok());
        QCOMPARE(m_machine->processes.notes.back(), std::string("run 1"));
        std::filesystem::remove(inTheWay);
        QVERIFY(m_machine->execute(ActionKind::Recover).status.ok());
        QVERIFY(!m_machine->record().step.has_value());
        QCOMPARE(current(), std::string("1"));
    }

    /// Month after month of bad releases must not fill a machine's disk.
    void whatWasPutBackLeavesTheDisk() {
        install(make("1", 1), "R1");
        const auto& machine = *m_machine->machine;
        for (int version = 2; version < 5; ++version) {
            switchTo(make(std::to_string(version), version), "R" + std::to_string(version));
            QVERIFY(m_machine->execute(ActionKind::Revert).status.ok());
            QCOMPARE(current(), std::string("1"));
            const auto left =
                machine.platform.directories->list(machine.layout.versions("exporter"));
            QVERIFY(left.ok());
            QCOMPARE(left->size(), std::size_t{1});
            QCOMPARE(machine.manifests.readableDigests("exporter").size(), std::size_t{1});
            QVERIFY(machine.cache.archives()->size() <= 1);
        }
        QCOMPARE(m_machine->record().knownBad.size(), std::size_t{3});
        QCOMPARE(m_machine->processes.notes.back(), std::string("run 1"));
    }

    /// Started again and again it would never be judged.
    void aVersionThatLostItsManifestInProbationIsPutBack() {
        install(make("1", 1), "R1");
        const TestPackage second = make("2", 2);
        switchTo(second, "R2");
        const auto& machine = *m_machine->machine;
        machine.manifests.remove("exporter", second.digest);
        const auto facts = m_machine->facts.gather().at(0);
        QVERIFY(facts.manifestLost);
        const auto plan = reconcile::planAgent(facts, m_machine->clock.now());
        QCOMPARE(plan.actions.size(), std::size_t{1});
        QVERIFY(plan.actions[0].kind == ActionKind::Revert);
        const auto outcome = m_machine->executor.execute(plan.actions[0], facts);
        QVERIFY2(outcome.status.ok(), base::messageOf(outcome.status).c_str());
        QCOMPARE(current(), std::string("1"));
        const Notes last{"stop 2", "run 1"};
        const Notes& notes = m_machine->processes.notes;
        QVERIFY(notes.size() >= 2 && std::equal(last.begin(), last.end(), notes.end() - 2));
        const auto record = m_machine->record();
        QVERIFY(!record.step);
        QVERIFY(record.lastError && record.lastError->reason == reconcile::kManifestLost);
        // The disk lost it: it is tried again, and not at once.
        QVERIFY(record.knownBad.empty());
        QVERIFY(record.attempts && record.attempts->digest == second.digest);
        const auto next = [&] {
            return reconcile::planAgent(m_machine->facts.gather().at(0), m_machine->clock.now())
                .actions.at(1)
                .kind;
        };
        QVERIFY(next() == ActionKind::WaitUntil);
        m_machine->clock.advance(std::chrono::seconds(2));
        QVERIFY(next() == ActionKind::FetchManifest);
    }

    /// Whether it was its own processes that took the room or others, nobody knows.
    void aVersionThatNobodyCouldJudgeIsPutBackAndNotKnownBad() {
        install(make("1", 1), "R1");
        const TestPackage second = make("2", 2);
        switchTo(second, "R2");
        const reconcile::Action action{ActionKind::Revert, std::nullopt,
                                       std::string(reconcile::kNoVerdict),
                                       "could not be judged: no room"};
        const auto outcome = m_machine->executor.execute(action, m_machine->facts.gather().at(0));
        QVERIFY2(outcome.status.ok(), base::messageOf(outcome.status).c_str());
        QCOMPARE(current(), std::string("1"));
        QVERIFY(m_machine->record().knownBad.empty());
        const auto told = m_machine->machine->journal->state().events.back().event;
        QCOMPARE(told.kind, std::string("reverted"));
        QCOMPARE(told.message,
                 std::string("could not be judged: no room (NO_VERDICT); 1 runs again"));
        // For its master it is over; here it is tried again, and not soon.
        const auto plan = [&] {
            return reconcile::planAgent(m_machine->facts.gather().at(0), m_machine->clock.now());
        };
        QVERIFY(plan().state == domain::MachineState::Reverted);
        m_machine->clock.advance(minutes(10) - std::chrono::seconds(1));
        QVERIFY(plan().actions.at(1).kind == ActionKind::WaitUntil);
        m_machine->clock.advance(std::chrono::seconds(1));
        QVERIFY(plan().actions.at(1).kind == ActionKind::FetchManifest);
    }

    void whatTheDiskDoesNotGiveNowIsNotLost() {
        using agent::package::isLost;
        for (const int error : {EIO, EACCES, ESTALE, EMFILE, ENOMEM})
            QVERIFY(!isLost(base::errnoStatus(error, "manifest")));
        QVERIFY(!isLost(absl::OkStatus()));
        QVERIFY(isLost(base::errnoStatus(ENOENT, "manifest")));
        QVERIFY(isLost(base::makeError(absl::StatusCode::kDataLoss, "PACKAGE_DIGEST", "", "")));
        QVERIFY(isLost(base::invalidArgument("PACKAGE_MANIFEST", "", "not TOML")));
    }

    /// It can be neither started nor asked for its ports; the next version replaces it.
    void aVersionWithoutItsManifestIsReplaced() {
        const TestPackage first = make("1", 1);
        install(first, "R1");
        const agent::journal::InstalledVersion version{"1", first.digest};
        m_machine->setRecord([&](agent::journal::AgentRecord& record) {
            record.process = agent::journal::RunningProcess{{1, 1, "boot"}, version, {}};
        });
        m_machine->machine->manifests.remove("exporter", first.digest);
        m_machine->want(
            LoopMachine::entryOf(make("2", 2, 0, "[preflight]\nports = [\"9\"]\n"), "R2"));
        for (int i = 0; i < 20 && current() != "2"; ++i)
            m_machine->turn();
        QCOMPARE(current(), std::string("2"));
    }

    /// A kill came between the switch and the start, and the disk lost the manifest.
    void aVersionThatLostItsManifestBeforeItsStartIsPutBack() {
        install(make("1", 1), "R1");
        const TestPackage second = make("2", 2);
        switchTo(second, "R2");
        m_machine->setRecord([](agent::journal::AgentRecord& record) {
            record.step->position = std::string(reconcile::kStarting);
        });
        m_machine->machine->manifests.remove("exporter", second.digest);
        QVERIFY(m_machine->execute(ActionKind::Recover).status.ok());
        QCOMPARE(current(), std::string("1"));
        QVERIFY(m_machine->record().knownBad.empty());
        QCOMPARE(m_machine->record().attempts->digest, second.digest);
    }

    void anUninstallTellsItsVersionAlsoAfterAKill() {
        install(make("1", 1), "R1");
        auto removal = LoopMachine::entryOf(make("1", 1), "R2");
        removal.action = domain::DesiredAction::Uninstall;
        m_machine->want(removal);
        m_machine->directories.removal = absl::InternalError("as if killed here");
        QVERIFY(!m_machine->execute(ActionKind::Uninstall).status.ok());
        QVERIFY(!m_machine->record().current);
        m_machine->directories.removal = absl::OkStatus();
        QVERIFY(m_machine->execute(ActionKind::Uninstall).status.ok());
        const auto& events = m_machine->machine->journal->state().events;
        QCOMPARE(events.back().event.kind, std::string("uninstalled"));
        QCOMPARE(events.back().event.version, std::string("1"));
    }

    void aStartMakesTheDataDirectory() {
        install(m_packages->make("1", "hang"), "R");
        const std::string data = m_machine->machine->layout.data("exporter");
        std::filesystem::remove_all(data);
        QVERIFY(m_machine->execute(agent::reconcile::ActionKind::Start).status.ok());
        QVERIFY(std::filesystem::is_directory(data));
    }

    /// Else nobody would watch it for as long as there is no room for the directory.
    void whatRunsIsAdoptedWithoutItsDataDirectory() {
        install(m_packages->make("1", "hang"), "R");
        const std::string data = m_machine->machine->layout.data("exporter");
        std::filesystem::remove_all(data);
        std::filesystem::create_symlink("/nowhere/at/all", data);  // so that none can be made
        m_machine->processes.notes.clear();
        QVERIFY(!m_machine->execute(ActionKind::Start).status.ok());
        QCOMPARE(m_machine->processes.notes, Notes());
        m_machine->processes.adopts = true;
        m_machine->execute(ActionKind::Start).status.IgnoreError();
        QCOMPARE(m_machine->processes.notes, Notes{"run 1"});
    }

    /// Its directory was removed, and its probe restarted it before the files were back: it is
    /// started again by its supervisor, who makes no data directory.
    void aRepairOfWhatHasEndedMakesItsDataDirectory() {
        const TestPackage first = make("1", 1);
        install(first, "R1");
        const auto& layout = m_machine->machine->layout;
        const agent::journal::InstalledVersion version{"1", first.digest};
        std::filesystem::remove_all(layout.data("exporter"));
        std::filesystem::remove(layout.version("exporter", version) + "/bin/app");
        agent::integrity::Finding finding;
        finding.drifts.push_back({agent::integrity::DriftKind::Missing, "bin/app", ""});
        QVERIFY(m_machine->board.scanned({"exporter", version}, finding,
                                         m_machine->board.epoch("exporter")));
        m_machine->processes.notes.clear();
        const absl::Status repaired = m_machine->repairer.repair("exporter");
        QVERIFY2(repaired.ok(), base::messageOf(repaired).c_str());
        QCOMPARE(m_machine->processes.notes, Notes());
        QVERIFY(std::filesystem::exists(layout.data("exporter")));
    }

    /// It could not be started again, and runs as well as it can.
    void aRepairWithoutAnAddressEndsNobody() {
        const TestPackage first = m_packages->make("1", "hang ${machine.address}", "index = 1\n");
        m_machine->unpack(first);
        m_machine->setRecord([&](agent::journal::AgentRecord& record) {
            record.current = agent::journal::InstalledVersion{"1", first.digest};
        });
        std::string address = "10.0.0.7";
        const agent::install::RunSpecMaker specs(m_machine->machine->layout, {}, {}, [&address] {
            return agent::install::MachineAddress{address};
        });
        agent::install::Installer installer({m_machine->clock,
                                             *m_machine->machine->journal,
                                             m_machine->versions,
                                             m_machine->hooks,
                                             m_machine->processes,
                                             m_machine->machine->manifests,
                                             specs,
                                             {}});
        QVERIFY(installer.startCurrent("exporter").ok());
        address.clear();
        m_machine->processes.notes.clear();
        QCOMPARE(base::errorInfo(installer.restartCurrent("exporter")).reason,
                 std::string(reconcile::kNoAddress));
        QCOMPARE(m_machine->processes.notes, Notes());
        address = "10.0.0.7";
        QVERIFY(installer.restartCurrent("exporter").ok());
        QCOMPARE(m_machine->processes.notes, (Notes{"stop 1", "run 1"}));
    }

    /// A hook that takes minutes must not carry a switch over a halt.
    void aPermitThatEndedInAHookIsAskedForAgain() {
        install(make("1", 1), "R1");
        const TestPackage second =
            make("2", 2, 0, "[hooks.pre_install]\ncommand = [\"bin/app\"]\n");
        m_machine->unpack(second);
        m_machine->want(LoopMachine::entryOf(second, "R2"));
        m_machine->facts.permitGranted("exporter",
                                       *m_machine->execute(ActionKind::AskPermit).permit);
        m_machine->processes.notes.clear();
        m_machine->commands.meanwhile = [this] {
            m_machine->clock.advance(minutes(5));
            m_machine->master->permit = [](const agent::link::PermitRequest&) {
                return agent::link::PermitReply{
                    false, {}, "RELEASE_HALTED", "a gate halted it", std::chrono::seconds(7)};
            };
        };
        const auto refused = m_machine->execute(ActionKind::Switch);
        QCOMPARE(base::errorInfo(refused.status).reason, std::string(reconcile::kPermitRefused));
        QVERIFY(refused.retryAfter == std::chrono::seconds(7));
        QCOMPARE(current(), std::string("1"));
        QVERIFY(!m_machine->record().step.has_value());
        QCOMPARE(m_machine->processes.notes, Notes());

        m_machine->master->away = true;
        m_machine->commands.meanwhile = nullptr;
        QCOMPARE(base::errorInfo(m_machine->execute(ActionKind::Switch).status).reason,
                 std::string(reconcile::kPermitUnavailable));
        m_machine->master->away = false;
        m_machine->master->permit = nullptr;
        QVERIFY(m_machine->execute(ActionKind::Switch).status.ok());
        QCOMPARE(current(), std::string("2"));
    }

    void aPermitThatHoldsIsNotAskedForTwice() {
        install(make("1", 1), "R1");
        const TestPackage second =
            make("2", 2, 0, "[hooks.pre_install]\ncommand = [\"bin/app\"]\n");
        m_machine->unpack(second);
        m_machine->want(LoopMachine::entryOf(second, "R2"));
        m_machine->facts.permitGranted("exporter",
                                       *m_machine->execute(ActionKind::AskPermit).permit);
        const int asked = m_machine->master->permitsAsked;
        QVERIFY(m_machine->execute(ActionKind::Switch).status.ok());
        QCOMPARE(m_machine->master->permitsAsked.load(), asked);
    }
};

}  // namespace ifrit::tests

using ifrit::tests::InstallerTest;
QTEST_GUILESS_MAIN(InstallerTest)
#include "tst_installer.moc"
