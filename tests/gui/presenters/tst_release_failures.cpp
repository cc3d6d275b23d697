// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

#include "gui/presenters/release_presenter.h"
#include "tests/gui/presenters/hub_fixture.h"
#include "tests/gui/support/fleet_script.h"

using namespace ifrit;
namespace services = gui::services;
using domain::Outcome;
using gui::presenters::ReleaseFailures;
using gui::presenters::ReleasePresenter;

namespace {

using Page = services::Page<services::ReleaseMachine>;
using Counts = std::map<Outcome, std::uint32_t>;

services::ReleaseInfo release(const Counts& outcomes) {
    services::ReleaseInfo info;
    info.release.id = "a";
    info.release.state = domain::ReleaseState::Running;
    services::StageProgress stage;
    stage.counts.targeted = 200'000;
    stage.counts.outcomes = outcomes;
    info.stages = {stage};
    return info;
}

Page page(std::size_t machines, Outcome outcome, const char* reason, std::string next = {}) {
    Page out;
    out.items.resize(machines);
    for (services::ReleaseMachine& machine : out.items) {
        machine.outcome = outcome;
        machine.reason = reason;
    }
    out.nextToken = std::move(next);
    return out;
}

/// One release; the first tell and refresh() read its failures at once, where others wait for a
/// timer.
struct FailuresFixture : tests::HubFixture {
    ReleasePresenter presenter{hub};
    decltype(master.releases.machineCalls)& calls = master.releases.machineCalls;

    FailuresFixture() {
        connect({});
        presenter.open(QStringLiteral("a"));
        calls.deliver(Page{});  // of all machines
    }
    void tell(const Counts& outcomes) { master.releases.releaseWatch.tell(release(outcomes)); }
    /// The walk's call, whatever else is asked for.
    std::size_t walk() {
        for (std::size_t i = calls.pending(); i-- > 0;) {
            if (calls.request(i).outcome) return i;
        }
        return calls.pending();
    }
    bool walks() { return walk() < calls.pending(); }
    const services::ReleaseMachinesQuery& asked() { return calls.request(walk()); }
    void answer(absl::StatusOr<Page> with) { calls.deliver(walk(), std::move(with)); }
    qint64 grouped() {
        qint64 out = 0;
        for (const auto& group : presenter.failureModel().records())
            out += group.machines;
        return out;
    }
};

/// What the groups of a release share, of machines that a fleet knows.
struct SharedFixture : tests::HubFixture {
    using Kind = gui::models::MachineTrait::Kind;
    std::vector<tests::ScriptMachine> machines = tests::plainMachines(4);
    tests::FleetScript script;
    services::ReleaseInfo info = release({{Outcome::Failed, 2}});
    ReleaseFailures failures{hub, &feed.store(), [] {}};

    /// The first two fail, of gray where `stage` says so; the third is of their release, the fourth
    /// of a type that it does not change.
    SharedFixture() {
        connect({});
        for (std::size_t i = 0; i < machines.size(); ++i) {
            machines[i].type = i == 3 ? "SERVER" : i == 2 ? "ARM64" : "LINUX";
            machines[i].labels = i == 2 ? "rack=9,zone=b" : "rack=7,zone=b";
        }
        machines[3].labels = "rack=7";
        machines[3].pin = "zed";
        info.release.spec.machineTypes = {"ARM64", "LINUX"};
        info.release.previousVersions = {{"LINUX", "1.5.0"}, {"ARM64", "1.5.0"}};
    }
    void tellFleet() { master.fleet.machineWatch.tell(script.snapshot(machines)); }
    QStringList shared(domain::StageKind stage = domain::StageKind::Full) {
        failures.follow(info);
        Page failed = page(2, Outcome::Failed, "PROBE");
        for (std::size_t i = 0; i < failed.items.size(); ++i) {
            failed.items[i].uuid = machines[i].uuid;
            failed.items[i].stage = stage;
            failed.items[i].fromVersion = "1.5.0";
        }
        auto& calls = master.releases.machineCalls;
        calls.deliver(failed);
        calls.deliver(Page{});
        calls.deliver(Page{});
        QStringList out;
        for (const auto& trait : failures.groups().front().shared)
            out << QString::fromStdString(trait.value);
        return out;
    }
};

}  // namespace

class TestReleaseFailures : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsEachOutcomeToItsEnd();
    void aWalkThatRunsIsWaitedFor();
    void readsAgainOnlyWhereTheCountsMoved();
    void saysWhereItStopped();
    void anErrorIsTold();
    void whatIsNotKeptIsNotAskedFor();
    void nothingStaysOfAnotherRelease();
    void saysWhatTheMachinesShare();
    void byWhatGrayWasChosenIsNoHint();
    void readsOnceMoreWhenTheFleetHasCome();
};

// Of 100,000 machines the tab counted those among the first 500 by uuid.
void TestReleaseFailures::readsEachOutcomeToItsEnd() {
    FailuresFixture f;
    f.tell({{Outcome::Ok, 90'000}, {Outcome::Failed, 3}, {Outcome::Reverted, 1}});
    QCOMPARE(f.presenter.failures(), std::uint64_t{4});
    // With the first word: whoever opens a halted release looks for this.
    QVERIFY(f.walks());
    QCOMPARE(*f.asked().outcome, Outcome::Failed);
    QCOMPARE(f.asked().releaseId, std::string("a"));
    f.answer(page(2, Outcome::Failed, "PROBE", "next"));
    QCOMPARE(f.asked().page.token, std::string("next"));
    QCOMPARE(f.presenter.emptyLines().failures, QStringLiteral("Loading."));
    f.answer(page(1, Outcome::Failed, "DISK"));
    QCOMPARE(*f.asked().outcome, Outcome::Reverted);
    f.answer(page(1, Outcome::Reverted, "PROBE"));
    QCOMPARE(*f.asked().outcome, Outcome::Silent);
    f.answer(Page{});
    QVERIFY(!f.walks());
    QCOMPARE(f.presenter.failureModel().rowCount(), 3);
    QCOMPARE(f.presenter.failureModel().at(0)->machines, qint64{2});
    QCOMPARE(f.grouped(), qint64{4});
    QCOMPARE(f.presenter.failuresNote(), QString());
}

void TestReleaseFailures::aWalkThatRunsIsWaitedFor() {
    FailuresFixture f;
    f.tell({{Outcome::Silent, 1}});
    f.presenter.refresh();
    f.tell({{Outcome::Silent, 2}});
    f.presenter.refresh();
    f.presenter.refresh();
    f.answer(Page{});
    f.answer(Page{});
    f.answer(page(1, Outcome::Silent, "NO_REPORT"));
    QCOMPARE(f.grouped(), qint64{1});
    // And once more, for what was told meanwhile.
    f.answer(Page{});
    f.answer(Page{});
    f.answer(page(2, Outcome::Silent, "NO_REPORT"));
    QCOMPARE(f.grouped(), qint64{2});
    QVERIFY(!f.walks());
}

void TestReleaseFailures::readsAgainOnlyWhereTheCountsMoved() {
    tests::HubFixture fixture;
    fixture.connect({});
    ReleaseFailures failures(fixture.hub, nullptr, [] {});
    auto& calls = fixture.master.releases.machineCalls;
    const auto walk = [&calls](std::size_t silent) {
        calls.deliver(Page{});
        calls.deliver(Page{});
        calls.deliver(page(silent, Outcome::Silent, "NO_REPORT"));
    };
    failures.follow(release({{Outcome::Silent, 2}}));
    walk(1);
    QCOMPARE(calls.pending(), std::size_t{0});
    // The list was of another moment than the count.
    failures.follow(release({{Outcome::Silent, 2}}));
    walk(2);
    failures.follow(release({{Outcome::Silent, 2}, {Outcome::Ok, 7}}));
    QCOMPARE(calls.pending(), std::size_t{0});
    failures.readAnyway();
    failures.follow(release({{Outcome::Silent, 2}}));
    QCOMPARE(calls.pending(), std::size_t{1});
}

void TestReleaseFailures::saysWhereItStopped() {
    FailuresFixture f;
    f.tell({{Outcome::Failed, 120'000}});
    f.presenter.refresh();
    f.answer(page(ReleaseFailures::kMost, Outcome::Failed, "PROBE", "more"));
    QCOMPARE(*f.asked().outcome, Outcome::Reverted);
    f.answer(Page{});
    f.answer(Page{});
    QCOMPARE(f.presenter.failures(), std::uint64_t{120'000});
    QCOMPARE(f.presenter.failuresNote(),
             QStringLiteral("Reasons of the first %1 of %2.")
                 .arg(gui::models::grouped(50'000), gui::models::grouped(120'000)));
}

void TestReleaseFailures::anErrorIsTold() {
    FailuresFixture f;
    f.tell({{Outcome::Failed, 1}});
    f.presenter.refresh();
    f.answer(absl::UnavailableError("the database is away"));
    QCOMPARE(f.presenter.emptyLines().failures, QStringLiteral("The database is away."));
    f.presenter.refresh();
    f.answer(page(1, Outcome::Failed, "PROBE"));
    f.answer(Page{});
    f.answer(Page{});
    QCOMPARE(f.grouped(), qint64{1});
    f.presenter.refresh();
    f.answer(absl::UnavailableError("the database is away"));
    QCOMPARE(f.grouped(), qint64{1});
    QCOMPARE(f.presenter.failuresNote(), QStringLiteral("The database is away."));
}

void TestReleaseFailures::nothingStaysOfAnotherRelease() {
    FailuresFixture f;
    f.tell({{Outcome::Failed, 1}});
    f.presenter.refresh();
    f.presenter.open(QStringLiteral("b"));
    f.answer(page(1, Outcome::Failed, "PROBE"));
    QVERIFY(!f.walks());
    QCOMPARE(f.grouped(), qint64{0});
    QCOMPARE(f.presenter.emptyLines().failures, QStringLiteral("Loading."));
}

void TestReleaseFailures::whatIsNotKeptIsNotAskedFor() {
    FailuresFixture f;
    services::ReleaseInfo old = release({{Outcome::Ok, 5}, {Outcome::Failed, 2}});
    old.release.state = domain::ReleaseState::Done;
    old.release.historyRemoval = domain::HistoryRemoval{{}, 7, std::nullopt};
    f.master.releases.releaseWatch.tell(old);
    QVERIFY(!f.walks());
    const auto lines = f.presenter.emptyLines();
    QVERIFY2(lines.failures.contains(QStringLiteral("not kept any more")),
             qPrintable(lines.failures));
    QCOMPARE(lines.machines, lines.failures);
    // Of a release in which nobody failed there is nothing that was removed.
    old.stages[0].counts.outcomes.erase(Outcome::Failed);
    f.master.releases.releaseWatch.tell(old);
    QVERIFY(f.presenter.emptyLines().failures.contains(QStringLiteral("has failed")));
}

// Type and labels are the fleet's to say; what the whole release has is no hint: neither the
// version that it found nor a pin or a label of every machine that it targets.
void TestReleaseFailures::saysWhatTheMachinesShare() {
    SharedFixture f;
    f.tellFleet();
    QCOMPARE(f.shared(), (QStringList{QStringLiteral("LINUX"), QStringLiteral("rack=7")}));
    QVERIFY(f.failures.hadFleet());
    // Of one machine that is targeted and has another.
    f.machines[2].labels = "rack=9,zone=bb";
    f.machines[2].pin = "zed";
    f.tellFleet();
    f.failures.readAnyway();
    QCOMPARE(f.shared(), (QStringList{QStringLiteral("LINUX"), QStringLiteral("acme"),
                                      QStringLiteral("rack=7"), QStringLiteral("zone=b")}));
}

// That gray machines have what the gray list asked for is no news; of full it would be.
void TestReleaseFailures::byWhatGrayWasChosenIsNoHint() {
    SharedFixture f;
    f.machines[2].labels.clear();
    f.machines[2].pin = "zed";
    f.info.release.spec.gray.pin = "acme";
    f.info.release.spec.gray.labels = {{"zone", "b"}};
    f.tellFleet();
    QCOMPARE(f.shared(domain::StageKind::Gray),
             (QStringList{QStringLiteral("LINUX"), QStringLiteral("rack=7")}));
    f.failures.readAnyway();
    QCOMPARE(f.shared(), (QStringList{QStringLiteral("LINUX"), QStringLiteral("acme"),
                                      QStringLiteral("rack=7"), QStringLiteral("zone=b")}));
}

// A release that was open before the fleet had come said of no group what it shares.
void TestReleaseFailures::readsOnceMoreWhenTheFleetHasCome() {
    tests::HubFixture hub;
    hub.connect({});
    ReleasePresenter presenter(hub.hub, &hub.feed);
    presenter.open(QStringLiteral("a"));
    auto& calls = hub.master.releases.machineCalls;
    calls.deliver(Page{});
    hub.master.releases.releaseWatch.tell(release({{Outcome::Failed, 1}}));
    calls.deliver(page(1, Outcome::Failed, "PROBE"));
    calls.deliver(Page{});
    calls.deliver(Page{});
    const std::size_t before = calls.made();
    tests::FleetScript script;
    hub.master.fleet.machineWatch.tell(script.snapshot(tests::plainMachines(3)));
    QCOMPARE(calls.made(), before + 1);
    calls.deliver(page(1, Outcome::Failed, "PROBE"));
    calls.deliver(Page{});
    calls.deliver(Page{});
    // What it knows now is not read for every snapshot.
    hub.master.fleet.machineWatch.tell(script.snapshot(tests::plainMachines(4), 2));
    QCOMPARE(calls.made(), before + 3);
}

QTEST_GUILESS_MAIN(TestReleaseFailures)
#include "tst_release_failures.moc"
