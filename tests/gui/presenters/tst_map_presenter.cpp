// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>

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
            if (entry.bucket == bucket) return entry.machines;
        }
        return 0;
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
    void offlineLeavesThePercentage();
    void silentWinsOverOffline();
    void groupsByNumberAndByName();
    void toggleFadesTheOthers();
    void anOldMapIsNotHealthy();
    void aBrokenStreamIsOpenedAgain();
    void leadingAgentIsTheCommonest();
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

void TestMapPresenter::offlineLeavesThePercentage() {
    Map map;
    auto machines = machinesOf({MachineState::Healthy, MachineState::Healthy, MachineState::Failed,
                                MachineState::Healthy});
    machines[3].offline = true;
    map.tell(machines);
    QCOMPARE(map.figure(QStringLiteral("Machines")), QStringLiteral("4"));
    QCOMPARE(map.figure(QStringLiteral("Healthy")), QStringLiteral("66.6 %"));
    QCOMPARE(map.figure(QStringLiteral("Offline")), QStringLiteral("1"));
    QCOMPARE(map.presenter.cards().front().look.kind, StatusKind::Fail);
}

void TestMapPresenter::silentWinsOverOffline() {
    Map map;
    auto machines = machinesOf({MachineState::Silent});
    machines[0].offline = true;
    map.tell(machines);
    QCOMPARE(map.count(Bucket::Silent), 1);
    QCOMPARE(map.count(Bucket::Offline), 0);
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

void TestMapPresenter::toggleFadesTheOthers() {
    Map map;
    map.tell(machinesOf({MachineState::Failed, MachineState::Healthy}));
    map.presenter.setGroupBy(MapPresenter::GroupBy::Nothing);
    map.presenter.toggle(Bucket::Failed);
    QCOMPARE(map.presenter.groups().front().faded, (std::vector<std::uint8_t>{0, 1}));
    map.presenter.toggle(Bucket::Failed);
    QCOMPARE(map.presenter.groups().front().faded, (std::vector<std::uint8_t>{0, 0}));
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
    QCOMPARE(map.presenter.groups().front().faded, (std::vector<std::uint8_t>{1}));
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
    QCOMPARE(map.presenter.runningReleases(), 2);
}

QTEST_GUILESS_MAIN(TestMapPresenter)
#include "tst_map_presenter.moc"
