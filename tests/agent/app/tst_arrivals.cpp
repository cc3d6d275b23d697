// SPDX-License-Identifier: Apache-2.0
// Agents that exclude each other and are wanted at once: the second is refused before it switches,
// and no version is remembered as bad for it.
#include <QTemporaryDir>
#include <QtTest/QtTest>

#include "agent/reconcile/reasons.h"
#include "tests/agent/app/loop_machine.h"

namespace ifrit::tests {

using agent::reconcile::ActionKind;

class ArrivalsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<PackageFactory> m_packages;
    std::unique_ptr<LoopMachine> m_machine;

    TestPackage make(const std::string& agent, const std::string& rules) {
        m_packages->agent = agent;
        return m_packages->make("1", "hang", "", rules);
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
    void init() {
        m_machine.reset();
        m_directory = std::make_unique<QTemporaryDir>();
        const std::string base = m_directory->path().toStdString();
        m_packages = std::make_unique<PackageFactory>(base + "/packages", MISBEHAVING_AGENT);
        m_packages->trustOn(base + "/root");
        m_machine = std::make_unique<LoopMachine>(base + "/root", base + "/packages");
    }

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
        QVERIFY(m_machine->machine->journal
                    ->update([&](agent::journal::JournalState& state) {
                        state.desired =
                            domain::DesiredState{1,
                                                 1,
                                                 {LoopMachine::entryOf(packages[0], "R"),
                                                  LoopMachine::entryOf(packages[1], "R")}};
                    })
                    .ok());
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
};

}  // namespace ifrit::tests

using ifrit::tests::ArrivalsTest;
QTEST_GUILESS_MAIN(ArrivalsTest)
#include "tst_arrivals.moc"
