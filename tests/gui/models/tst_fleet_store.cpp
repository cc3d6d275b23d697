// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/models/fleet_store.h"
#include "tests/gui/support/fleet_script.h"

using namespace ifrit;
namespace services = gui::services;
using gui::models::FleetChange;
using gui::models::FleetStore;
using tests::FleetScript;
using tests::ScriptMachine;

class TestFleetStore : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void takesASnapshotOnlyWhenItIsWhole();
    void changesAddsAndRemoves();
    void movesAMachineThatGotOneMoreAgent();
    void leavesAHeldSnapshotUntouched();
    void newSnapshotForgetsTheOldStrings();
    void clears();
};

void TestFleetStore::takesASnapshotOnlyWhenItIsWhole() {
    FleetStore store;
    FleetScript script;
    services::MachinesUpdate first = script.snapshot(tests::plainMachines(2));
    first.snapshotEnds = false;
    first.total = 3;
    QVERIFY(!store.apply(first).any());
    QVERIFY(!store.loaded());
    QCOMPARE(store.size(), 0U);
    QCOMPARE(store.gathered(), 2ULL);
    QCOMPARE(store.expected(), 3ULL);
    ScriptMachine third;
    third.uuid = "i-00002";
    services::MachinesUpdate last = script.delta({third}, {}, 7);
    last.snapshotEnds = true;
    QVERIFY(store.apply(last).reset);
    QVERIFY(store.loaded());
    QCOMPARE(store.size(), 3U);
    QCOMPARE(store.generation(), 7ULL);
    QVERIFY(store.isConsistent());
}

void TestFleetStore::changesAddsAndRemoves() {
    FleetStore store;
    FleetScript script;
    store.apply(script.snapshot(tests::plainMachines(3)));
    ScriptMachine changed;
    changed.uuid = "i-00001";
    changed.state = domain::MachineState::Failed;
    changed.pin = "zed";
    ScriptMachine added;
    added.uuid = "i-99999";
    const FleetChange change = store.apply(script.delta({changed, added}, {"i-00000", "unknown"}));
    QVERIFY(!change.reset);
    QCOMPARE(change.changed, std::vector<std::uint32_t>{1});
    QCOMPARE(change.added, std::vector<std::uint32_t>{3});
    QCOMPARE(change.removed, std::vector<std::uint32_t>{0});
    QCOMPARE(store.size(), 3U);
    QVERIFY(!store.rowOf("i-00000"));
    QCOMPARE(store.columns().text(store.columns().pin[1]), std::string_view("zed"));
    QCOMPARE(store.columns().state[1], domain::MachineState::Failed);
    QVERIFY(store.isConsistent());
}

void TestFleetStore::movesAMachineThatGotOneMoreAgent() {
    FleetStore store;
    FleetScript script;
    auto machines = tests::plainMachines(2);
    machines[0].agents = {{.name = "logd", .running = "1.0", .desired = "1.0"}};
    machines[1].agents = {{.name = "logd", .running = "2.0", .desired = "2.0"}};
    store.apply(script.snapshot(machines));
    machines[0].agents.push_back({.name = "metrics", .running = "5.0", .desired = "5.0"});
    store.apply(script.delta({machines[0]}));
    const auto& columns = store.columns();
    QCOMPARE(columns.agentsOf(0).size(), std::size_t{2});
    QCOMPARE(columns.text(columns.agentsOf(0)[1].agent), std::string_view("metrics"));
    QCOMPARE(columns.text(columns.agentsOf(1)[0].runningVersion), std::string_view("2.0"));
    QVERIFY(store.isConsistent());
}

void TestFleetStore::leavesAHeldSnapshotUntouched() {
    FleetStore store;
    FleetScript script;
    store.apply(script.snapshot(tests::plainMachines(1)));
    const auto held = store.snapshot();
    ScriptMachine changed;
    changed.uuid = "i-00000";
    changed.state = domain::MachineState::Silent;
    store.apply(script.delta({changed}));
    QCOMPARE(held->state[0], domain::MachineState::Healthy);
    QCOMPARE(store.columns().state[0], domain::MachineState::Silent);
}

void TestFleetStore::newSnapshotForgetsTheOldStrings() {
    FleetStore store;
    FleetScript script;
    auto machines = tests::plainMachines(1);
    store.apply(script.snapshot(machines));
    machines[0].pin = "other";
    QVERIFY(store.apply(script.snapshot(machines, 9)).reset);
    QCOMPARE(store.columns().text(store.columns().pin[0]), std::string_view("other"));
    QCOMPARE(store.columns().strings.find("acme"), store.columns().strings.size());
    QVERIFY(store.isConsistent());
}

void TestFleetStore::clears() {
    FleetStore store;
    FleetScript script;
    store.apply(script.snapshot(tests::plainMachines(4)));
    QVERIFY(store.clear().reset);
    QVERIFY(!store.loaded());
    QCOMPARE(store.size(), 0U);
    QVERIFY(store.isConsistent());
}

QTEST_GUILESS_MAIN(TestFleetStore)
#include "tst_fleet_store.moc"
