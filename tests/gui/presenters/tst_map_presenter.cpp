// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>

#include "gui/models/row_order.h"
#include "gui/presenters/map_presenter.h"
#include "gui/presenters/releases_presenter.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/hub_fixture.h"
#include "tests/gui/support/fleet_script.h"

using namespace ifrit;
namespace services = gui::services;
using domain::MachineState;
using gui::models::StatusKind;
using gui::models::ViewState;
using gui::presenters::MapPresenter;
using Bucket = MapPresenter::Bucket;

namespace {

/// A fleet that is told as soon as it is watched.
struct Map {
    tests::HubFixture fixture;
    tests::FleetScript script;
    MapPresenter presenter{fixture.hub, fixture.feed};

    void tell(const std::vector<tests::ScriptMachine>& machines) {
        fixture.connect({});
        fixture.master.fleet.machineWatch.tell(script.snapshot(machines));
    }
    qint64 count(Bucket bucket) const {
        for (const auto& entry : presenter.legend()) {
            if (entry.entry == static_cast<std::uint8_t>(bucket)) return entry.machines;
        }
        return 0;
    }
    /// Whether each machine of the first group is drawn pale.
    std::vector<bool> faded() const {
        const auto swatches = presenter.swatches();
        const auto groups = presenter.groups();
        std::vector<bool> out;
        for (const std::uint8_t swatch : groups.front().swatches)
            out.push_back(swatches[swatch].faded);
        return out;
    }
    /// "1.6.1 2": what the legend says.
    QStringList legend() const {
        QStringList out;
        for (const auto& entry : presenter.legend())
            out << QStringLiteral("%1 %2").arg(entry.word).arg(entry.machines);
        return out;
    }
    /// "failed 1 25.0 %": what the donut says.
    QStringList states() const {
        QStringList out;
        for (const auto& share : presenter.states())
            out << QStringLiteral("%1 %2 %3")
                       .arg(share.look.word)
                       .arg(share.machines)
                       .arg(share.share);
        return out;
    }
    QString figure(const QString& label) const {
        for (const auto& figure : presenter.figures()) {
            if (figure.label == label) return figure.value;
        }
        return {};
    }
};

std::vector<tests::ScriptMachine> machinesOf(const std::vector<MachineState>& states) {
    auto machines = tests::plainMachines(states.size());
    for (std::size_t i = 0; i < states.size(); ++i)
        machines[i].state = states[i];
    return machines;
}

}  // namespace

class TestMapPresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyStateHasABucket_data();
    void everyStateHasABucket();
    void silentIsNotHealthy();
    void aFleetThatIsSilentHasNobodyHealthy();
    void groupsByNumberAndByName();
    void groupsByALabel();
    void colorsByVersion();
    void colorsByAgeAndBatch();
    void filtersOfTheLegendFindWhatItCounts_data();
    void filtersOfTheLegendFindWhatItCounts();
    void failingOnlyGoesBackToStates();
    void whoIsGoneIsNowhere();
    void theTableFormCountsTheSame();
    void toggleFadesTheOthers();
    void statesAreOfWhatAnswers();
    void aStateIsChosenAsInTheLegend();
    void anOldMapIsNotHealthy();
    void aBrokenStreamIsOpenedAgain();
    void leadingAgentIsTheCommonest();
    void aMissingSummaryIsTold();
};

void TestMapPresenter::everyStateHasABucket_data() {
    QTest::addColumn<int>("state");
    QTest::addColumn<int>("bucket");
    const auto row = [](const char* name, MachineState state, Bucket bucket) {
        QTest::newRow(name) << static_cast<int>(state) << static_cast<int>(bucket);
    };
    row("failed", MachineState::Failed, Bucket::Failed);
    row("reverted", MachineState::Reverted, Bucket::Failed);
    row("silent", MachineState::Silent, Bucket::Silent);
    row("watching", MachineState::Watching, Bucket::Watching);
    row("degraded", MachineState::Degraded, Bucket::Watching);
    row("scheduled", MachineState::Scheduled, Bucket::InFlight);
    row("waiting for a permit", MachineState::WaitingPermit, Bucket::InFlight);
    row("downloading", MachineState::Downloading, Bucket::InFlight);
    row("verifying", MachineState::Verifying, Bucket::InFlight);
    row("installing", MachineState::Installing, Bucket::InFlight);
    row("healthy", MachineState::Healthy, Bucket::Healthy);
    row("already", MachineState::Already, Bucket::Healthy);
    row("unknown", MachineState::Unknown, Bucket::Other);
}

void TestMapPresenter::everyStateHasABucket() {
    QFETCH(int, state);
    QFETCH(int, bucket);
    Map map;
    map.tell(machinesOf({static_cast<MachineState>(state)}));
    QCOMPARE(map.count(static_cast<Bucket>(bucket)), 1);
    QVERIFY(!MapPresenter::filterOf(static_cast<Bucket>(bucket)).isEmpty());
}

// A master says silent of every machine that misses its polls, whatever that said last.
// "1 bad" stood beside "100 %".
void TestMapPresenter::silentIsNotHealthy() {
    Map map;
    auto machines = machinesOf({MachineState::Healthy, MachineState::Healthy, MachineState::Failed,
                                MachineState::Healthy});
    machines[3].offline = true;
    map.tell(machines);
    QCOMPARE(map.figure(QStringLiteral("Machines")), QStringLiteral("4"));
    QCOMPARE(map.figure(QStringLiteral("Healthy")), QStringLiteral("50.0 %"));
    QCOMPARE(map.figure(QStringLiteral("Silent")), QStringLiteral("1"));
    QCOMPARE(map.count(Bucket::Silent), 1);
    QCOMPARE(map.presenter.cards().front().share, QStringLiteral("50.0 %"));
    QCOMPARE(map.presenter.cards().front().look.kind, StatusKind::Fail);
}

void TestMapPresenter::aFleetThatIsSilentHasNobodyHealthy() {
    Map map;
    auto machines = machinesOf({MachineState::Healthy, MachineState::Healthy});
    machines[0].offline = machines[1].offline = true;
    map.tell(machines);
    QCOMPARE(map.figure(QStringLiteral("Healthy")), QStringLiteral("0 %"));
    QCOMPARE(map.presenter.cards().front().look.word, QStringLiteral("2 bad"));
}

void TestMapPresenter::groupsByNumberAndByName() {
    Map map;
    auto machines = tests::plainMachines(4);
    const std::uint32_t batches[] = {10, 2, 0, 2};
    const char* pins[] = {"zed", "acme", "", "acme"};
    for (std::size_t i = 0; i < 4; ++i) {
        machines[i].batch = batches[i];
        machines[i].pin = pins[i];
    }
    map.tell(machines);
    const auto titles = [&map] {
        QStringList out;
        for (const auto& group : map.presenter.groups())
            out << QStringLiteral("%1: %2").arg(group.title, group.note);
        return out;
    };
    // 2 before 10: numbers, not letters.
    QCOMPARE(titles(), QStringList({QStringLiteral("No batch: 1"), QStringLiteral("Batch 2: 2"),
                                    QStringLiteral("Batch 10: 1")}));
    map.presenter.setGroupBy(MapPresenter::GroupBy::Pin);
    QCOMPARE(titles(), QStringList({QStringLiteral("No pin: 1"), QStringLiteral("acme: 2"),
                                    QStringLiteral("zed: 1")}));
    map.presenter.setGroupBy(MapPresenter::GroupBy::Nothing);
    QCOMPARE(titles(), QStringList({QStringLiteral("All machines: 4")}));
}

void TestMapPresenter::groupsByALabel() {
    Map map;
    auto machines = tests::plainMachines(4);
    const char* labels[] = {"rack=7,zone=b", "rack=8,zone=a", "rack=9,zone=b", ""};
    for (std::size_t i = 0; i < 4; ++i)
        machines[i].labels = labels[i];
    map.tell(machines);
    QCOMPARE(map.presenter.labelKeys(),
             QStringList({QStringLiteral("rack"), QStringLiteral("zone")}));
    map.presenter.setGroupBy(MapPresenter::GroupBy::Label, QStringLiteral("zone"));
    QStringList titles;
    for (const auto& group : map.presenter.groups())
        titles << QStringLiteral("%1: %2").arg(group.title, group.note);
    // Two racks in one zone are one group.
    QCOMPARE(titles, QStringList({QStringLiteral("No zone: 1"), QStringLiteral("zone=a: 1"),
                                  QStringLiteral("zone=b: 2")}));
}

void TestMapPresenter::colorsByVersion() {
    Map map;
    auto machines = tests::plainMachines(5);
    const char* versions[] = {"1.10.0", "1.9.0", "1.10.0", "1.9.0"};
    for (std::size_t i = 0; i < 4; ++i)
        machines[i].agents = {{.name = "logd", .running = versions[i]}};
    map.tell(machines);
    services::ClusterSummary cluster;
    cluster.versions = {{"logd", "1.10.0", 2}, {"logd", "1.9.0", 2}};
    map.fixture.master.fleet.clusterCalls.deliver(cluster);
    map.presenter.setColor(gui::presenters::MapColor::Version);
    // The newest first, and who has none of it last.
    QCOMPARE(map.legend(), QStringList({QStringLiteral("1.10.0 2"), QStringLiteral("1.9.0 2"),
                                        QStringLiteral("none 1")}));
    QVERIFY(!map.presenter.legend()[0].swatch.kind);
    QVERIFY(map.presenter.legend()[2].swatch.kind);
    map.presenter.toggle(std::uint8_t{1});
    map.presenter.setGroupBy(MapPresenter::GroupBy::Nothing);
    QCOMPARE(map.faded(), (std::vector<bool>{true, false, true, false, true}));
}

void TestMapPresenter::colorsByAgeAndBatch() {
    Map map;
    auto machines = tests::plainMachines(60);
    const std::int64_t now = base::toUnixMillis(map.fixture.clock.now());
    for (std::size_t i = 0; i < 60; ++i) {
        machines[i].batch = static_cast<std::uint32_t>(i % 40);
        machines[i].lastSeenMs = now - (i == 0 ? 3 * 86'400'000LL : 1'000);
    }
    map.tell(machines);
    map.presenter.setColor(gui::presenters::MapColor::Age);
    QCOMPARE(map.legend(),
             QStringList({QStringLiteral("under 1 min 59"), QStringLiteral("older 1")}));
    map.presenter.setColor(gui::presenters::MapColor::Batch);
    const auto legend = map.presenter.legend();
    QCOMPARE(legend.size(), std::size_t{25});
    QCOMPARE(legend.front().word, QStringLiteral("Batch 1"));
    QCOMPARE(legend[23].word, QStringLiteral("others"));
    qint64 sum = 0;
    for (const auto& entry : legend)
        sum += entry.machines;
    QCOMPARE(sum, 60);
}

void TestMapPresenter::filtersOfTheLegendFindWhatItCounts_data() {
    QTest::addColumn<int>("color");
    QTest::newRow("state") << 0;
    QTest::newRow("version") << 1;
    QTest::newRow("age") << 2;
    QTest::newRow("batch") << 3;
}

void TestMapPresenter::filtersOfTheLegendFindWhatItCounts() {
    QFETCH(int, color);
    Map map;
    auto machines = tests::plainMachines(200);
    const std::int64_t now = base::toUnixMillis(map.fixture.clock.now());
    const std::int64_t ages[] = {1'000, 70'000, 400'000, 4'000'000, 90'000'000, 59'000};
    for (std::size_t i = 0; i < machines.size(); ++i) {
        machines[i].state = static_cast<MachineState>(i % 15);
        machines[i].offline = i % 11 == 0;
        machines[i].batch = static_cast<std::uint32_t>(i % 37);
        machines[i].lastSeenMs = now - ages[i % 6];
        if (i % 5 != 0)
            machines[i].agents = {{.name = "logd", .running = i % 2 == 0 ? "1.2.0" : "1.3.0"}};
    }
    map.tell(machines);
    services::ClusterSummary cluster;
    cluster.versions = {{"logd", "1.2.0", 80}, {"logd", "1.3.0", 80}};
    map.fixture.master.fleet.clusterCalls.deliver(cluster);
    map.presenter.setColor(static_cast<gui::presenters::MapColor>(color));
    const auto& columns = map.fixture.feed.store().columns();
    for (const auto& entry : map.presenter.legend()) {
        if (entry.filter.isEmpty()) continue;
        const auto parsed = filter::MachineFilter::parse(entry.filter.toStdString());
        QVERIFY2(!parsed.error, qPrintable(entry.filter));
        qint64 found = 0;
        for (std::uint32_t row = 0; row < columns.rows(); ++row) {
            found += gui::models::rowMatches(columns, row, parsed.filter, map.fixture.clock.now());
        }
        QVERIFY2(
            found == entry.machines,
            qPrintable(
                QStringLiteral("%1: %2 for %3").arg(entry.filter).arg(found).arg(entry.machines)));
    }
}

void TestMapPresenter::failingOnlyGoesBackToStates() {
    Map map;
    map.tell(machinesOf({MachineState::Failed, MachineState::Healthy}));
    map.presenter.setGroupBy(MapPresenter::GroupBy::Nothing);
    map.presenter.setColor(gui::presenters::MapColor::Age);
    map.presenter.toggle(Bucket::Failed);
    QCOMPARE(map.presenter.color(), gui::presenters::MapColor::State);
    QCOMPARE(map.faded(), (std::vector<bool>{false, true}));
}

// What left keeps its row, as a hole, and with it whatever the machine was.
void TestMapPresenter::whoIsGoneIsNowhere() {
    using gui::presenters::MapColor;
    using gui::presenters::MapGroupBy;
    Map map;
    auto machines = tests::plainMachines(4);
    for (std::size_t i = 0; i < 4; ++i) {
        machines[i].batch = i == 3 ? 30 : 1;
        machines[i].pin = i == 3 ? "gone" : "acme";
        machines[i].agents = {{.name = "logd", .running = i == 3 ? "9" : "1"}};
    }
    map.tell(machines);
    map.presenter.setColor(MapColor::Batch);
    map.fixture.master.fleet.machineWatch.tell(map.script.delta({}, {machines[3].uuid}));
    map.fixture.clock.advance(std::chrono::seconds(1));
    QTRY_COMPARE(map.presenter.total(), 3);
    for (const MapColor color :
         {MapColor::Version, MapColor::Age, MapColor::State, MapColor::Batch}) {
        map.presenter.setColor(color);
        for (const MapGroupBy by : {MapGroupBy::Batch, MapGroupBy::Pin, MapGroupBy::Nothing}) {
            map.presenter.setGroupBy(by);
            const auto groups = map.presenter.groups();
            QCOMPARE(groups.size(), std::size_t{1});
            QCOMPARE(groups.front().note, QStringLiteral("3"));
            QCOMPARE(groups.front().rows, (std::vector<std::uint32_t>{0, 1, 2}));
            QCOMPARE(groups.front().swatches.size(), std::size_t{3});
        }
        qint64 sum = 0;
        for (const auto& entry : map.presenter.legend())
            sum += entry.machines;
        QCOMPARE(sum, 3);
    }
}

void TestMapPresenter::theTableFormCountsTheSame() {
    Map map;
    auto machines = machinesOf({MachineState::Failed, MachineState::Healthy, MachineState::Healthy,
                                MachineState::Downloading});
    machines[3].batch = 2;
    map.tell(machines);
    map.presenter.updateGroupModel();
    const auto& rows = map.presenter.groupModel().records();
    QCOMPARE(rows.size(), std::size_t{2});
    QCOMPARE(rows[0].title, QStringLiteral("Batch 1"));
    QCOMPARE(rows[0].machines, 3);
    QCOMPARE(rows[0].failed, 1);
    QCOMPARE(rows[0].healthy, 2);
    QCOMPARE(rows[1].inFlight, 1);
    QCOMPARE(rows[1].colors, QStringLiteral("in flight 1"));
}

void TestMapPresenter::toggleFadesTheOthers() {
    Map map;
    map.tell(machinesOf({MachineState::Failed, MachineState::Healthy}));
    map.presenter.setGroupBy(MapPresenter::GroupBy::Nothing);
    map.presenter.toggle(Bucket::Failed);
    QCOMPARE(map.faded(), (std::vector<bool>{false, true}));
    map.presenter.toggle(Bucket::Failed);
    QCOMPARE(map.faded(), (std::vector<bool>{false, false}));
}

void TestMapPresenter::statesAreOfWhatAnswers() {
    Map map;
    auto machines = machinesOf({MachineState::Healthy, MachineState::Already, MachineState::Failed,
                                MachineState::Healthy});
    machines[3].offline = true;
    map.tell(machines);
    QCOMPARE(map.states(),
             (QStringList{QStringLiteral("failed or reverted 1 25.0 %"),
                          QStringLiteral("silent 1 25.0 %"), QStringLiteral("healthy 2 50.0 %")}));
    QCOMPARE(map.presenter.statesTitle(), QStringLiteral("Machines by state"));
    map.presenter.updateStateModel();
    QCOMPARE(map.presenter.stateModel().rowCount(), 3);
    QCOMPARE(map.presenter.stateModel().index(1, 0).data().toString(), QStringLiteral("silent"));
    QCOMPARE(map.presenter.stateModel().index(1, 1).data().toString(), QStringLiteral("1"));
    // What was known of a cluster that does not answer is no state of now.
    map.fixture.master.connection.tell(services::LinkState::Reconnecting);
    QCOMPARE(map.states(), QStringList());
}

void TestMapPresenter::aStateIsChosenAsInTheLegend() {
    Map map;
    map.tell(machinesOf({MachineState::Failed, MachineState::Healthy}));
    const auto chosen = [&map] {
        QStringList out;
        for (const auto& share : map.presenter.states()) {
            if (share.chosen) out << share.look.word;
        }
        return out;
    };
    QCOMPARE(chosen(), QStringList());
    map.presenter.toggle(static_cast<Bucket>(map.presenter.states().front().state));
    QCOMPARE(chosen(), QStringList{QStringLiteral("failed or reverted")});
    QCOMPARE(map.faded(), (std::vector<bool>{false, true}));
    // By its versions the map shows no state alone.
    map.presenter.setColor(gui::presenters::MapColor::Version);
    QCOMPARE(chosen(), QStringList());
}

void TestMapPresenter::anOldMapIsNotHealthy() {
    Map map;
    map.tell(machinesOf({MachineState::Healthy}));
    map.fixture.master.connection.tell(services::LinkState::Reconnecting);
    QCOMPARE(map.presenter.notice().state, ViewState::Offline);
    QVERIFY(map.presenter.cards().front().old);
    QCOMPARE(map.presenter.cards().front().share, QStringLiteral("–"));
    for (const auto& figure : map.presenter.figures())
        QVERIFY(figure.struck);
    QCOMPARE(map.faded(), (std::vector<bool>{true}));
}

void TestMapPresenter::aBrokenStreamIsOpenedAgain() {
    Map map;
    map.tell(machinesOf({MachineState::Healthy}));
    auto& watch = map.fixture.master.fleet.machineWatch;
    watch.end(base::failedPrecondition("STORAGE", "sqlite", "the database is locked"));
    QCOMPARE(map.presenter.notice().state, ViewState::Partial);
    QCOMPARE(watch.open(), std::size_t{0});
    map.presenter.refresh();
    QCOMPARE(watch.open(), std::size_t{1});
    QCOMPARE(map.presenter.notice().state, ViewState::Ready);
    // One that runs is left alone.
    map.presenter.refresh();
    QCOMPARE(watch.open(), std::size_t{1});
}

void TestMapPresenter::leadingAgentIsTheCommonest() {
    Map map;
    map.tell(machinesOf({MachineState::Healthy}));
    services::ClusterSummary cluster;
    cluster.versions = {
        {"logd", "2.0", 30}, {"metrics", "1.0", 12}, {"metrics", "1.1", 25}, {"metrics", "", 4}};
    cluster.runningReleases = 2;
    map.fixture.master.fleet.clusterCalls.deliver(cluster);
    QCOMPARE(map.presenter.leadingAgent(), QStringLiteral("metrics"));
    const auto versions = map.presenter.versions();
    QCOMPARE(versions.size(), std::size_t{2});
    QCOMPARE(versions[0].version, QStringLiteral("1.1"));
    QCOMPARE(map.presenter.openReleases(), 2);
}

void TestMapPresenter::aMissingSummaryIsTold() {
    Map map;
    map.tell(machinesOf({MachineState::Healthy}));
    auto& calls = map.fixture.master.fleet.clusterCalls;
    // Asked again while the answer is on its way, nothing is cut short.
    map.presenter.refresh();
    QCOMPARE(calls.made(), std::size_t{1});
    calls.deliver(absl::DeadlineExceededError("no answer in 15 s"));
    const auto notice = map.presenter.notice();
    QCOMPARE(notice.state, ViewState::Partial);
    QVERIFY2(notice.sentence.contains(QStringLiteral("15 s")), qPrintable(notice.sentence));
    map.presenter.refresh();
    calls.deliver(services::ClusterSummary{});
    QCOMPARE(map.presenter.notice().state, ViewState::Ready);
}

QTEST_GUILESS_MAIN(TestMapPresenter)
#include "tst_map_presenter.moc"
