// SPDX-License-Identifier: GPL-3.0-or-later
// A line that comes and goes all the time, and masters whose answers come when it has gone.
#include <QFile>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include <map>

#include "gui/presenters/event_log.h"
#include "gui/presenters/fleet_roster.h"
#include "gui/presenters/release_notices.h"
#include "gui/presenters/view_judge.h"
#include "tests/gui/presenters/hub_fixture.h"
#include "tests/gui/support/fleet_script.h"

using namespace ifrit;
namespace services = gui::services;
using namespace gui::presenters;
using gui::models::ViewState;
using gui::services::LinkState;

namespace {

constexpr int kFlaps = 600;

services::ClusterSummary summary(std::uint64_t machines, const std::string& version) {
    services::ClusterSummary out;
    out.machines = machines;
    out.machinesByState = {{domain::MachineState::Healthy, machines}};
    out.serverVersion = version;
    return out;
}

services::Identity named(const std::string& user) {
    services::Identity out;
    out.user = user;
    out.permissions = {"release.pause"};
    return out;
}

/// The window is about "north"; "south" stands beside it, each with a master of its own.
struct TwoClusters {
    TwoClusters() {
        for (const char* cluster : {"north", "south", "east"}) {
            fixture.factory.others[cluster] = &masters[cluster];
            connections.import(bundleOf(cluster));
        }
        connections.setWatched(2, false);
        connections.connectTo(0);
        QCoreApplication::processEvents();
        master("south").connection.tell(LinkState::Connected);
        master("south").fleet.clusterCalls.deliver(summary(70, "0.3.0"));
    }
    QString bundleOf(const std::string& cluster) const {
        bundle::Bundle content;
        content.cluster = cluster;
        content.kind = "test";
        content.addresses = {"127.0.0.1:7443"};
        content.caPem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
        content.certificatePem = content.caPem;
        content.privateKeyPem = "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n";
        const QString path = directory.filePath(QString::fromStdString(cluster));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly)) qFatal("no file");
        file.write(QByteArray::fromStdString(bundle::formatBundle(content)));
        return path;
    }
    tests::FakeMaster& master(const char* cluster) { return masters.at(cluster); }
    /// As a line breaks: the master is away, and an attempt is made after another.
    void lose(std::uint32_t attempt = 1) {
        services::LinkStatus lost;
        lost.state = LinkState::Reconnecting;
        lost.lastError = absl::UnavailableError("the master is away");
        lost.staleSince = fixture.clock.now();
        lost.attempt = attempt;
        master("north").connection.tell(lost);
    }
    void restore() { master("north").connection.tell(LinkState::Connected); }
    /// What a page over the machines says of itself.
    gui::models::ViewNotice notice() const {
        ViewFacts facts;
        facts.loaded = fixture.feed.store().loaded();
        facts.total = facts.shown = fixture.feed.store().size();
        return judgeView(fixture.hub, facts);
    }

    std::map<std::string, tests::FakeMaster> masters;
    tests::HubFixture fixture;
    QTemporaryDir directory;
    QSettings settings{directory.filePath(QStringLiteral("desktop.ini")), QSettings::IniFormat};
    ConnectionStore store{settings};
    ConnectionsPresenter connections{{fixture.hub, store, fixture.factory, fixture.secrets}};
    FleetRoster roster{connections, fixture.hub, fixture.factory};
    ReleasesPresenter releases{fixture.hub, fixture.feed};
    ReleaseWatch watch{fixture.hub, releases};
    EventLog log{fixture.hub, fixture.feed, watch};
};

}  // namespace

class TestFlappingLine : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyStateIsToldAsItIs();
    void nothingPilesUp();
    void anAnswerOfBeforeTheBreakIsNotOfNow();
    void anAnswerOfAnotherClusterIsOfNone();
    void aClusterBesideIsNotTouched();
    void figuresOfBeforeTheBreakAreOld();
};

void TestFlappingLine::everyStateIsToldAsItIs() {
    TwoClusters two;
    const ConnectionHub& hub = two.fixture.hub;
    two.restore();
    two.master("north").connection.whoAmICalls.deliver(named("wang"));
    tests::FleetScript script;
    two.master("north").fleet.machineWatch.tell(script.snapshot(tests::plainMachines(9)));
    for (int flap = 0; flap < 20; ++flap) {
        QVERIFY(hub.isConnected() && hub.linkSentence().isEmpty());
        QCOMPARE(two.notice().state, ViewState::Ready);
        QCOMPARE(hub.whyNot("release.pause"), QString());
        two.lose(static_cast<std::uint32_t>(flap + 1));
        QVERIFY(!hub.isConnected());
        QCOMPARE(two.notice().state, ViewState::Offline);
        QVERIFY(hub.linkSentence().contains(QStringLiteral("attempt %1").arg(flap + 1)));
        QCOMPARE(hub.whyNot("release.pause"), hub.linkSentence());
        // What was seen last stays readable.
        QCOMPARE(two.fixture.feed.store().size(), 9U);
        two.restore();
        two.master("north").connection.whoAmICalls.deliver(named("wang"));
    }
}

void TestFlappingLine::nothingPilesUp() {
    TwoClusters two;
    const auto objects = [&two] {
        return two.fixture.hub.findChildren<QObject*>().size() +
               two.fixture.feed.findChildren<QObject*>().size() +
               two.roster.findChildren<QObject*>().size() +
               two.releases.findChildren<QObject*>().size() +
               two.log.findChildren<QObject*>().size();
    };
    const auto before = objects();
    auto& north = two.master("north");
    for (int flap = 0; flap < kFlaps; ++flap) {
        two.restore();
        two.lose(1);
        two.lose(2);
    }
    // One session, one stream of each kind; the services bring a stream back by themselves.
    QCOMPARE(north.sessions, 1);
    QCOMPARE(north.connection.statusWatch.open(), std::size_t{1});
    QCOMPARE(north.fleet.machineWatch.open(), std::size_t{1});
    QCOMPARE(north.events.eventWatch.open(), std::size_t{1});
    // The line says when it is tried again: nobody urges it.
    QCOMPARE(north.connection.retries, 0);
    // A call for each line that stood, and of those of lost lines none is waited for.
    QVERIFY(north.connection.whoAmICalls.made() <= std::size_t{kFlaps});
    QVERIFY(north.fleet.clusterCalls.made() <= std::size_t{kFlaps});
    QCOMPARE(north.connection.whoAmICalls.awaited(), std::size_t{0});
    QCOMPARE(north.fleet.clusterCalls.awaited(), std::size_t{0});
    QCOMPARE(north.releases.listCalls.made(), std::size_t{1});
    QCOMPARE(objects(), before);
    QTRY_COMPARE(two.log.model().rowCount(), static_cast<int>(EventLog::kMost));
    two.restore();
    QCOMPARE(north.connection.whoAmICalls.awaited(), std::size_t{1});
    QCOMPARE(north.fleet.clusterCalls.awaited(), std::size_t{1});
}

// The old master's summary was waited for on the new line, and its version shown as the new one's.
void TestFlappingLine::anAnswerOfBeforeTheBreakIsNotOfNow() {
    TwoClusters two;
    auto& north = two.master("north");
    two.restore();
    QCOMPARE(north.fleet.clusterCalls.made(), std::size_t{1});
    two.lose();
    two.restore();
    // The new line asks by itself; the order in which the two answers come is the network's.
    QCOMPARE(north.fleet.clusterCalls.made(), std::size_t{2});
    north.fleet.clusterCalls.deliver(1, summary(12, "0.3.0"));
    QCOMPARE(two.fixture.hub.serverVersion(), QStringLiteral("0.3.0"));
    north.fleet.clusterCalls.deliver(0, summary(5, "0.2.7"));
    QCOMPARE(two.fixture.hub.serverVersion(), QStringLiteral("0.3.0"));
    QCOMPARE(two.fixture.feed.cluster()->machines, std::uint64_t{12});
    // The same of who we are: a refusal of before would ask to sign in again.
    auto& who = north.connection.whoAmICalls;
    who.deliver(who.pending() - 1, named("wang"));
    who.deliver(0, absl::UnauthenticatedError("no"));
    QCOMPARE(two.fixture.hub.identity()->user, std::string("wang"));
    // While the line is away nothing that comes late is taken for an answer.
    two.fixture.feed.refresh();
    two.lose();
    north.fleet.clusterCalls.deliver(summary(1, "0.1.0"));
    QVERIFY(two.fixture.hub.serverVersion().isEmpty());
    QCOMPARE(two.fixture.feed.cluster()->machines, std::uint64_t{12});
}

void TestFlappingLine::anAnswerOfAnotherClusterIsOfNone() {
    TwoClusters two;
    auto& north = two.master("north");
    two.restore();
    QCOMPARE(north.releases.listCalls.pending(), std::size_t{1});
    two.connections.connectTo(2);
    QCoreApplication::processEvents();
    two.master("east").connection.tell(LinkState::Connected);
    tests::FleetScript script;
    north.fleet.machineWatch.tell(script.snapshot(tests::plainMachines(9)));
    north.connection.whoAmICalls.deliver(0, named("somebody of north"));
    north.fleet.clusterCalls.deliver(0, summary(9, "0.2.7"));
    services::ReleaseInfo release;
    release.release.id = "of-north";
    north.releases.listCalls.deliver(0, services::Page<services::ReleaseInfo>{{release}, {}});
    north.events.tell(services::ClusterEvent::Kind::ReleaseChanged);
    QVERIFY(!two.fixture.hub.identity());
    QVERIFY(!two.fixture.feed.cluster());
    QVERIFY(!two.fixture.feed.store().loaded());
    QCOMPARE(two.releases.model().rowCount(), 0);
    QVERIFY(!two.releases.loaded());
    two.master("east").connection.whoAmICalls.deliver(named("chen"));
    QCOMPARE(two.fixture.hub.identity()->user, std::string("chen"));
}

void TestFlappingLine::aClusterBesideIsNotTouched() {
    TwoClusters two;
    auto& south = two.master("south");
    const auto cards = two.roster.cards();
    QCOMPARE(cards.front().machines, qint64{70});
    const std::size_t asked = south.fleet.clusterCalls.made();
    for (int flap = 0; flap < kFlaps; ++flap) {
        two.restore();
        two.lose();
    }
    QCOMPARE(south.sessions, 1);
    QVERIFY(south.connection.connected);
    QCOMPARE(south.connection.statusWatch.open(), std::size_t{1});
    QCOMPARE(south.fleet.clusterCalls.made(), asked);
    const auto after = two.roster.cards();
    QCOMPARE(after.size(), cards.size());
    QCOMPARE(after.front().machines, qint64{70});
    QVERIFY(!after.front().old);
    QCOMPARE(two.roster.totals().answering, qint64{1});
}

// Of a cluster beside: its answer came after the break, and its figures were as new as the answer.
void TestFlappingLine::figuresOfBeforeTheBreakAreOld() {
    TwoClusters two;
    auto& south = two.master("south");
    services::LinkStatus lost;
    lost.state = LinkState::Reconnecting;
    lost.staleSince = two.fixture.clock.now();
    for (int flap = 0; flap < kFlaps; ++flap) {
        two.roster.refresh();
        south.connection.tell(lost);
        QVERIFY(two.roster.cards().front().old);
        south.connection.tell(LinkState::Connected);
    }
    QCOMPARE(south.fleet.clusterCalls.awaited(), std::size_t{1});
    south.fleet.clusterCalls.deliver(0, summary(3, "0.1.0"));
    QCOMPARE(two.roster.cards().front().machines, qint64{70});
    south.fleet.clusterCalls.deliver(summary(71, "0.3.0"));
    QCOMPARE(two.roster.cards().front().machines, qint64{71});
    QVERIFY(!two.roster.cards().front().old);
    QVERIFY(two.master("north").connection.connected);
    QCOMPARE(two.master("north").sessions, 1);
}

QTEST_GUILESS_MAIN(TestFlappingLine)
#include "tst_flapping_line.moc"
