// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/models/fleet_store.h"
#include "gui/models/version_spread.h"
#include "tests/gui/support/fleet_script.h"

using namespace ifrit;
using gui::models::VersionSpread;
using gui::models::versionSpread;

namespace {

std::vector<tests::ScriptMachine> machines(
    const std::vector<std::pair<std::string, std::string>>& runningAndDesired) {
    auto out = tests::plainMachines(runningAndDesired.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i].agents = {{.name = "other", .running = "9", .desired = "9"},
                         {.name = "logd",
                          .running = runningAndDesired[i].first,
                          .desired = runningAndDesired[i].second}};
    }
    return out;
}

}  // namespace

class TestVersionSpread : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void countsWhatRunsAndWhatIsToRun();
    void leavesOutMachinesThatAreGone();
    void ofAnUnknownAgentThereIsNone();
};

void TestVersionSpread::countsWhatRunsAndWhatIsToRun() {
    gui::models::FleetStore store;
    tests::FleetScript script;
    // Runs and stays, is to change, is to come, runs without being desired, runs nothing.
    store.apply(script.snapshot(machines(
        {{"4.9", "4.9"}, {"4.9", "4.10"}, {"", "4.10"}, {"4.10", "4.10"}, {"4.1", ""}, {"", ""}})));
    const std::vector<VersionSpread> expected = {
        {"4.10", 1, 1, 2}, {"4.9", 2, 1, 0}, {"4.1", 1, 0, 0}};
    QVERIFY(versionSpread(store.columns(), "logd") == expected);
}

void TestVersionSpread::leavesOutMachinesThatAreGone() {
    gui::models::FleetStore store;
    tests::FleetScript script;
    const auto both = machines({{"4.9", "4.9"}, {"4.9", "4.9"}});
    store.apply(script.snapshot(both));
    store.apply(script.delta({}, {both[0].uuid}));
    const std::vector<VersionSpread> expected = {{"4.9", 1, 1, 0}};
    QVERIFY(versionSpread(store.columns(), "logd") == expected);
}

void TestVersionSpread::ofAnUnknownAgentThereIsNone() {
    gui::models::FleetStore store;
    tests::FleetScript script;
    store.apply(script.snapshot(machines({{"4.9", "4.9"}})));
    QVERIFY(versionSpread(store.columns(), "nobody").empty());
    QVERIFY(versionSpread(store.columns(), "").empty());
}

QTEST_GUILESS_MAIN(TestVersionSpread)
#include "tst_version_spread.moc"
