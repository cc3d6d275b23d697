// SPDX-License-Identifier: Apache-2.0
// Whose the data directory is when versions of different users follow each other.
#include <QTest>
#include <functional>
#include <map>
#include <string_view>

#include "agent/reconcile/reasons.h"
#include "agent/reconcile/step_positions.h"
#include "tests/agent/app/installing_machine.h"
#include "tests/agent/support/owned_directories.h"

namespace ifrit::tests {

namespace reconcile = agent::reconcile;

constexpr std::uint32_t kOld = 4'000'001;
constexpr std::uint32_t kNew = 4'000'002;
constexpr std::uint32_t kOurs = 0;  ///< whoever runs this

class TwoUsers final : public agent::platform::UserDirectory {
public:
    std::map<std::string, std::uint32_t> numbers{{"old", kOld}, {"new", kNew}};
    absl::StatusOr<agent::platform::Account> find(const std::string& name) const override {
        const auto found = numbers.find(name);
        if (found == numbers.end())
            return base::failedPrecondition("NO_SUCH_USER", name, "no user {}", name);
        return agent::platform::Account{name, "/", found->second, found->second, {}};
    }
};

/// The Installer of an InstallingMachine, over owners in memory.
struct OwnedMachine {
    explicit OwnedMachine(LoopMachine& machine)
        : directories(*machine.machine->platform.directories),
          versions(directories, users, machine.machine->manifests, machine.machine->layout, {}),
          hooks(machine.commands, users, machine.machine->manifests, machine.machine->specs),
          installer({machine.clock, *machine.machine->journal, versions, hooks, machine.processes,
                     machine.machine->manifests, machine.machine->specs,
                     [this](std::string_view change) {
                         if (onChange) onChange(change);
                     }}) {}

    std::function<void(std::string_view)> onChange;
    TwoUsers users;
    OwnedDirectories directories;
    agent::install::VersionDirectories versions;
    agent::install::HookRunner hooks;
    agent::install::Installer installer;
};

class DataOwnerTest : public QObject, private InstallingMachine {
    Q_OBJECT

    std::unique_ptr<OwnedMachine> m_owned;

    agent::install::SwitchOrder order(int version, const std::string& user) {
        m_packages->user = user;
        const std::string text = std::to_string(version);
        const TestPackage made =
            m_packages->make(text, "hang", "index = " + text + '\n',
                             "[hooks.pre_install]\ncommand = [\"bin/app\", \"pre_install\"]\n");
        m_machine->unpack(made);
        agent::install::SwitchOrder order;
        order.agent = "exporter";
        order.target = {text, made.digest};
        order.releaseId = "R" + text;
        return order;
    }
    void installOld() {
        const absl::Status switched = m_owned->installer.switchTo(order(1, "old"));
        QVERIFY2(switched.ok(), base::messageOf(switched).c_str());
        QVERIFY(m_owned->installer.commit("exporter").ok());
        QCOMPARE(owner(), kOld);
    }
    std::uint32_t owner() const { return m_owned->directories.owner(data())->userId; }
    std::string data() const { return m_machine->machine->layout.data("exporter"); }
    int told() const {
        const auto state = m_machine->machine->journal->state();
        return static_cast<int>(
            std::count_if(state.events.begin(), state.events.end(),
                          [](const auto& spooled) { return spooled.event.kind == "data-owner"; }));
    }

private Q_SLOTS:
    void init() {
        makeMachine();
        m_owned = std::make_unique<OwnedMachine>(*m_machine);
    }
    void cleanup() { m_owned.reset(); }

    void aVersionThatDoesNotComeGivesItBack() {
        installOld();
        m_machine->commands.exitCode = 1;
        m_machine->commands.meanwhile = [this] { QCOMPARE(owner(), kNew); };
        const absl::Status failed = m_owned->installer.switchTo(order(2, "new"));
        QCOMPARE(base::errorInfo(failed).reason, std::string(reconcile::kHookFailed));
        QCOMPARE(owner(), kOld);
        QCOMPARE(told(), 2);
    }
    void aVersionThatNoLongerFitsTakesNothing() {
        installOld();
        agent::install::SwitchOrder second = order(2, "new");
        second.fitsStill = [] { return absl::FailedPreconditionError("does not fit"); };
        QVERIFY(!m_owned->installer.switchTo(second).ok());
        QCOMPARE(owner(), kOld);
        QCOMPARE(told(), 0);
    }
    void whoDoesNotExistTakesNothing() {
        installOld();
        QCOMPARE(base::errorInfo(m_owned->installer.switchTo(order(2, "nobody-here"))).reason,
                 std::string("NO_SUCH_USER"));
        QCOMPARE(owner(), kOld);
        QVERIFY(!m_machine->record().step);
    }

    void aSwitchThatWasKilledGivesItBack() {
        installOld();
        const auto second = order(2, "new");
        QVERIFY(m_owned->installer.switchTo(second).ok());
        QCOMPARE(owner(), kNew);
        m_machine->setRecord([](agent::journal::AgentRecord& record) {
            record.current = record.previous;
            record.step->position = std::string(reconcile::kPermitted);
        });
        QVERIFY(m_owned->installer.recover("exporter").ok());
        QCOMPARE(owner(), kOld);
    }

    void aVersionThatIsPutBackGetsItBack() {
        installOld();
        QVERIFY(m_owned->installer.switchTo(order(2, "new")).ok());
        QCOMPARE(owner(), kNew);
        std::uint32_t atTheEnd = 0;
        // After a kill from then on the manifest of who had it last may be gone.
        m_owned->onChange = [&](std::string_view change) {
            if (change == "reverted") atTheEnd = owner();
        };
        QVERIFY(m_owned->installer.revert("exporter", "PROBE_FAILED", "").ok());
        QCOMPARE(atTheEnd, kOld);
        QCOMPARE(told(), 2);
    }

    void aStartPutsRightWhatAnEarlierOneLeft_data() {
        QTest::addColumn<std::uint32_t>("left");
        QTest::newRow("ours, never given") << kOurs;
        QTest::newRow("of a version that did not come") << kNew;
    }
    void aStartPutsRightWhatAnEarlierOneLeft() {
        QFETCH(const std::uint32_t, left);
        installOld();
        const auto second = order(2, "new");
        m_owned->directories.owners[data()] =
            left == kOurs ? m_owned->directories.ourselves() : agent::platform::Owner{left, left};
        QVERIFY(m_owned->installer.startCurrent("exporter").ok());
        QCOMPARE(owner(), kOld);
        QCOMPARE(told(), 1);
        QVERIFY(m_owned->installer.startCurrent("exporter").ok());
        QCOMPARE(told(), 1);
    }

    /// A disk that takes no change, or nobody who knows the user, keeps no version down.
    void whatCannotBePutRightIsStartedAllTheSame() {
        installOld();
        m_owned->directories.owners[data()] = m_owned->directories.ourselves();
        m_owned->directories.refusal = base::errnoStatus(EROFS, data());
        m_machine->processes.notes.clear();
        QVERIFY(m_owned->installer.startCurrent("exporter").ok());
        m_owned->directories.refusal = absl::OkStatus();
        m_owned->users.numbers.clear();
        QVERIFY(m_owned->installer.startCurrent("exporter").ok());
        QCOMPARE(m_machine->processes.notes, (std::vector<std::string>{"run 1", "run 1"}));
        QCOMPARE(told(), 0);
    }
};

}  // namespace ifrit::tests

using ifrit::tests::DataOwnerTest;
QTEST_GUILESS_MAIN(DataOwnerTest)
#include "tst_data_owner.moc"
