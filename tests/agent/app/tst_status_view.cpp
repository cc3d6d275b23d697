// SPDX-License-Identifier: Apache-2.0
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest/QtTest>

#include "agent/app/report_maker.h"
#include "agent/app/status_view.h"

namespace ifrit::tests {
namespace {

using agent::journal::AgentRecord;
using agent::journal::JournalState;

const base::WallTime kNow = base::fromUnixMillis(1'000'000'000);

JournalState aState() {
    JournalState state;
    domain::DesiredEntry entry;
    entry.agent = "exporter";
    entry.version = "2";
    entry.manifestDigest = std::string(64, '2');
    state.desired = domain::DesiredState{7, 1, {entry}};
    AgentRecord& record = state.agents["exporter"];
    record.current = agent::journal::InstalledVersion{"1", std::string(64, '1')};
    record.knownBad.push_back({{"2", entry.manifestDigest}, "EXITED_AT_START", kNow});
    record.lastError = domain::AgentError{"EXITED_AT_START", "said \"no\"\nand left", "watching", 1,
                                          kNow - std::chrono::seconds(90)};
    state.agents["logger"].current = agent::journal::InstalledVersion{"5", std::string(64, '5')};
    return state;
}

agent::app::MachineView aView() {
    agent::app::MachineView view;
    view.facts.uuid = "m1";
    view.facts.machineType = "LINUX";
    view.uuidSource = "/etc/machine-id";
    view.journal = aState();
    return view;
}

}  // namespace

class StatusViewTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aPersonSeesWhatIsWantedWhatRunsAndWhyNot() {
        const QString text = QString::fromStdString(agent::app::statusText(aView(), kNow));
        for (const char* part : {"machine m1, desired state of generation 7", "wanted     2",
                                 "installed  1", "last error EXITED_AT_START 90 s ago",
                                 "known bad  2 (EXITED_AT_START)", "nothing (left alone)"}) {
            QVERIFY2(text.contains(QString::fromUtf8(part)), part);
        }
    }

    void whatDoesNotAnswerIsNotSaidToBeAway() {
        auto view = aView();
        view.hangs = true;
        const QString text = QString::fromStdString(agent::app::statusText(view, kNow));
        QVERIFY(text.startsWith(QStringLiteral("ifrit-agent runs and DOES NOT ANSWER")));
        QVERIFY(!text.contains(QStringLiteral("does not run")));
        QVERIFY(text.contains(QStringLiteral("installed  1")));
    }

    void jsonIsWellFormedWhateverAProgramSaid() {
        QJsonParseError error;
        const auto json = QJsonDocument::fromJson(
            QByteArray::fromStdString(agent::app::statusJson(aView())), &error);
        QCOMPARE(error.error, QJsonParseError::NoError);
        const QJsonArray agents = json[QStringLiteral("agents")].toArray();
        QCOMPARE(agents.size(), 2);
        QCOMPARE(agents[0][QStringLiteral("last_error")][QStringLiteral("message")].toString(),
                 QStringLiteral("said \"no\"\nand left"));
    }

    void anErrorOfAVersionThatNobodyWantsIsNotReported() {
        const JournalState state = aState();
        agent::reconcile::AgentFacts facts;
        facts.agent = "exporter";
        facts.record = state.agents.at("exporter");
        facts.desired = state.desired->entries[0];
        agent::reconcile::AgentPlan plan;
        plan.state = domain::MachineState::Reverted;
        agent::app::ReportMaker maker;
        QVERIFY(maker.make(facts, plan, "", kNow).lastError.has_value());
        facts.desired->manifestDigest = std::string(64, '1');
        QVERIFY(!maker.make(facts, plan, "", kNow).lastError.has_value());
    }

    void sinceIsWhenTheStateWasEntered() {
        agent::reconcile::AgentFacts facts;
        facts.agent = "exporter";
        agent::reconcile::AgentPlan plan;
        plan.state = domain::MachineState::Downloading;
        agent::app::ReportMaker maker;
        const auto later = kNow + std::chrono::seconds(5);
        QVERIFY(maker.make(facts, plan, "", kNow).since == kNow);
        const auto report = maker.make(facts, plan, "downloading 62 %", later);
        QVERIFY(report.since == kNow);
        QCOMPARE(report.step, std::string("downloading 62 %"));
        plan.state = domain::MachineState::Verifying;
        QVERIFY(maker.make(facts, plan, "", later).since == later);
    }
};

}  // namespace ifrit::tests

using ifrit::tests::StatusViewTest;
QTEST_GUILESS_MAIN(StatusViewTest)
#include "tst_status_view.moc"
