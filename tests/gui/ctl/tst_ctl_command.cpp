// SPDX-License-Identifier: GPL-3.0-or-later
// What "copy as command" puts on the clipboard, through a real shell's quoting and ifritctl's own
// parser, down to the call that the master gets.
#include <QFile>
#include <QTest>

#include "gui/models/ctl_command.h"
#include "gui/models/text_format.h"
#include "gui/presenters/release_presenter.h"
#include "tests/gui/ctl/command_desk.h"
#include "tests/gui/ctl/specs_to_create.h"
#include "tests/gui/support/scripted_campaigns.h"

using namespace ifrit;
using namespace gui::models;
using domain::ReleaseVerb;
using gui::services::CampaignReleases;

Q_DECLARE_METATYPE(ifrit::domain::ReleaseSpec)

namespace {

constexpr char kDigest[] = "9f3c1e77a0d24b5586e0c1f24d9a6b3358f1c7720ee94a1bb0d1f3c5a7e92b64";
constexpr std::uint64_t kTargeted = 192;
constexpr std::uint64_t kCluster = 1'000;

domain::Reach reached(std::uint64_t machines = kTargeted) {
    return {machines, kCluster, false};
}

}  // namespace

class TestCtlCommand : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void everyVerbOfTheReleasePageIsTaken_data();
    void everyVerbOfTheReleasePageIsTaken();
    void startNamesThePlanThatWasShown();
    void clearBadNamesTheAgent();
    void removeNamesEveryMachine();
    void explainAndDeleteAreTaken();
    void freezeAndUnfreezeAreTaken();
    void whatShowsAPageIsTaken();
    void aFilterStaysOneWord();
    void aReasonIsQuoted_data();
    void aReasonIsQuoted();
    void anotherCountIsRefused();
    void campaignCommandsAreTaken();
    void campaignCommandsAskTheirOwnClusters();
    void theClusterThatWasLookedAtIsAsked();
    void aCreatedReleaseIsTheSame_data();
    void aCreatedReleaseIsTheSame();

private:
    int run(const QString& text) { return m_desk->run(text); }
    QString errorOf(const QString& text) const {
        return text + QLatin1Char('\n') + toText(m_desk->error);
    }
    std::unique_ptr<tests::CommandDesk> m_desk;
    tests::FakeMaster* m_master = nullptr;
    tests::FakeMaster* m_other = nullptr;  ///< of the cluster beta
};

void TestCtlCommand::init() {
    m_desk = std::make_unique<tests::CommandDesk>();
    m_master = &m_desk->master;
    m_other = &m_desk->other;
    const auto release = [] {
        gui::services::ReleaseInfo info;
        info.release.id = "r-12";
        info.release.number = 12;
        info.release.state = domain::ReleaseState::Running;
        gui::services::StageProgress stage;
        stage.counts.targeted = kTargeted;
        info.stages = {stage};
        info.clusterMachines = kCluster;
        return info;
    };
    m_master->releases.planCalls.automatic = [](const std::string& id) {
        gui::services::ReleasePlan plan;
        plan.releaseId = id;
        plan.machinesTotal = kTargeted;
        plan.clusterMachines = kCluster;
        return plan;
    };
    m_master->releases.getCalls.automatic = [release](const auto&) { return release(); };
    m_master->releases.actCalls.automatic = [release](const auto&) { return release(); };
    m_master->fleet.clearCalls.automatic = [](const auto&) { return std::uint64_t{1}; };
    m_master->fleet.explainCalls.automatic = [](const auto&) {
        return gui::services::Explanation{};
    };
    m_master->packages.getCalls.automatic = [](const gui::services::PackageRef& ref) {
        gui::services::PackageInfo package;
        package.manifestDigest = ref.manifestDigest;
        return package;
    };
    m_master->packages.removeCalls.automatic = [](const auto&) { return absl::OkStatus(); };
}

void TestCtlCommand::everyVerbOfTheReleasePageIsTaken_data() {
    QTest::addColumn<int>("verb");
    for (const ReleaseVerb verb : gui::presenters::ReleasePresenter::verbs()) {
        QTest::newRow(qPrintable(commandText({releaseCommand(verb, 12, {}, reached())})))
            << static_cast<int>(verb);
    }
}

void TestCtlCommand::everyVerbOfTheReleasePageIsTaken() {
    QFETCH(int, verb);
    const auto asked = static_cast<ReleaseVerb>(verb);
    std::vector<gui::services::ReleaseAct> acts;
    m_master->releases.actCalls.automatic = [&acts](const gui::services::ReleaseAct& act) {
        acts.push_back(act);
        return gui::services::ReleaseInfo{};
    };
    const QString text =
        commandText({releaseCommand(asked, 12, "8c1f3a", reached())}, QStringLiteral("OPS-2219"));
    QVERIFY2(run(text) == 0, qPrintable(errorOf(text)));
    QCOMPARE(acts.size(), std::size_t{1});
    QCOMPARE(acts[0].verb, asked);
    QCOMPARE(acts[0].releaseId, std::string("12"));
    QCOMPARE(acts[0].mutation.reason, std::string("OPS-2219"));
    if (asked == ReleaseVerb::Abort || asked == ReleaseVerb::Rollback) {
        QCOMPARE(acts[0].mutation.expectedCount, std::optional(kTargeted));
    }
}

void TestCtlCommand::startNamesThePlanThatWasShown() {
    std::vector<std::string> plans;
    m_master->releases.actCalls.automatic = [&plans](const gui::services::ReleaseAct& act) {
        plans.push_back(act.planId);
        return gui::services::ReleaseInfo{};
    };
    const QString text = commandText({releaseCommand(ReleaseVerb::Start, 12, "8c1f3a", reached())},
                                     QStringLiteral("why"));
    QCOMPARE(run(text), 0);
    QCOMPARE(plans, std::vector<std::string>{"8c1f3a"});
}

void TestCtlCommand::clearBadNamesTheAgent() {
    std::vector<gui::services::ClearKnownBad> requests;
    m_master->fleet.clearCalls.automatic = [&](const gui::services::ClearKnownBad& request) {
        requests.push_back(request);
        return std::uint64_t{1};
    };
    const QString text =
        commandText({clearBadCommand(QStringLiteral("10.0.0.7"), "logd", kDigest),
                     clearBadCommand(QStringLiteral("10.0.0.7"), "node-exporter", kDigest)});
    for (const QString& line : text.split(QLatin1Char('\n')))
        QVERIFY2(run(line) == 0, qPrintable(errorOf(line)));
    QCOMPARE(requests.size(), std::size_t{2});
    QCOMPARE(requests[1].agent, std::string("node-exporter"));
    QCOMPARE(requests[1].uuids, std::vector<std::string>{"10.0.0.7"});
    QCOMPARE(requests[1].manifestDigest, std::string(kDigest));
}

void TestCtlCommand::removeNamesEveryMachine() {
    std::vector<gui::services::RemoveMachines> requests;
    m_master->fleet.removeCalls.automatic = [&](const gui::services::RemoveMachines& request) {
        requests.push_back(request);
        return gui::services::RemovedMachines{2, 2};
    };
    const QString text =
        commandText({removeMachinesCommand({QStringLiteral("10.0.0.7"), QStringLiteral("it's")})},
                    QStringLiteral("sold"));
    QVERIFY2(run(text) == 0, m_desk->error.c_str());
    QCOMPARE(requests.size(), std::size_t{1});
    QCOMPARE(requests[0].uuids, (std::vector<std::string>{"10.0.0.7", "it's"}));
    QCOMPARE(requests[0].mutation.expectedCount, std::optional<std::uint64_t>(2));
    QCOMPARE(requests[0].mutation.reason, std::string("sold"));
}

void TestCtlCommand::explainAndDeleteAreTaken() {
    // A uuid comes from a machine: whatever is in it stays one word.
    const QString uuid = QStringLiteral("it's $(a) \"machine\"");
    std::vector<std::string> explained;
    m_master->fleet.explainCalls.automatic = [&](const std::string& asked) {
        explained.push_back(asked);
        return gui::services::Explanation{};
    };
    QCOMPARE(run(commandText({explainCommand(uuid)})), 0);
    QCOMPARE(explained, std::vector<std::string>{uuid.toStdString()});
    std::vector<std::string> removed;
    m_master->packages.removeCalls.automatic = [&](const auto& asked) {
        removed.push_back(asked.first);
        return absl::OkStatus();
    };
    const QString text = commandText({deletePackageCommand(kDigest)}, QStringLiteral("old"));
    QVERIFY2(run(text) == 0, m_desk->error.c_str());
    QCOMPARE(removed, std::vector<std::string>{kDigest});
}

void TestCtlCommand::freezeAndUnfreezeAreTaken() {
    std::vector<std::string> reasons;
    const auto answer = [&](const gui::services::Mutation& mutation) {
        reasons.push_back(mutation.reason);
        return gui::services::ClusterSummary{};
    };
    m_master->fleet.freezeCalls.automatic = answer;
    m_master->fleet.unfreezeCalls.automatic = answer;
    for (const CtlCommand& command : {freezeCommand(), unfreezeCommand()}) {
        const QString text = commandText({command}, QStringLiteral("it burns"));
        QVERIFY2(run(text) == 0, qPrintable(errorOf(text)));
    }
    QCOMPARE(reasons, (std::vector<std::string>{"it burns", "it burns"}));
    QCOMPARE(m_master->fleet.freezeCalls.made(), std::size_t{1});
    QCOMPARE(m_master->fleet.unfreezeCalls.made(), std::size_t{1});
}

void TestCtlCommand::whatShowsAPageIsTaken() {
    m_master->fleet.clusterCalls.automatic = [](const auto&) {
        return gui::services::ClusterSummary{};
    };
    m_master->connection.whoAmICalls.automatic = [](const auto&) {
        return gui::services::Identity{};
    };
    m_master->fleet.loadCalls.automatic = [](const auto&) { return gui::services::MasterLoads{}; };
    m_master->releases.listCalls.automatic = [](const auto&) {
        return gui::services::Page<gui::services::ReleaseInfo>{};
    };
    m_master->fleet.machineCalls.automatic = [](const auto&) {
        return gui::services::MachineInfo{};
    };
    m_master->fleet.listCalls.automatic = [](const auto&) { return gui::services::MachineList{}; };
    m_master->packages.listCalls.automatic = [](const auto&) {
        return gui::services::Page<gui::services::PackageInfo>{};
    };
    m_master->packages.getCalls.automatic = [](const auto&) {
        return gui::services::PackageInfo{};
    };
    m_master->audit.listCalls.automatic = [](const auto&) {
        return gui::services::Page<gui::services::AuditRow>{};
    };
    const auto time = base::fromUnixMillis(1);
    for (const CtlCommand& command :
         {clusterCommand(), loadCommand(), machinesCommand({}),
          machineCommand(QStringLiteral("10.0.0.7")), packagesCommand(), packageCommand(kDigest),
          releasesCommand(), showReleaseCommand(12), contextsCommand(), auditCommand(),
          auditCommand({"-anna",
                        "release.start",
                        "release 12",
                        "denied",
                        time,
                        time + std::chrono::hours(1),
                        {}})}) {
        const QString text = commandText({command});
        QVERIFY2(run(text) == 0, qPrintable(errorOf(text)));
    }
}

void TestCtlCommand::aFilterStaysOneWord() {
    std::vector<std::string> filters;
    m_master->fleet.listCalls.automatic = [&](const auto& asked) {
        filters.push_back(asked);
        return gui::services::MachineList{};
    };
    const QString filter = QStringLiteral("-uuid:/^te'st/ state:failed label:zone=b");
    QVERIFY2(run(commandText({machinesCommand(filter)})) == 0, m_desk->error.c_str());
    QCOMPARE(filters, std::vector<std::string>{filter.toStdString()});
}

void TestCtlCommand::aReasonIsQuoted_data() {
    QTest::addColumn<QString>("reason");
    QTest::newRow("words") << QStringLiteral("CPU doubled on rack 7");
    QTest::newRow("quotes") << QStringLiteral("it's \"bad\"");
    QTest::newRow("a shell's own") << QStringLiteral("$(reboot) `x` \\ ; & | > * ~ #");
    QTest::newRow("a dash in front") << QStringLiteral("--yes");
    QTest::newRow("lines") << QStringLiteral("first\nsecond");
    QTest::newRow("Chinese") << QStringLiteral("回滚：探针失败");
}

void TestCtlCommand::aReasonIsQuoted() {
    QFETCH(QString, reason);
    std::vector<std::string> reasons;
    m_master->releases.actCalls.automatic = [&](const gui::services::ReleaseAct& act) {
        reasons.push_back(act.mutation.reason);
        return gui::services::ReleaseInfo{};
    };
    const QString text =
        commandText({releaseCommand(ReleaseVerb::Rollback, 12, {}, reached())}, reason);
    QVERIFY2(run(text) == 0, qPrintable(errorOf(text)));
    QCOMPARE(reasons, std::vector<std::string>{reason.toStdString()});
}

void TestCtlCommand::anotherCountIsRefused() {
    const QString text =
        commandText({releaseCommand(ReleaseVerb::Rollback, 12, {}, reached(kTargeted + 1))},
                    QStringLiteral("why"));
    QCOMPARE(run(text), 5);
    QCOMPARE(m_master->releases.actCalls.made(), std::size_t{0});
}

void TestCtlCommand::campaignCommandsAreTaken() {
    const QString path = m_desk->directory.filePath(QStringLiteral("north.bundle"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(bundle::formatBundle(
        {"cn-north-1", "test", {"127.0.0.1:7443"}, tests::kPem, tests::kPem, tests::kPem})));
    file.close();
    QCOMPARE(run(QStringLiteral("ifritctl context import ") + path), 0);
    gui::services::CampaignInfo info =
        tests::scriptedCampaigns(base::SystemClock().now(), "cn-north-1")[1];
    info.state = domain::StepState::Drafted;
    info.release.emplace().release.id = "r-12";
    tests::FakeCampaigns& campaigns = m_master->campaigns;
    campaigns.lists.automatic = [&info](const auto&) {
        return gui::services::Page<gui::services::CampaignInfo>{{info}, {}};
    };
    campaigns.gets.automatic = [&info](const auto&) { return info; };
    std::vector<tests::FakeCampaigns::Change> changes;
    campaigns.changes.automatic = [&](const tests::FakeCampaigns::Change& change) {
        changes.push_back(change);
        return info;
    };
    const QStringList clusters = {QStringLiteral("cn-north-1"), QStringLiteral("eu-west-1")};
    const QString start =
        commandText({campaignStartCommand(info.campaign.id, "cn-north-1", reached(), clusters)},
                    QStringLiteral("why"));
    QVERIFY2(run(start) == 0, qPrintable(errorOf(start)));
    QCOMPARE(changes[0].mutation.expectedCount, std::optional(kTargeted));
    for (const auto releases : {CampaignReleases::Left, CampaignReleases::RolledBack}) {
        const QString abort = commandText(
            {campaignAbortCommand(info.campaign.id, releases, 0, clusters)}, QStringLiteral("why"));
        QVERIFY2(run(abort) == 8, qPrintable(errorOf(abort)));
        QVERIFY2(m_desk->error.find("eu-west-1 was not told") != std::string::npos,
                 m_desk->error.c_str());
        QCOMPARE(changes.back().what, std::string("abort"));
    }
    for (const CtlCommand& show :
         {campaignsCommand(clusters), campaignCommand(info.campaign.id, clusters)}) {
        QVERIFY2(run(commandText({show})) == 0, qPrintable(errorOf(commandText({show}))));
        // Of the two that are named there is no context here: it is said, and the other is shown.
        QVERIFY2(m_desk->error.find("cluster eu-west-1 cannot be asked") != std::string::npos,
                 m_desk->error.c_str());
    }
    QCOMPARE(changes.size(), std::size_t{3});
}

// The shell has more contexts than the window had clusters: those are not about this campaign.
void TestCtlCommand::campaignCommandsAskTheirOwnClusters() {
    for (const char* cluster : {"cn-north-1", "beta"}) {
        const QString path = m_desk->directory.filePath(QLatin1String(cluster));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(bundle::formatBundle(
            {cluster, "test", {"127.0.0.1:7443"}, tests::kPem, tests::kPem, tests::kPem})));
        file.close();
        QCOMPARE(run(QStringLiteral("ifritctl context import ") + path), 0);
    }
    for (tests::FakeMaster* master : {m_master, m_other}) {
        master->campaigns.lists.automatic = [](const auto&) {
            return gui::services::Page<gui::services::CampaignInfo>{};
        };
    }
    const QString all = commandText({campaignsCommand({})});
    QVERIFY2(run(all) == 0, qPrintable(errorOf(all)));
    QCOMPARE(m_other->campaigns.lists.made(), std::size_t{1});
    const QString own = commandText({campaignsCommand({QStringLiteral("cn-north-1")})});
    QVERIFY2(run(own) == 0, qPrintable(errorOf(own)));
    QCOMPARE(m_other->campaigns.lists.made(), std::size_t{1});
    QCOMPARE(m_master->campaigns.lists.made(), std::size_t{2});
    const QString nobodys = commandText({campaignsCommand({QStringLiteral("mars")})});
    QCOMPARE(run(nobodys), 3);
    QVERIFY2(m_desk->error.find("context import") != std::string::npos, m_desk->error.c_str());
    QCOMPARE(run(own + QStringLiteral(" --contexts=beta")), 2);
}

// The shell's own cluster is another one, as after a look at a second cluster in the window.
void TestCtlCommand::theClusterThatWasLookedAtIsAsked() {
    const QString path = m_desk->directory.filePath(QStringLiteral("beta's new $HOME.bundle"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(bundle::formatBundle(
        {"beta", "test", {"127.0.0.1:7443"}, tests::kPem, tests::kPem, tests::kPem})));
    file.close();
    m_other->releases.getCalls.automatic = m_master->releases.getCalls.automatic;
    m_other->releases.actCalls.automatic = m_master->releases.actCalls.automatic;
    m_other->fleet.freezeCalls.automatic = [](const auto&) {
        return gui::services::ClusterSummary{};
    };
    m_other->access.disableCalls.automatic = [](const auto&) { return gui::services::UserInfo{}; };
    m_other->fleet.listCalls.automatic = [](const auto&) { return gui::services::MachineList{}; };
    for (const CtlCommand& command :
         {freezeCommand(), releaseCommand(ReleaseVerb::Pause, 12, {}, reached()),
          userCommand(UserVerb::Disable, QStringLiteral("anna"))}) {
        const QString text = commandText({command}, QStringLiteral("why"), path);
        QVERIFY2(run(text) == 0, qPrintable(errorOf(text)));
    }
    const QString list = commandText({machinesCommand(QStringLiteral("-state:failed"))}, {}, path);
    QVERIFY2(run(list) == 0, qPrintable(errorOf(list)));
    QCOMPARE(m_other->fleet.freezeCalls.made(), std::size_t{1});
    QCOMPARE(m_other->releases.actCalls.made(), std::size_t{1});
    QCOMPARE(m_other->access.disableCalls.made(), std::size_t{1});
    QCOMPARE(m_other->fleet.listCalls.made(), std::size_t{1});
    QCOMPARE(m_master->fleet.freezeCalls.made() + m_master->releases.actCalls.made() +
                 m_master->access.disableCalls.made() + m_master->fleet.listCalls.made(),
             std::size_t{0});
    // These are of no cluster, or name their own.
    for (const CtlCommand& command :
         {contextsCommand(), campaignAbortCommand("c-1", CampaignReleases::Left, 0, {})})
        QVERIFY(!commandText({command}, {}, path).contains(QStringLiteral("--bundle")));
}

void TestCtlCommand::aCreatedReleaseIsTheSame_data() {
    QTest::addColumn<domain::ReleaseSpec>("spec");
    for (const auto& [name, spec] : tests::specsToCreate())
        QTest::newRow(name) << spec;
}

void TestCtlCommand::aCreatedReleaseIsTheSame() {
    QFETCH(const domain::ReleaseSpec, spec);
    std::vector<std::pair<domain::ReleaseSpec, gui::services::Mutation>> made;
    m_master->releases.createCalls.automatic = [&made](const tests::FakeReleases::Spec& asked) {
        made.push_back(asked);
        return gui::services::ReleaseInfo{};
    };
    const QString text = commandText({createReleaseCommand(spec)}, QStringLiteral("OPS-2219"));
    QVERIFY2(run(text) == 0, qPrintable(errorOf(text)));
    QCOMPARE(made.size(), std::size_t{1});
    QVERIFY2(made[0].first == spec, qPrintable(text));
    QCOMPARE(made[0].second.reason, std::string("OPS-2219"));
}

QTEST_GUILESS_MAIN(TestCtlCommand)
#include "tst_ctl_command.moc"
