// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include "gui/presenters/go_to_presenter.h"
#include "tests/gui/presenters/campaign_desk.h"
#include "tests/gui/presenters/hub_fixture.h"
#include "tests/gui/support/fleet_script.h"
#include "tests/gui/support/spin.h"

using namespace ifrit;
using namespace gui::presenters;
using gui::models::GoToEntry;
using EntryKind = GoToEntry::Kind;
using tests::HubFixture;

namespace {

struct Palette {
    Palette() {
        targets.window = [] {
            return std::vector<GoToEntry>{{EntryKind::Page, QStringLiteral("Machines"), {}, {}, {}},
                                          {EntryKind::Verb, QStringLiteral("Refresh"), {}, {}, {}}};
        };
        const auto note = [this](const char* kind) {
            return [this, kind](const QString& what) {
                gone << QLatin1String(kind) + QLatin1Char(' ') + what;
            };
        };
        targets.machine = note("machine");
        targets.agent = note("agent");
        targets.release = note("release");
        targets.package = note("package");
        targets.campaign = note("campaign");
        targets.connection = [this](int index) {
            gone << QStringLiteral("connection %1").arg(index);
        };
        targets.verb = [this](domain::ReleaseVerb verb) {
            gone << QStringLiteral("verb ") + gui::models::StatusWords::nameOf(verb);
        };
    }
    GoToPresenter::Found answer(const QString& query) {
        return GoToPresenter({fixture.feed, connections, packages, releases, release, campaigns},
                             targets)
            .find(query);
    }
    std::vector<GoToEntry> find(const QString& query) { return answer(query).entries; }
    /// Goes to the first of what was found, and says where that was.
    QString first(const QString& query) {
        const auto found = find(query);
        if (found.empty()) return QStringLiteral("nothing");
        found.front().go();
        return gone.isEmpty() ? QStringLiteral("nowhere") : gone.last();
    }
    void tellMachines(std::size_t count) {
        std::vector<tests::ScriptMachine> machines(count);
        for (std::size_t i = 0; i < count; ++i) {
            machines[i].uuid = "i-" + std::to_string(1'000'000 + i);
            machines[i].address = "10.4." + std::to_string(i / 250) + "." + std::to_string(i % 250);
        }
        tests::FleetScript script;
        fixture.master.fleet.machineWatch.tell(script.snapshot(machines, 1));
    }

    HubFixture fixture;
    QTemporaryDir directory;
    QSettings settings{directory.filePath(QStringLiteral("desktop.ini")), QSettings::IniFormat};
    ConnectionStore store{settings};
    ConnectionsPresenter connections{{fixture.hub, store, fixture.factory, fixture.secrets}};
    PackagesPresenter packages{fixture.hub, fixture.feed};
    ReleasesPresenter releases{fixture.hub, fixture.feed};
    ReleasePresenter release{fixture.hub};
    CampaignsPresenter campaigns{fixture.hub, fixture.feed, connections, fixture.factory};
    GoToPresenter::Targets targets;
    QStringList gone;
};

gui::services::ReleaseInfo releaseInfo() {
    gui::services::ReleaseInfo info;
    info.release.id = "r-12";
    info.release.number = 12;
    info.release.spec.agent = "logd";
    info.release.spec.version = "4.2";
    info.release.state = domain::ReleaseState::Running;
    info.allowedVerbs = {domain::ReleaseVerb::Pause};
    return info;
}

}  // namespace

class TestGoToPresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingTypedShowsViewsAndVerbs();
    void goesToEachKindOfThing();
    void machinesByUuidAndAddress();
    void onlyVerbsThatAreAllowed();
    void campaignsByTheirName();
};

void TestGoToPresenter::nothingTypedShowsViewsAndVerbs() {
    Palette palette;
    palette.fixture.connect({});
    palette.tellMachines(50);
    const auto found = palette.find({});
    QCOMPARE(found.size(), std::size_t{2});
    QCOMPARE(found[0].kind, EntryKind::Page);
}

void TestGoToPresenter::goesToEachKindOfThing() {
    Palette palette;
    palette.fixture.connect({});
    palette.fixture.master.releases.listCalls.deliver(
        gui::services::Page<gui::services::ReleaseInfo>{{releaseInfo()}, {}});
    gui::services::PackageInfo package;
    package.agent = "metrics";
    package.version = "1.6";
    package.manifestDigest = "9f3c";
    palette.fixture.master.packages.listCalls.deliver(
        gui::services::Page<gui::services::PackageInfo>{{package}, {}});
    gui::services::ClusterSummary cluster;
    cluster.versions = {{"tracer", "1", 3}, {"tracer", "2", 4}};
    palette.fixture.feed.take(cluster);
    QCOMPARE(palette.first(QStringLiteral("#12")), QStringLiteral("release r-12"));
    QCOMPARE(palette.first(QStringLiteral("logd")), QStringLiteral("release r-12"));
    QCOMPARE(palette.first(QStringLiteral("metrics 1.6")), QStringLiteral("package 9f3c"));
    QCOMPARE(palette.first(QStringLiteral("tracer")), QStringLiteral("agent tracer"));
    QCOMPARE(palette.first(QStringLiteral("9f3c")), QStringLiteral("package 9f3c"));
    QCOMPARE(palette.find(QStringLiteral("tracer")).size(), std::size_t{1});
}

void TestGoToPresenter::machinesByUuidAndAddress() {
    Palette palette;
    palette.fixture.connect({});
    palette.tellMachines(400);
    QCOMPARE(palette.first(QStringLiteral("i-1000017")), QStringLiteral("machine i-1000017"));
    QCOMPARE(palette.first(QStringLiteral("10.4.1.7")), QStringLiteral("machine i-1000257"));
    // Inside of the uuid, behind those that begin with it.
    QCOMPARE(palette.first(QStringLiteral("000399")), QStringLiteral("machine i-1000399"));
    // As many as the list holds, each once.
    QSet<QString> seen;
    for (const GoToEntry& entry : palette.find(QStringLiteral("i-10"))) {
        if (entry.kind != EntryKind::Machine) continue;
        QVERIFY(!seen.contains(entry.title));
        seen.insert(entry.title);
    }
    QCOMPARE(seen.size(), 12);
    // The others are not left out without a word.
    QCOMPARE(palette.answer(QStringLiteral("i-10")).leftOut, QStringLiteral("12 of 400 machines"));
    QCOMPARE(palette.answer(QStringLiteral("i-1000017")).leftOut, QString());
    QVERIFY(palette.find(QStringLiteral("i")).size() < std::size_t{3});
}

void TestGoToPresenter::onlyVerbsThatAreAllowed() {
    Palette palette;
    palette.fixture.connect({"release.pause", "release.abort"});
    palette.release.open(QStringLiteral("r-12"));
    palette.fixture.master.releases.releaseWatch.tell(releaseInfo());
    QStringList verbs;
    for (const GoToEntry& entry : palette.find({})) {
        if (entry.kind == EntryKind::Verb) verbs << entry.title;
    }
    QCOMPARE(verbs, (QStringList{QStringLiteral("Refresh"),
                                 gui::models::StatusWords::nameOf(domain::ReleaseVerb::Pause)}));
    QVERIFY(palette.first(QStringLiteral("pause")).startsWith(QStringLiteral("verb")));
}

void TestGoToPresenter::campaignsByTheirName() {
    tests::CampaignDesk desk;
    desk.answer();
    PackagesPresenter packages{desk.hub, desk.feed};
    ReleasesPresenter releases{desk.hub, desk.feed};
    ReleasePresenter release{desk.hub};
    QStringList gone;
    GoToPresenter::Targets targets;
    targets.window = [] { return std::vector<GoToEntry>(); };
    targets.campaign = [&gone](const QString& id) { gone << id; };
    const GoToPresenter palette(
        {desk.feed, desk.connections, packages, releases, release, desk.presenter}, targets);
    const QString name =
        desk.presenter.model().index(0, 1).data().toString();  // as the list has it
    const auto found = palette.find(name).entries;
    QVERIFY(!found.empty());
    QCOMPARE(found.front().kind, EntryKind::Campaign);
    QCOMPARE(found.front().title, name);
    found.front().go();
    QCOMPARE(gone, QStringList{tests::kMoving});
}

QTEST_GUILESS_MAIN(TestGoToPresenter)
#include "tst_go_to_presenter.moc"
