// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include "gui/models/row_order.h"
#include "gui/presenters/package_detail.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/hub_fixture.h"
#include "tests/gui/support/fleet_script.h"
#include "tests/gui/support/held_worker.h"
#include "tests/gui/support/scripted_packages.h"

using namespace ifrit;
using namespace gui::presenters;
namespace services = gui::services;
using Packages = services::Page<services::PackageInfo>;
using Releases = services::Page<services::ReleaseInfo>;

namespace {

services::ReleaseInfo release(std::uint64_t number, const std::string& agent,
                              const std::string& version, std::vector<std::string> types) {
    services::ReleaseInfo out;
    out.release.id = "r" + std::to_string(number);
    out.release.number = number;
    out.release.spec.agent = agent;
    out.release.spec.version = version;
    out.release.spec.machineTypes = std::move(types);
    return out;
}

/// Packages of scriptedPackages() in the list; the first, node-exporter 1.6.1, has 1.5.0 before it.
struct Detail {
    Detail() : all(tests::scriptedPackages(fixture.clock.now())) {
        fixture.connect({});
        fixture.master.packages.listCalls.deliver(Packages{all, {}});
    }
    auto& lists() { return fixture.master.packages.listCalls; }
    auto& gets() { return fixture.master.packages.getCalls; }
    auto& releases() { return fixture.master.releases.listCalls; }
    void choose(std::size_t index, bool withManifest = true) {
        packages.choose(QString::fromStdString(all[index].manifestDigest));
        if (withManifest) gets().deliver(whole(index));
    }
    services::PackageInfo whole(std::size_t index) const {
        services::PackageInfo out = all[index];
        out.manifest = tests::scriptedManifest(out);
        return out;
    }
    QStringList changes() {
        QStringList out;
        for (const auto& change : detail.difference.model().records())
            out << QString::fromStdString(change.what);
        return out;
    }

    tests::HubFixture fixture;
    tests::HeldWorker worker;
    PackagesPresenter packages{fixture.hub, fixture.feed};
    PackageDetail detail{fixture.hub, fixture.feed, packages, worker};
    std::vector<services::PackageInfo> all;
};

}  // namespace

class TestPackageDetail : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void countsOnlyWhileSomebodyLooks();
    void theChosenVersionIsMarked();
    void aBarFindsWhatItCounts();
    void comparesWithTheVersionBefore();
    void readsThePackagesToTheirEnd();
    void waitsForTheChosenManifest();
    void theFirstVersionHasNoneBefore();
    void whatFailedIsToldAndTriedAgain();
    void anotherChoiceDropsWhatIsOnItsWay();
    void anotherSessionDropsIt();
    void severalBefore();
    void releasesThatUsedIt();
    void anotherVersionOfTheAgentIsNotReadAgain();
    void furtherReleasesOnDemand();
    void releasesThatFailToLoad();
    void everyReleaseIsExported();
};

void TestPackageDetail::countsOnlyWhileSomebodyLooks() {
    Detail d;
    tests::FleetScript script;
    auto machines = tests::plainMachines(3);
    machines[0].agents = {{.name = "node-exporter", .running = "1.5.0", .desired = "1.6.1"}};
    machines[1].agents = {{.name = "node-exporter", .running = "1.6.1", .desired = "1.6.1"}};
    machines[2].agents = {};
    d.choose(0);
    d.fixture.master.fleet.machineWatch.tell(script.snapshot(machines));
    QVERIFY(d.detail.spread.versions().empty());
    d.detail.spread.setShown(true);
    const std::vector<gui::models::VersionSpread> expected = {{"1.6.1", 1, 1, 1},
                                                              {"1.5.0", 1, 0, 0}};
    QVERIFY(d.detail.spread.versions() == expected);
    QCOMPARE(d.detail.spread.model().rowCount(), 2);
    // Asked again and again it is not counted again: only a change of the fleet makes that due.
    QSignalSpy changed(&d.detail.spread, &PackageSpread::changed);
    Q_EMIT d.fixture.feed.figuresChanged();
    QCOMPARE(changed.count(), 0);
    machines[0].agents[0].running = "1.6.1";
    d.fixture.master.fleet.machineWatch.tell(script.delta({machines[0]}));
    QVERIFY(d.detail.spread.versions() == expected);
    Q_EMIT d.fixture.feed.figuresChanged();
    QCOMPARE(d.detail.spread.versions().front().running, 2U);
    QCOMPARE(d.detail.spread.line(), QStringLiteral("2 machine(s) run it"));
}

void TestPackageDetail::theChosenVersionIsMarked() {
    Detail d;
    tests::FleetScript script;
    auto machines = tests::plainMachines(2);
    machines[0].agents = {{.name = "node-exporter", .running = "1.5.0", .desired = "1.5.0"}};
    machines[1].agents = {{.name = "node-exporter", .running = "1.6.1", .desired = "1.6.1"}};
    d.detail.spread.setShown(true);
    d.choose(0);
    QVERIFY(d.detail.spread.whyEmpty().contains(QStringLiteral("not been loaded")));
    d.fixture.master.fleet.machineWatch.tell(script.snapshot(machines));
    Q_EMIT d.fixture.feed.figuresChanged();
    QCOMPARE(d.detail.spread.chosenVersion(), 0);
    d.choose(1);
    QCOMPARE(d.detail.spread.chosenVersion(), 1);
    d.choose(2);
    QCOMPARE(d.detail.spread.chosenVersion(), -1);
    QCOMPARE(d.detail.spread.whyEmpty(), QString());
    d.choose(3);
    QVERIFY(d.detail.spread.whyEmpty().contains(QStringLiteral("logd")));
}

void TestPackageDetail::aBarFindsWhatItCounts() {
    Detail d;
    tests::FleetScript script;
    auto machines = tests::plainMachines(3);
    machines[0].agents = {{.name = "node-exporter", .running = "1.5.0", .desired = "1.6.1"},
                          {.name = "logd", .running = "1.6.1", .desired = "1.6.1"}};
    machines[1].agents = {{.name = "node-exporter", .running = "1.6.1", .desired = "1.6.1"}};
    machines[2].agents = {{.name = "node-exporter", .running = "1.6.1", .desired = "1.5.0"}};
    d.fixture.master.fleet.machineWatch.tell(script.snapshot(machines));
    d.detail.spread.setShown(true);
    d.choose(0);
    const auto& columns = d.fixture.feed.store().columns();
    for (const auto& version : d.detail.spread.versions()) {
        const auto parsed =
            filter::MachineFilter::parse(d.detail.spread.filterOf(version.version).toStdString());
        QVERIFY(!parsed.error);
        const auto rows = gui::models::orderRows(columns, parsed.filter, {}, d.fixture.clock.now());
        QCOMPARE(rows.size(), std::size_t{version.running});
    }
}

void TestPackageDetail::comparesWithTheVersionBefore() {
    Detail d;
    d.choose(0);
    QCOMPARE(d.lists().pending(), std::size_t{0});
    d.detail.difference.setShown(true);
    QVERIFY(d.detail.difference.emptyText().contains(QStringLiteral("Reading")));
    d.lists().deliver(Packages{d.all, {}});
    QCOMPARE(d.gets().last().manifestDigest, d.all[1].manifestDigest);
    d.gets().deliver(d.whole(1));
    QCOMPARE(d.worker.pending(), std::size_t{1});
    d.worker.finish();
    QVERIFY(d.changes().contains(QStringLiteral("start.command")));
    QVERIFY(d.changes().contains(QStringLiteral("share/collectors.json")));
    QVERIFY(d.changes().contains(QStringLiteral("etc/node_exporter.conf")));
    QVERIFY2(d.detail.difference.line().contains(QStringLiteral("1.5.0")),
             qPrintable(d.detail.difference.line()));
    QVERIFY(!d.detail.difference.failed());
}

void TestPackageDetail::readsThePackagesToTheirEnd() {
    Detail d;
    d.choose(0);
    d.detail.difference.setShown(true);
    d.lists().deliver(Packages{{d.all[2]}, "next"});
    QCOMPARE(d.lists().last().token, std::string("next"));
    d.lists().deliver(Packages{{d.all[1]}, {}});
    QCOMPARE(d.gets().last().manifestDigest, d.all[1].manifestDigest);
}

void TestPackageDetail::waitsForTheChosenManifest() {
    Detail d;
    d.choose(0, false);
    d.detail.difference.setShown(true);
    d.lists().deliver(Packages{d.all, {}});
    d.gets().deliver(1, d.whole(1));
    QCOMPARE(d.worker.pending(), std::size_t{0});
    d.gets().deliver(0, d.whole(0));
    QCOMPARE(d.worker.pending(), std::size_t{1});
    // It never comes: that is told.
    Detail other;
    other.choose(0, false);
    other.detail.difference.setShown(true);
    other.lists().deliver(Packages{other.all, {}});
    other.gets().deliver(1, other.whole(1));
    other.gets().deliver(0, base::failedPrecondition("STORAGE", "x", "the database is locked"));
    QVERIFY(other.detail.difference.failed());
    QVERIFY(!other.packages.manifestError().ok());
}

void TestPackageDetail::theFirstVersionHasNoneBefore() {
    Detail d;
    d.choose(2);
    d.detail.difference.setShown(true);
    d.lists().deliver(Packages{d.all, {}});
    QVERIFY(d.detail.difference.emptyText().contains(QStringLiteral("No older version")));
    QVERIFY(!d.detail.difference.failed());
    QCOMPARE(d.gets().pending(), std::size_t{0});
}

void TestPackageDetail::whatFailedIsToldAndTriedAgain() {
    Detail d;
    d.choose(0);
    d.detail.difference.setShown(true);
    d.lists().deliver(Packages{d.all, {}});
    d.gets().deliver(base::failedPrecondition("STORAGE", "x", "the database is locked"));
    QVERIFY(d.detail.difference.failed());
    QVERIFY(d.detail.difference.emptyText().contains(QStringLiteral("locked")));
    d.detail.difference.refresh();
    QVERIFY(!d.detail.difference.failed());
    d.lists().deliver(Packages{d.all, {}});
    // What no desktop can read is an error too, and no difference.
    services::PackageInfo odd = d.whole(1);
    odd.manifest = "format = 9";
    d.gets().deliver(odd);
    d.worker.finish();
    QVERIFY(d.detail.difference.failed());
    QCOMPARE(d.changes(), QStringList());
}

void TestPackageDetail::anotherChoiceDropsWhatIsOnItsWay() {
    Detail d;
    d.choose(0);
    d.detail.difference.setShown(true);
    d.lists().deliver(Packages{d.all, {}});
    d.gets().deliver(d.whole(1));
    d.choose(3);
    // The comparison of before comes late.
    d.worker.finish();
    QCOMPARE(d.changes(), QStringList());
    QVERIFY(d.detail.difference.emptyText().contains(QStringLiteral("Reading")));
    d.lists().deliver(Packages{d.all, {}});
    QCOMPARE(d.gets().last().manifestDigest, d.all[4].manifestDigest);
}

void TestPackageDetail::anotherSessionDropsIt() {
    Detail d;
    d.choose(0);
    d.detail.difference.setShown(true);
    d.detail.releases.setShown(true);
    d.lists().deliver(Packages{d.all, {}});
    d.gets().deliver(d.whole(1));
    d.releases().deliver(Releases{{release(1, "node-exporter", "1.6.1", {"LINUX"})}, {}});
    QCOMPARE(d.detail.releases.model().rowCount(), 1);
    d.fixture.hub.close();
    d.worker.finish();
    QCOMPARE(d.changes(), QStringList());
    QCOMPARE(d.detail.releases.model().rowCount(), 0);
}

void TestPackageDetail::severalBefore() {
    Detail d;
    services::PackageInfo arm = d.all[2];
    arm.manifestDigest = "arm";
    arm.version = "1.5.5";
    arm.machineTypes = {"ARM64"};
    d.choose(0);
    d.detail.difference.setShown(true);
    d.lists().deliver(Packages{{d.all[0], d.all[1], arm}, {}});
    QCOMPARE(d.detail.difference.bases(), (QStringList{QStringLiteral("1.5.0 for LINUX, CONTAINER"),
                                                       QStringLiteral("1.5.5 for ARM64")}));
    d.gets().deliver(d.whole(1));
    // Another one while the first is compared.
    d.detail.difference.chooseBase(1);
    d.worker.finish();
    QCOMPARE(d.changes(), QStringList());
    QCOMPARE(d.gets().last().manifestDigest, std::string("arm"));
    arm.manifest = tests::scriptedManifest(arm);
    d.gets().deliver(arm);
    d.worker.finish();
    QVERIFY(!d.changes().isEmpty());
    QVERIFY(d.detail.difference.line().contains(QStringLiteral("1.5.5")));
}

void TestPackageDetail::releasesThatUsedIt() {
    Detail d;
    d.choose(1);  // for LINUX and CONTAINER
    QCOMPARE(d.releases().pending(), std::size_t{0});
    d.detail.releases.setShown(true);
    QCOMPARE(d.releases().last().agent, std::string("node-exporter"));
    QVERIFY(d.detail.releases.emptyText().contains(QStringLiteral("Reading")));
    services::ReleaseInfo uninstall = release(5, "node-exporter", "1.5.0", {"LINUX"});
    uninstall.release.spec.action = domain::DesiredAction::Uninstall;
    d.releases().deliver(Releases{{uninstall, release(4, "node-exporter", "1.5.0", {"ARM64"}),
                                   release(3, "node-exporter", "1.6.1", {"LINUX"}),
                                   release(2, "node-exporter", "1.5.0", {"ARM64", "LINUX"}),
                                   release(1, "logd", "1.5.0", {"LINUX"})},
                                  {}});
    QCOMPARE(d.detail.releases.model().rowCount(), 1);
    QCOMPARE(d.detail.releases.model().at(0)->release.number, std::uint64_t{2});
    QCOMPARE(d.detail.releases.line(), QStringLiteral("1 release(s) brought this version"));
    d.choose(2);
    QCOMPARE(d.detail.releases.model().rowCount(), 0);
    QVERIFY(d.detail.releases.emptyText().contains(QStringLiteral("No release")));
}

void TestPackageDetail::anotherVersionOfTheAgentIsNotReadAgain() {
    Detail d;
    d.choose(0);
    d.detail.releases.setShown(true);
    d.releases().deliver(Releases{{release(1, "node-exporter", "1.5.0", {"LINUX"})}, {}});
    QCOMPARE(d.detail.releases.model().rowCount(), 0);
    d.choose(1);
    QCOMPARE(d.releases().pending(), std::size_t{0});
    QCOMPARE(d.detail.releases.model().rowCount(), 1);
    d.choose(3);
    QCOMPARE(d.releases().last().agent, std::string("logd"));
    QCOMPARE(d.detail.releases.model().rowCount(), 0);
}

void TestPackageDetail::furtherReleasesOnDemand() {
    Detail d;
    d.choose(0);
    d.detail.releases.setShown(true);
    d.releases().deliver(Releases{{release(9, "node-exporter", "1.5.0", {"LINUX"})}, "next"});
    QVERIFY(d.detail.releases.hasMore());
    QVERIFY(d.detail.releases.line().contains(QStringLiteral("more to load")));
    QVERIFY(d.detail.releases.emptyText().contains(QStringLiteral("None of those")));
    d.detail.releases.more();
    QCOMPARE(d.releases().last().page.token, std::string("next"));
    d.releases().deliver(Releases{{release(8, "node-exporter", "1.6.1", {"LINUX"})}, {}});
    QCOMPARE(d.detail.releases.model().rowCount(), 1);
    QVERIFY(!d.detail.releases.hasMore());
}

void TestPackageDetail::releasesThatFailToLoad() {
    Detail d;
    d.choose(0);
    d.detail.releases.setShown(true);
    d.releases().deliver(base::permissionDenied("NOT_ALLOWED", "li", "li may not read releases"));
    QVERIFY(d.detail.releases.failed());
    QVERIFY(d.detail.releases.emptyText().contains(QStringLiteral("NOT_ALLOWED")));
    d.detail.releases.refresh();
    d.releases().deliver(Releases{{release(1, "node-exporter", "1.6.1", {"LINUX"})}, {}});
    QVERIFY(!d.detail.releases.failed());
    QCOMPARE(d.detail.releases.model().rowCount(), 1);
    // Read again by an event, once somebody looks.
    d.fixture.master.events.tell(services::ClusterEvent::Kind::ReleaseChanged, "r1");
    QTRY_COMPARE(d.releases().pending(), std::size_t{1});
}

void TestPackageDetail::everyReleaseIsExported() {
    Detail d;
    d.choose(0);
    d.detail.releases.setShown(true);
    d.releases().deliver(Releases{{release(9, "node-exporter", "1.5.0", {"LINUX"})}, "next"});
    const auto rows = d.detail.releases.rows();
    QString problem = QStringLiteral("unread");
    rows->read([](qint64) {}, [&problem](const QString& said) { problem = said; });
    d.releases().deliver(Releases{{release(9, "node-exporter", "1.6.1", {"LINUX"}),
                                   release(8, "node-exporter", "1.5.0", {"LINUX"})},
                                  "next"});
    d.releases().deliver(Releases{{release(7, "node-exporter", "1.6.1", {"LINUX"})}, {}});
    QCOMPARE(problem, QString());
    QCOMPARE(rows->model().rowCount(), 2);
}

QTEST_GUILESS_MAIN(TestPackageDetail)
#include "tst_package_detail.moc"
