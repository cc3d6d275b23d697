// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>

#include "gui/presenters/freeze_presenter.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/hub_fixture.h"

using namespace ifrit;
using gui::presenters::FreezePresenter;
using Turn = FreezePresenter::Turn;
using tests::HubFixture;

namespace {

gui::services::ClusterSummary cluster(bool frozen) {
    gui::services::ClusterSummary out;
    out.name = "demo";
    out.machines = 48;
    out.machinesByState = {{domain::MachineState::Healthy, 45},
                           {domain::MachineState::Downloading, 2},
                           {domain::MachineState::Installing, 1}};
    if (frozen)
        out.freeze =
            gui::services::ClusterFreeze{"ada", "it burns", base::fromUnixMillis(1), false};
    return out;
}

QString fact(const gui::models::DangerFacts& facts, const QString& label) {
    for (const auto& [name, value] : facts.facts) {
        if (name == label) return value;
    }
    return {};
}

}  // namespace

class TestFreezePresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void freezesWithItsReason();
    void unfreezesOnlyWhatIsFrozen();
    void namesTheMastersThatHaveNotConfirmed();
    void neverTwiceAtOnce();
    void aRefusalIsTold();
    void whyNot();
    void canFreezeBeforeAnythingIsKnown();
    void oneThatCannotBeAskedForAnyMoreSaysSo();
};

void TestFreezePresenter::freezesWithItsReason() {
    HubFixture fixture;
    FreezePresenter freeze(fixture.hub, fixture.feed);
    fixture.connect({"cluster.freeze", "cluster.unfreeze"}, "production");
    fixture.master.fleet.clusterCalls.deliver(cluster(false));
    QCOMPARE(freeze.turn(), Turn::Freeze);
    const auto facts = freeze.facts(Turn::Freeze);
    QCOMPARE(facts.clusters.front().text(), QStringLiteral("demo · PRODUCTION"));
    QCOMPARE(facts.reason, gui::models::DangerFacts::Reason::Required);
    QCOMPARE(facts.danger, gui::models::DangerClass::ChangesMachines);
    QCOMPARE(fact(facts, QStringLiteral("Changing now")), QStringLiteral("3"));
    QCOMPARE(gui::models::commandText(facts.commands, QStringLiteral("why")),
             QStringLiteral("ifritctl cluster freeze --reason=why"));
    freeze.act(Turn::Freeze, QStringLiteral("disk full"));
    QCOMPARE(fixture.master.fleet.freezeCalls.made(), std::size_t{1});
    QCOMPARE(fixture.master.fleet.freezeCalls.last().reason, std::string("disk full"));
    QCOMPARE(freeze.line(), QString());
    fixture.master.fleet.freezeCalls.deliver(cluster(true));
    // From the answer itself: nobody waits for the next look at the cluster.
    QCOMPARE(freeze.turn(), Turn::Unfreeze);
    for (const char* part : {"frozen by ada", "it burns", "until its database is back"})
        QVERIFY2(freeze.line().contains(QLatin1String(part)), qPrintable(freeze.line()));
    auto inMemory = cluster(true);
    inMemory.freeze->isForgottenByRestart = true;
    fixture.feed.take(inMemory);
    QVERIFY2(freeze.line().contains(QLatin1String("a restart of it forgets the freeze")),
             qPrintable(freeze.line()));
}

void TestFreezePresenter::unfreezesOnlyWhatIsFrozen() {
    HubFixture fixture;
    FreezePresenter freeze(fixture.hub, fixture.feed);
    fixture.connect({"cluster.freeze", "cluster.unfreeze"});
    fixture.master.fleet.clusterCalls.deliver(cluster(false));
    freeze.act(Turn::Unfreeze, QStringLiteral("x"));
    QCOMPARE(fixture.master.fleet.unfreezeCalls.made(), std::size_t{0});
    fixture.feed.take(cluster(true));
    QVERIFY(!freeze.action(Turn::Freeze).enabled());
    freeze.act(Turn::Unfreeze, QStringLiteral("was the sensor"));
    QCOMPARE(fixture.master.fleet.unfreezeCalls.last().reason, std::string("was the sensor"));
    fixture.master.fleet.unfreezeCalls.deliver(cluster(false));
    QCOMPARE(freeze.turn(), Turn::Freeze);
    QCOMPARE(freeze.line(), QString());
}

void TestFreezePresenter::namesTheMastersThatHaveNotConfirmed() {
    HubFixture fixture;
    FreezePresenter freeze(fixture.hub, fixture.feed);
    fixture.connect({"cluster.freeze", "cluster.unfreeze"});
    fixture.master.fleet.clusterCalls.deliver(cluster(false));
    freeze.act(Turn::Freeze, QStringLiteral("disk full"));
    auto told = cluster(true);
    told.freeze->unconfirmed = {{"10.0.0.2:7443", "UNIMPLEMENTED"}, {"10.0.0.3:7443", "BUSY"}};
    fixture.master.fleet.freezeCalls.deliver(told);
    for (const char* part : {"Not every master has confirmed",
                             "10.0.0.2:7443 (is too old to be told of it)", "10.0.0.3:7443 (BUSY)"})
        QVERIFY2(freeze.line().contains(QLatin1String(part)), qPrintable(freeze.line()));
    fixture.feed.take(cluster(true));
    QVERIFY(!freeze.line().contains(QStringLiteral("Not every master")));
}

void TestFreezePresenter::neverTwiceAtOnce() {
    HubFixture fixture;
    FreezePresenter freeze(fixture.hub, fixture.feed);
    fixture.connect({"cluster.freeze"});
    fixture.master.fleet.clusterCalls.deliver(cluster(false));
    freeze.act(Turn::Freeze, QStringLiteral("a"));
    QVERIFY(!freeze.action(Turn::Freeze).enabled());
    freeze.act(Turn::Freeze, QStringLiteral("b"));
    QCOMPARE(fixture.master.fleet.freezeCalls.made(), std::size_t{1});
    // Another connection does not wait for the answer of this one.
    fixture.connect({"cluster.freeze"});
    QVERIFY(freeze.action(Turn::Freeze).enabled());
}

void TestFreezePresenter::aRefusalIsTold() {
    HubFixture fixture;
    FreezePresenter freeze(fixture.hub, fixture.feed);
    fixture.connect({"cluster.freeze"});
    fixture.master.fleet.clusterCalls.deliver(cluster(false));
    freeze.act(Turn::Freeze, QStringLiteral("a"));
    fixture.master.fleet.freezeCalls.deliver(
        base::permissionDenied("NOT_ALLOWED", "wang", "wang may not freeze this cluster"));
    QVERIFY2(freeze.line().contains(QStringLiteral("wang may not freeze")),
             qPrintable(freeze.line()));
    QVERIFY2(freeze.line().contains(QStringLiteral("NOT_ALLOWED")), qPrintable(freeze.line()));
    QVERIFY(freeze.action(Turn::Freeze).enabled());
}

void TestFreezePresenter::whyNot() {
    HubFixture fixture;
    FreezePresenter freeze(fixture.hub, fixture.feed);
    QCOMPARE(freeze.action(Turn::Freeze).whyNot, QStringLiteral("Not connected."));
    fixture.connect({"release.start"});
    QVERIFY(freeze.action(Turn::Freeze).whyNot.contains(QStringLiteral("cluster.freeze")));
    fixture.open("test", true);
    fixture.master.connection.tell(gui::services::LinkState::Connected);
    QCOMPARE(freeze.action(Turn::Freeze).whyNot, QStringLiteral("This connection is read-only."));
    freeze.act(Turn::Freeze, QStringLiteral("a"));
    QCOMPARE(fixture.master.fleet.freezeCalls.made(), std::size_t{0});
}

void TestFreezePresenter::canFreezeBeforeAnythingIsKnown() {
    HubFixture fixture;
    FreezePresenter freeze(fixture.hub, fixture.feed);
    fixture.connect({"cluster.freeze", "cluster.unfreeze"});
    QVERIFY(freeze.action(Turn::Freeze).enabled());
    QVERIFY(!freeze.action(Turn::Unfreeze).enabled());
}

// The sheet was open when the line broke.
void TestFreezePresenter::oneThatCannotBeAskedForAnyMoreSaysSo() {
    HubFixture fixture;
    FreezePresenter freeze(fixture.hub, fixture.feed);
    fixture.connect({"cluster.freeze"});
    fixture.master.fleet.clusterCalls.deliver(cluster(false));
    fixture.master.connection.tell(gui::services::LinkState::Reconnecting);
    const QSignalSpy changed(&freeze, &FreezePresenter::changed);
    freeze.act(Turn::Freeze, QStringLiteral("a"));
    QCOMPARE(fixture.master.fleet.freezeCalls.made(), std::size_t{0});
    QVERIFY(changed.count() > 0);
    QVERIFY2(freeze.line().startsWith(QStringLiteral("The cluster was not frozen: ")),
             qPrintable(freeze.line()));
    fixture.master.connection.tell(gui::services::LinkState::Connected);
    freeze.act(Turn::Freeze, QStringLiteral("a"));
    QCOMPARE(fixture.master.fleet.freezeCalls.made(), std::size_t{1});
    QCOMPARE(freeze.line(), QString());
}

QTEST_GUILESS_MAIN(TestFreezePresenter)
#include "tst_freeze_presenter.moc"
