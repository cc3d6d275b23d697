// SPDX-License-Identifier: Apache-2.0
// Agents that exclude each other and are wanted at once: the second is refused before it switches,
// and no version is remembered as bad for it.
#include <QTest>

#include "agent/reconcile/reasons.h"
#include "tests/agent/app/installing_machine.h"

namespace ifrit::tests {

using agent::reconcile::ActionKind;

class ArrivalsTest : public QObject, private InstallingMachine {
    Q_OBJECT

    TestPackage make(const std::string& agent, const std::string& rules) {
        return make(agent, "1", rules);
    }
    TestPackage make(const std::string& agent, const std::string& version,
                     const std::string& rules) {
        m_packages->agent = agent;
        return m_packages->make(version, "hang", "index = " + version + '\n', rules);
    }
    void want(const std::vector<TestPackage>& packages) {
        domain::DesiredState desired{1, 1, {}};
        for (const TestPackage& package : packages)
            desired.entries.push_back(LoopMachine::entryOf(package, "R"));
        QVERIFY(m_machine->machine->journal
                    ->update([&](agent::journal::JournalState& state) { state.desired = desired; })
                    .ok());
    }
    void carryOut(const std::string& agent, std::initializer_list<ActionKind> kinds) {
        for (const ActionKind kind : kinds) {
            const absl::Status status = execute(agent, kind);
            QVERIFY2(status.ok(), base::messageOf(status).c_str());
        }
    }
    agent::reconcile::AgentFacts factsOf(const std::string& agent) {
        for (const auto& facts : m_machine->facts.gather()) {
            if (facts.agent == agent) return facts;
        }
        return {};
    }
    absl::Status execute(const std::string& agent, ActionKind kind) {
        return m_machine->executor.execute({kind}, factsOf(agent)).status;
    }

private Q_SLOTS:
    void init() { makeMachine(); }

    void theSecondOfTwoThatExcludeEachOtherIsRefused_data() {
        QTest::addColumn<QString>("ofA");
        QTest::addColumn<QString>("ofB");
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("reason");
        const QString conflict = QStringLiteral("[preflight]\nconflicts = [\"b\"]\n");
        const QString port = QStringLiteral("[preflight]\nports = [\"9\"]\n");
        QTest::newRow("its own conflict")
            << conflict << QString() << "b" << QStringLiteral("PREFLIGHT_CONFLICT");
        QTest::newRow("a conflict that only the other one names")
            << conflict << QString() << "a" << QStringLiteral("PREFLIGHT_CONFLICT");
        QTest::newRow("one port") << port << port << "a" << QStringLiteral("PREFLIGHT_PORT");
    }
    void theSecondOfTwoThatExcludeEachOtherIsRefused() {
        QFETCH(const QString, ofA);
        QFETCH(const QString, ofB);
        QFETCH(const QString, first);
        QFETCH(const QString, reason);
        const std::string winner = first.toStdString();
        const std::string loser = winner == "a" ? "b" : "a";
        const TestPackage packages[] = {make("a", ofA.toStdString()), make("b", ofB.toStdString())};
        want({packages[0], packages[1]});
        for (const auto kind : {ActionKind::FetchManifest, ActionKind::Preflight,
                                ActionKind::Download, ActionKind::Unpack}) {
            for (const std::string& agent : {winner, loser}) {
                const absl::Status status = execute(agent, kind);
                QVERIFY2(status.ok(), base::messageOf(status).c_str());
            }
        }
        QVERIFY(execute(winner, ActionKind::Switch).ok());
        const absl::Status refused = execute(loser, ActionKind::Switch);
        QCOMPARE(base::errorInfo(refused).reason, reason.toStdString());
        const auto record = m_machine->machine->journal->agent(loser);
        QVERIFY(!record.current && !record.step && record.knownBad.empty());
        // And so from the first look on, now that the other one is in its probation.
        QCOMPARE(base::errorInfo(execute(loser, ActionKind::Preflight)).reason,
                 reason.toStdString());
    }

    /// The port of the version that an unproved one may be put back to is not free.
    void theWayBackIsKeptOpen() {
        const auto port = [](int number) {
            return "[preflight]\nports = [\"" + std::to_string(number) + "\"]\n";
        };
        const std::initializer_list<ActionKind> kArrive{ActionKind::FetchManifest,
                                                        ActionKind::Preflight, ActionKind::Download,
                                                        ActionKind::Unpack, ActionKind::Switch};
        want({make("a", "1", port(9))});
        carryOut("a", kArrive);
        carryOut("a", {ActionKind::Commit});
        const TestPackage second = make("a", "2", port(19));
        const TestPackage other = make("b", "1", port(9));
        want({second, other});
        carryOut("a", kArrive);
        carryOut("b", {ActionKind::FetchManifest});
        QCOMPARE(base::errorInfo(execute("b", ActionKind::Preflight)).reason,
                 std::string(agent::reconcile::kPreflightPort));
        // Nor after its probation was given up for another version.
        carryOut("a", {ActionKind::GiveUp});
        QCOMPARE(base::errorInfo(execute("b", ActionKind::Preflight)).reason,
                 std::string(agent::reconcile::kPreflightPort));
        carryOut("a", {ActionKind::Switch, ActionKind::Commit});
        carryOut("b", {ActionKind::Preflight});
    }
};

}  // namespace ifrit::tests

using ifrit::tests::ArrivalsTest;
QTEST_GUILESS_MAIN(ArrivalsTest)
#include "tst_arrivals.moc"
