// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/models/fleet_store.h"
#include "gui/models/row_order.h"
#include "tests/gui/support/fleet_script.h"

using namespace ifrit;
namespace services = gui::services;
using namespace gui::models;
using domain::MachineState;

namespace {

const base::WallTime kNow = base::fromUnixMillis(100'000);

FleetStore fleet() {
    auto machines = tests::plainMachines(4);
    machines[0].state = MachineState::Healthy;
    machines[0].pin = "zed";
    machines[0].address = "10.0.0.10";
    machines[0].batch = 3;
    machines[0].lastSeenMs = 90'000;
    machines[0].agents = {{.name = "logd", .running = "1.10", .desired = "1.10", .rssBytes = 5}};
    machines[1].state = MachineState::Failed;
    machines[1].pin = "acme";
    machines[1].address = "10.0.0.9";
    machines[1].batch = 1;
    machines[1].lastSeenMs = 99'000;
    machines[1].agents = {{.name = "logd", .running = "1.9", .desired = "1.10", .rssBytes = 9}};
    machines[2].state = MachineState::Downloading;
    machines[2].pin = "core";
    machines[2].offline = true;
    machines[2].batch = 2;
    machines[2].lastSeenMs = 50'000;
    machines[3].state = MachineState::Silent;
    machines[3].offline = true;
    machines[3].batch = 2;
    machines[3].lastSeenMs = 60'000;
    FleetStore store;
    tests::FleetScript script;
    store.apply(script.snapshot(machines));
    return store;
}

}  // namespace

class TestRowOrder : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void orders_data();
    void orders();
    void filters();
    void skipsHoles();
    void everyOrderIsThatOfTheTexts();
};

void TestRowOrder::orders_data() {
    QTest::addColumn<int>("column");
    QTest::addColumn<bool>("descending");
    QTest::addColumn<QList<int>>("expected");
    const auto row = [](const char* name, MachineColumn column, bool descending,
                        const QList<int>& expected) {
        QTest::newRow(name) << static_cast<int>(column) << descending << expected;
    };
    row("worst state first", MachineColumn::State, false, {1, 2, 3, 0});
    row("uuid", MachineColumn::Uuid, false, {0, 1, 2, 3});
    row("uuid down", MachineColumn::Uuid, true, {3, 2, 1, 0});
    row("address by number", MachineColumn::Address, false, {1, 0, 2, 3});
    row("pin", MachineColumn::Pin, false, {1, 3, 2, 0});
    row("versions by number", MachineColumn::Agents, false, {2, 3, 1, 0});
    row("batch, equal ones by uuid", MachineColumn::Batch, true, {0, 2, 3, 1});
    row("last seen, youngest first", MachineColumn::LastSeen, false, {1, 0, 3, 2});
    row("rss", MachineColumn::Rss, true, {1, 0, 2, 3});
}

void TestRowOrder::orders() {
    QFETCH(int, column);
    QFETCH(bool, descending);
    const FleetStore store = fleet();
    const auto rows =
        orderRows(store.columns(), {}, {static_cast<MachineColumn>(column), descending}, kNow);
    QList<int> found;
    for (const std::uint32_t row : rows)
        found << static_cast<int>(row);
    QTEST(found, "expected");
}

void TestRowOrder::filters() {
    const FleetStore store = fleet();
    const auto rowsOf = [&](const char* text) {
        return orderRows(store.columns(), filter::MachineFilter::parse(text).filter, {}, kNow);
    };
    QCOMPARE(rowsOf("pin:acme"), (std::vector<std::uint32_t>{1, 3}));
    QCOMPARE(rowsOf("agent:logd version<1.10"), (std::vector<std::uint32_t>{1}));
    QCOMPARE(rowsOf("state:offline"), (std::vector<std::uint32_t>{2, 3}));
    QCOMPARE(rowsOf("state:silent"), (std::vector<std::uint32_t>{2, 3}));
    QCOMPARE(rowsOf("nothing-like-it"), (std::vector<std::uint32_t>{}));
}

void TestRowOrder::skipsHoles() {
    FleetStore store = fleet();
    tests::FleetScript script;
    store.apply(script.delta({}, {"i-00001"}));
    QCOMPARE(orderRows(store.columns(), {}, {}, kNow), (std::vector<std::uint32_t>{0, 2, 3}));
}

void TestRowOrder::everyOrderIsThatOfTheTexts() {
    // Uuids that begin alike, end early, and have bytes above 127; addresses of both kinds.
    const std::vector<std::string> uuids = {"web-1", "web-10",      "web-2",        "web-\xe4",
                                            "web-",  "web-1000000", "web-10000000", "web-1000000a"};
    auto machines = tests::plainMachines(static_cast<int>(uuids.size()));
    const std::vector<std::string> addresses = {"10.0.0.9",     "10.0.0.10",  "fe80::1",
                                                "9.255.0.1",    "10.0.0.256", "",
                                                "host.example", "10.0.0"};
    for (std::size_t i = 0; i < uuids.size(); ++i) {
        machines[i].uuid = uuids[i];
        machines[i].address = addresses[i];
    }
    FleetStore store;
    tests::FleetScript script;
    store.apply(script.snapshot(machines));
    const auto named = [&](const RowOrder& order, const auto& texts) {
        std::vector<std::string> out;
        for (const std::uint32_t row : orderRows(store.columns(), {}, order, kNow))
            out.emplace_back(texts(row));
        return out;
    };
    const auto uuid = [&](std::uint32_t row) { return store.columns().uuid[row]; };
    auto sorted = uuids;
    std::sort(sorted.begin(), sorted.end());
    QVERIFY(named({MachineColumn::Uuid, false}, uuid) == sorted);
    std::reverse(sorted.begin(), sorted.end());
    QVERIFY(named({MachineColumn::Uuid, true}, uuid) == sorted);
    const auto address = [&](std::uint32_t row) {
        return store.columns().text(store.columns().address[row]);
    };
    const auto byAddress = named({MachineColumn::Address, false}, address);
    const std::vector<std::string> first(byAddress.begin(), byAddress.begin() + 4);
    QVERIFY(first == (std::vector<std::string>{"", "9.255.0.1", "10.0.0.9", "10.0.0.10"}));
}

QTEST_GUILESS_MAIN(TestRowOrder)
#include "tst_row_order.moc"
