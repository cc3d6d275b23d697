// SPDX-License-Identifier: Apache-2.0
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

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

    void aWaitThatIsOverIsNotOfNow() {
        auto view = aView();
        const auto says = [&](std::uint32_t count, std::chrono::seconds next) {
            view.journal.agents["exporter"].attempts =
                agent::journal::Attempts{std::string(64, '2'), count, kNow + next, 0};
            return agent::app::statusText(view, kNow).find("attempts") != std::string::npos;
        };
        QVERIFY(!says(0, std::chrono::seconds(-1)));
        QVERIFY(says(0, std::chrono::seconds(60)));
        QVERIFY(says(1, std::chrono::seconds(-1)));
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

    /// It keeps from running what nobody has to bring here.
    void whatCountsAsNoAttemptIsReportedAllTheSame() {
        agent::reconcile::AgentFacts facts;
        facts.agent = "exporter";
        facts.record = aState().agents.at("exporter");
        facts.localError = domain::AgentError{"PACKAGE_DIGEST", "was changed", "start", 3, kNow};
        agent::app::ReportMaker maker;
        const auto report = maker.make(facts, agent::reconcile::AgentPlan(), "", kNow);
        QVERIFY(report.lastError == facts.localError);
    }

    /// The journal's error is of a version that nobody wants any more.
    void whereIfritAgentRunsItsWordCounts() {
        auto view = aView();
        view.journal.agents["exporter"].process = agent::journal::RunningProcess{
            {10269, 7, "boot"}, *view.journal.agents["exporter"].current, kNow};
        view.running = agent::app::MachineView::Running{};
        domain::AgentReport report;
        report.agent = "exporter";
        report.state = domain::MachineState::Degraded;
        report.lastError =
            domain::AgentError{"NO_ADDRESS", "this machine has no address", "start", 2, kNow};
        view.running->agents = {report};
        view.gone = {"exporter"};
        const auto texts = [&] {
            return QString::fromStdString(agent::app::statusText(view, kNow) +
                                          *agent::app::explainText(view, "exporter", kNow));
        };
        const auto json = [&] {
            return QJsonDocument::fromJson(QByteArray::fromStdString(
                agent::app::statusJson(view)))[QStringLiteral("agents")][0];
        };
        QCOMPARE(texts().count(QStringLiteral("last error NO_ADDRESS")), 2);
        QCOMPARE(texts().count(QStringLiteral("process    10269, version 1, started 0 s ago; it is "
                                              "GONE")),
                 2);
        QVERIFY(!texts().contains(QStringLiteral("and left")));
        QCOMPARE(json()[QStringLiteral("last_error")][QStringLiteral("reason")].toString(),
                 QStringLiteral("NO_ADDRESS"));
        QCOMPARE(json()[QStringLiteral("pid")].toInt(), 0);

        view.running->agents[0].lastError.reset();
        view.gone.clear();
        QVERIFY2(!texts().contains(QStringLiteral("last error")), qPrintable(texts()));
        QVERIFY(!texts().contains(QStringLiteral("->")));
        QVERIFY(!texts().contains(QStringLiteral("GONE")));
        QVERIFY(json()[QStringLiteral("last_error")].isUndefined());
        QCOMPARE(json()[QStringLiteral("pid")].toInt(), 10269);
    }

    void aCrashLoopIsSaidOnce() {
        auto view = aView();
        view.running = agent::app::MachineView::Running{};
        domain::AgentReport report;
        report.agent = "exporter";
        report.state = domain::MachineState::Degraded;
        report.since = kNow;
        report.crashLooping = true;
        const auto text = [&](const std::string& step) {
            report.step = step;
            view.running->agents = {report};
            return QString::fromStdString(agent::app::statusText(view, kNow));
        };
        QVERIFY(text("crash loop: exited with code 3")
                    .contains(QStringLiteral("since 0 s, crash loop: exited with code 3\n")));
        QVERIFY(text("").contains(QStringLiteral("since 0 s, crash loop\n")));
        QVERIFY(text("repairing files")
                    .contains(QStringLiteral("since 0 s, crash loop, repairing files\n")));
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
