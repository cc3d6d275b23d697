// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QTest>

#include "gui/presenters/map_presenter.h"
#include "tests/gui/presenters/roster_desk.h"
#include "tests/gui/support/fleet_script.h"

using namespace ifrit;
using namespace gui::presenters;
using gui::models::StatusKind;
using gui::services::LinkState;

class TestFleetRoster : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachClusterHasItsCard();
    void oneThatHangsHoldsNoOther();
    void oneThatBreaksKeepsItsLastFigures();
    void aLineWithoutAnswersIsNoAnswer();
    void figuresGrowOldByThemselves();
    void aCallOnItsWayIsWaitedFor();
    void aPasswordLoginSpeaksWithItsToken();
    void theHubsClusterIsNotThere();
    void whatACloseClusterSaidLastStays();
    void cardsKeepTheirPlaces();
    void anEmptyClusterHidesNoOther();
    void theListIsFollowed();
    void aBundleThatWasImportedAgainIsUsed();
    void oneThatIsNotWatchedIsNotOpened();
    void changesNothing();
    void theMapNamesWhatIsMissing();
    void theStripIsOfAllClusters();
    void aClusterThatIsThereTwiceCountsOnce();
    void aClusterHasOneShareWhereverItIsShown();
};

void TestFleetRoster::eachClusterHasItsCard() {
    tests::RosterDesk many;
    QCOMPARE(many.roster->cards().size(), 3);
    many.answer("alpha", 1'000);
    many.answer("beta", 200, 7);
    many.answer("gamma", 5);
    const auto cards = many.roster->cards();
    QCOMPARE(cards[0].name, QStringLiteral("alpha"));
    QCOMPARE(cards[0].machines, qint64{1'000});
    QCOMPARE(cards[0].look.kind, StatusKind::Ok);
    QCOMPARE(cards[1].look.kind, StatusKind::Fail);
    QVERIFY(cards[1].look.word.startsWith(QLatin1Char('7')));
    const FleetTotals totals = many.roster->totals();
    QCOMPARE(totals.answering, qint64{3});
    QCOMPARE(totals.machines.all(), qint64{1'205});
    QCOMPARE(totals.machines.of(MachineBucket::Healthy), qint64{1'198});
    QCOMPARE(totals.openReleases, qint64{3});
    QVERIFY(totals.missing.isEmpty());
}

void TestFleetRoster::oneThatHangsHoldsNoOther() {
    tests::RosterDesk many;
    // Beta never says a word.
    many.answer("gamma", 5);
    many.answer("alpha", 10);
    const FleetTotals totals = many.roster->totals();
    QCOMPARE(totals.answering, qint64{2});
    QCOMPARE(totals.machines.all(), qint64{15});
    QCOMPARE(totals.missing, QStringList{QStringLiteral("beta")});
    QVERIFY(many.roster->cards()[1].old);
    // Asked again, gamma answers while the others still hang.
    many.roster->refresh();
    many.master("gamma").fleet.clusterCalls.deliver(tests::summary(6));
    QCOMPARE(many.roster->cards()[2].machines, qint64{6});
}

void TestFleetRoster::oneThatBreaksKeepsItsLastFigures() {
    tests::RosterDesk many;
    many.answer("alpha", 10);
    gui::services::LinkStatus broken;
    broken.state = LinkState::Reconnecting;
    broken.staleSince = base::fromUnixMillis(1'000);
    many.master("alpha").connection.tell(broken);
    const auto card = many.roster->cards()[0];
    QVERIFY(card.old);
    QCOMPARE(card.machines, qint64{10});
    QCOMPARE(card.look.kind, StatusKind::None);
    // What is old is in no sum.
    QCOMPARE(many.roster->totals().machines.all(), qint64{0});
}

// Heartbeats go on, while the master cannot count.
void TestFleetRoster::aLineWithoutAnswersIsNoAnswer() {
    tests::RosterDesk many;
    many.answer("alpha", 10);
    many.roster->refresh();
    auto& calls = many.master("alpha").fleet.clusterCalls;
    calls.deliver(absl::DeadlineExceededError("no answer in 15 s"));
    const auto card = many.roster->cards()[0];
    QVERIFY(card.old);
    QCOMPARE(card.machines, qint64{10});
    QVERIFY2(card.look.word.startsWith(QStringLiteral("no figures since")),
             qPrintable(card.look.word));
    QCOMPARE(many.roster->totals().machines.all(), qint64{0});
    QVERIFY(many.roster->totals().missing.contains(QStringLiteral("alpha")));
    many.roster->refresh();
    calls.deliver(tests::summary(11));
    QVERIFY(!many.roster->cards()[0].old);
    QCOMPARE(many.roster->totals().machines.all(), qint64{11});
}

void TestFleetRoster::figuresGrowOldByThemselves() {
    tests::RosterDesk many;
    many.answer("alpha", 10);
    many.roster->refresh();
    many.fixture.clock.advance(std::chrono::seconds(30));
    QVERIFY(!many.roster->cards()[0].old);
    many.fixture.clock.advance(std::chrono::seconds(1));
    QVERIFY(many.roster->cards()[0].old);
    QCOMPARE(many.roster->totals().answering, qint64{0});
}

void TestFleetRoster::aCallOnItsWayIsWaitedFor() {
    tests::RosterDesk many;
    many.master("alpha").connection.tell(LinkState::Connected);
    many.roster->refresh();
    many.roster->refresh();
    auto& calls = many.master("alpha").fleet.clusterCalls;
    QCOMPARE(calls.made(), std::size_t{1});
    calls.deliver(tests::summary(10));
    QCOMPARE(many.roster->cards()[0].machines, qint64{10});
    many.roster->refresh();
    QCOMPARE(calls.made(), std::size_t{2});
}

void TestFleetRoster::aPasswordLoginSpeaksWithItsToken() {
    tests::RosterDesk many;
    many.connections.import(many.bundle("delta", tests::RosterDesk::Login::Password));
    QCOMPARE(many.master("delta").sessions, 0);
    many.fixture.secrets.readCalls.deliver(std::string("a-token"));
    QCOMPARE(many.master("delta").profile.bearerToken, std::string("a-token"));
    many.answer("delta", 7);
    QCOMPARE(many.roster->totals().machines.all(), qint64{7});
    // One that went while the keychain was asked is not opened.
    many.connections.import(many.bundle("epsilon", tests::RosterDesk::Login::Password));
    many.connections.remove(4);
    many.fixture.secrets.readCalls.deliver(std::string("another"));
    QCOMPARE(many.master("epsilon").sessions, 0);
}

void TestFleetRoster::theHubsClusterIsNotThere() {
    tests::RosterDesk many;
    many.open(1);
    auto cards = many.roster->cards();
    QCOMPARE(cards.size(), 2);
    QCOMPARE(cards[1].name, QStringLiteral("gamma"));
    QCOMPARE(many.roster->masterOf(1), 2);
    QCOMPARE(many.master("beta").sessions, 0);
    many.connections.disconnect();
    QCoreApplication::processEvents();
    QCOMPARE(many.roster->cards().size(), 3);
    QCOMPARE(many.many.opened["alpha"], 1);
}

// The window was about it, and looks at another one now.
void TestFleetRoster::whatACloseClusterSaidLastStays() {
    tests::RosterDesk many;
    MapPresenter map(many.fixture.hub, many.fixture.feed, many.roster.get());
    many.answer("beta", 30, 3);
    many.open(1);
    // Not heard of in this session yet, but before it.
    QCOMPARE(map.cards()[1].machines, qint64{30});
    QVERIFY(map.cards()[1].old);
    many.roster->noteOwn(tests::summary(40, 1));
    many.open(0);
    const auto card = map.cards()[1];
    QCOMPARE(card.name, QStringLiteral("beta"));
    QCOMPARE(card.machines, qint64{40});
    QVERIFY(card.known && card.old);
    QVERIFY2(card.look.word.startsWith(QStringLiteral("no contact since")),
             qPrintable(card.look.word));
}

// A second click of two must not hit another cluster.
void TestFleetRoster::cardsKeepTheirPlaces() {
    tests::RosterDesk many;
    MapPresenter map(many.fixture.hub, many.fixture.feed, many.roster.get());
    const auto names = [&map] {
        QStringList out;
        for (const auto& card : map.cards())
            out << card.name + (card.chosen ? QStringLiteral("*") : QString());
        return out.join(QLatin1Char(' '));
    };
    QCOMPARE(names(), QStringLiteral("alpha beta gamma"));
    for (const int own : {2, 1, 0}) {
        many.open(own);
        QStringList wanted = {QStringLiteral("alpha"), QStringLiteral("beta"),
                              QStringLiteral("gamma")};
        wanted[own] += QLatin1Char('*');
        QCOMPARE(names(), wanted.join(QLatin1Char(' ')));
        for (int card = 0; card < 3; ++card)
            QCOMPARE(map.masterOfCard(card), card == own ? -1 : card);
    }
}

void TestFleetRoster::anEmptyClusterHidesNoOther() {
    tests::RosterDesk many;
    MapPresenter map(many.fixture.hub, many.fixture.feed, many.roster.get());
    many.open(0);
    many.fixture.master.connection.tell(LinkState::Connected);
    tests::FleetScript script;
    many.fixture.master.fleet.machineWatch.tell(script.snapshot({}));
    many.answer("beta", 5);
    many.answer("gamma", 5);
    QCOMPARE(map.notice().state, gui::models::ViewState::Partial);
    QVERIFY(map.notice().sentence.contains(QStringLiteral("No machine has joined")));
    many.connections.remove(2);
    many.connections.remove(1);
    QCOMPARE(map.notice().state, gui::models::ViewState::Empty);
}

void TestFleetRoster::theListIsFollowed() {
    tests::RosterDesk many;
    many.connections.remove(0);
    QCOMPARE(many.roster->cards().size(), 2);
    QCOMPARE(many.master("alpha").sessions, 0);
    many.connections.import(many.bundle("delta"));
    QCOMPARE(many.roster->cards().size(), 3);
    QCOMPARE(many.master("delta").sessions, 1);
}

// Its row had the new address, and it stayed with the old one; so with a renewed certificate.
void TestFleetRoster::aBundleThatWasImportedAgainIsUsed() {
    tests::RosterDesk many;
    many.answer("alpha", 10);
    const QString path = many.bundle("alpha");
    many.connections.import(path);
    QCOMPARE(many.many.opened["alpha"], 1);
    bundle::Bundle moved = *bundle::readBundleFile(path.toStdString());
    moved.addresses = {"127.0.0.1:7444"};
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(bundle::formatBundle(moved)));
    file.close();
    many.connections.import(path);
    QCOMPARE(many.many.opened["alpha"], 2);
    QCOMPARE(many.many.opened["beta"], 1);
    QCOMPARE(many.master("alpha").sessions, 1);
    QCOMPARE(many.master("alpha").profile.bundle.addresses.front(), std::string("127.0.0.1:7444"));
    // Of the same cluster, until it answers.
    QVERIFY(many.roster->cards()[0].old);
    QCOMPARE(many.roster->cards()[0].machines, qint64{10});
    many.answer("alpha", 12);
    QCOMPARE(many.roster->cards()[0].machines, qint64{12});
}

void TestFleetRoster::oneThatIsNotWatchedIsNotOpened() {
    tests::RosterDesk many;
    many.connections.setWatched(0, false);
    QCOMPARE(many.master("alpha").sessions, 0);
    QCOMPARE(many.roster->cards().size(), 2);
    // And is remembered so.
    QVERIFY(!many.store.load()[0].watched);
}

void TestFleetRoster::changesNothing() {
    tests::RosterDesk many;
    many.answer("alpha", 10);
    auto& fakes = many.master("alpha");
    QCOMPARE(fakes.fleet.freezeCalls.made() + fakes.releases.actCalls.made(), std::size_t{0});
    QCOMPARE(fakes.fleet.machineWatch.open(), std::size_t{0});
}

void TestFleetRoster::theMapNamesWhatIsMissing() {
    tests::RosterDesk many;
    MapPresenter map(many.fixture.hub, many.fixture.feed, many.roster.get());
    many.open(0);
    many.fixture.master.connection.tell(LinkState::Connected);
    tests::FleetScript script;
    many.fixture.master.fleet.machineWatch.tell(script.snapshot(tests::plainMachines(40)));
    many.answer("gamma", 60);
    const auto cards = map.cards();
    QCOMPARE(cards.size(), 3);
    QVERIFY(cards[0].chosen && !cards[1].chosen);
    QCOMPARE(map.masterOfCard(0), -1);
    QCOMPARE(map.masterOfCard(2), 2);
    const auto notice = map.notice();
    QCOMPARE(notice.state, gui::models::ViewState::Partial);
    QVERIFY2(notice.sentence.contains(QStringLiteral("2 of 3")), qPrintable(notice.sentence));
    QVERIFY2(notice.sentence.contains(QStringLiteral("beta")), qPrintable(notice.sentence));
    QCOMPARE(map.fleetLine(), QStringLiteral("3 cluster(s) · 2 answering"));
    QCOMPARE(map.figures().front().value, QStringLiteral("100"));
    // Nor is it in the donut of states.
    QCOMPARE(map.states().size(), 1);
    QCOMPARE(map.states().front().machines, 100);
    QCOMPARE(map.statesTitle(), QStringLiteral("By state, in 2 of 3 clusters"));
    many.answer("beta", 5);
    QCOMPARE(map.notice().state, gui::models::ViewState::Ready);
    QCOMPARE(map.states().front().machines, 105);
}

// Figures, versions and releases stand beside a donut of all clusters: so are they.
void TestFleetRoster::theStripIsOfAllClusters() {
    tests::RosterDesk many;
    MapPresenter map(many.fixture.hub, many.fixture.feed, many.roster.get());
    many.open(0);
    many.fixture.master.connection.tell(LinkState::Connected);
    tests::FleetScript script;
    auto machines = tests::plainMachines(10);
    machines[0].state = domain::MachineState::Failed;
    many.fixture.master.fleet.machineWatch.tell(script.snapshot(machines));
    auto counted = tests::summary(10, 1);
    counted.versions = {{"logd", "1.0", 10}};
    many.fixture.master.fleet.clusterCalls.deliver(counted);
    counted = tests::summary(30, 3);
    counted.versions = {{"logd", "1.0", 5}, {"logd", "2.0", 25}};
    many.master("beta").connection.tell(LinkState::Connected);
    many.master("beta").fleet.clusterCalls.deliver(counted);
    const auto said = [&map] {
        QStringList out;
        for (const auto& figure : map.figures())
            out << QStringLiteral("%1 %2 %3")
                       .arg(figure.value, figure.unit,
                            figure.struck ? QStringLiteral("old") : QString())
                       .simplified();
        return out.join(QStringLiteral(" · "));
    };
    QCOMPARE(said(), QStringLiteral("40 in 2 of 3 clusters · 90.0 % · 4 · 0 · 0 · 0"));
    QCOMPARE(map.openReleases(), qint64{2});
    QCOMPARE(map.cards()[1].openReleases, qint64{1});
    QCOMPARE(map.leadingAgent(), QStringLiteral("logd"));
    const std::vector<std::pair<QString, qint64>> versions = {{QStringLiteral("2.0"), 25},
                                                              {QStringLiteral("1.0"), 15}};
    std::vector<std::pair<QString, qint64>> shown;
    for (const auto& share : map.versions())
        shown.emplace_back(share.version, share.machines);
    QCOMPARE(shown, versions);
    // One that goes takes its figures along; when all have gone, the last ones are shown as old.
    many.fixture.master.connection.tell(LinkState::Reconnecting);
    QCOMPARE(said(), QStringLiteral("30 in 1 of 3 clusters · 90.0 % · 3 · 0 · 0 · 0"));
    QVERIFY(!map.fleetIsOld());
    many.master("beta").connection.tell(LinkState::Reconnecting);
    QVERIFY(map.fleetIsOld());
    QCOMPARE(said(),
             QStringLiteral("40 in 0 of 3 clusters old · 90.0 % old · 4 old · 0 old · 0 old · "
                            "0 old"));
    QCOMPARE(map.openReleases(), qint64{2});
}

void TestFleetRoster::aClusterThatIsThereTwiceCountsOnce() {
    tests::RosterDesk many;
    // As with a certificate of one's own beside that of the team: another file, the same CA.
    const QString copy = many.directory.filePath(QStringLiteral("beta again"));
    QVERIFY(QFile::copy(many.bundle("beta"), copy));
    many.connections.import(copy);
    QCOMPARE(many.roster->cards().size(), 3);
    many.answer("alpha", 10);
    many.answer("beta", 30, 3);
    many.answer("gamma", 60);
    const FleetTotals all = many.roster->totals();
    QCOMPARE(all.clusters, qint64{3});
    QCOMPARE(all.answering, qint64{3});
    QCOMPARE(all.machines.all(), qint64{100});
    QVERIFY(all.missing.isEmpty());
    // Nor is it counted beside the one that the window is about.
    MapPresenter map(many.fixture.hub, many.fixture.feed, many.roster.get());
    many.open(1);
    many.fixture.master.connection.tell(LinkState::Connected);
    tests::FleetScript script;
    many.fixture.master.fleet.machineWatch.tell(script.snapshot(tests::plainMachines(30)));
    QCOMPARE(map.fleetLine(), QStringLiteral("3 cluster(s) · 3 answering"));
    QCOMPARE(map.figures().front().value, QStringLiteral("100"));
}

// Chosen it is counted by its machines, else by its master's summary.
void TestFleetRoster::aClusterHasOneShareWhereverItIsShown() {
    auto machines = tests::plainMachines(40);
    for (std::size_t i = 0; i < 4; ++i)
        machines[i].state = domain::MachineState::Failed;
    for (std::size_t i = 4; i < 10; ++i)
        machines[i].offline = true;
    gui::services::ClusterSummary counted = tests::summary(30, 4);
    counted.machines = 40;
    counted.machinesByState = {{domain::MachineState::Healthy, 30},
                               {domain::MachineState::Failed, 4},
                               {domain::MachineState::Silent, 6}};
    counted.offline = 6;
    tests::RosterDesk many;
    many.master("alpha").connection.tell(LinkState::Connected);
    many.master("alpha").fleet.clusterCalls.deliver(counted);
    const auto other = many.roster->cards()[0];
    MapPresenter map(many.fixture.hub, many.fixture.feed, many.roster.get());
    many.open(0);
    many.fixture.master.connection.tell(LinkState::Connected);
    tests::FleetScript script;
    many.fixture.master.fleet.machineWatch.tell(script.snapshot(machines));
    const auto own = map.cards()[0];
    QCOMPARE(own.name, other.name);
    QCOMPARE(own.machines, other.machines);
    QCOMPARE(own.share, QStringLiteral("75.0 %"));
    QCOMPARE(own.share, other.share);
    QCOMPARE(own.look, other.look);
    // And whether it is frozen.
    counted.freeze.emplace();
    many.fixture.master.fleet.clusterCalls.deliver(counted);
    QCOMPARE(map.cards()[0].look.word, QStringLiteral("frozen"));
}

QTEST_GUILESS_MAIN(TestFleetRoster)
#include "tst_fleet_roster.moc"
