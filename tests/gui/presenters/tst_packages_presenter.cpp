// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include "gui/presenters/packages_presenter.h"
#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/hub_fixture.h"

using namespace ifrit;
namespace services = gui::services;
using gui::presenters::PackagesPresenter;

namespace {

services::PackageInfo package(const char* version, bool inUse) {
    services::PackageInfo out;
    out.agent = "logd";
    out.version = version;
    out.manifestDigest = std::string("d") + version;
    out.inUse = inUse;
    return out;
}

}  // namespace

class TestPackagesPresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void loadsFurtherPagesOnDemand();
    void aSlowMasterIsHeard();
    void oneDeletionAtATime();
    void whatIsInUseCannotBeDeleted();
    void whatIsNotDescribedHasNoLineForIt();
    void publishTellsProgressAndFailure();
    void publishTellsWhatWasThere();
    void publishNeedsThePermission();
    void eventsThatKeepComingDoNotPostponeTheReload();
    void releasesThatMoveAreReadWhileSomebodyLooks();
    void aPackageThatVanishedIsNotChosenAnyMore();
};

void TestPackagesPresenter::loadsFurtherPagesOnDemand() {
    tests::HubFixture fixture;
    PackagesPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({});
    auto& calls = fixture.master.packages.listCalls;
    calls.deliver(services::Page<services::PackageInfo>{{package("1", false)}, "next"});
    QVERIFY(presenter.hasMore());
    presenter.more();
    QCOMPARE(calls.last().token, std::string("next"));
    calls.deliver(services::Page<services::PackageInfo>{{package("2", false)}, {}});
    QCOMPARE(presenter.model().rowCount(), 2);
    QVERIFY(!presenter.hasMore());
}

// The sheet that deletes it had an empty line.
void TestPackagesPresenter::whatIsNotDescribedHasNoLineForIt() {
    tests::HubFixture fixture;
    PackagesPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({});
    auto described = package("2", false);
    described.description = "reads logs";
    fixture.master.packages.listCalls.deliver(
        services::Page<services::PackageInfo>{{package("1", false), described}, {}});
    const auto hasLine = [&presenter](const char* digest) {
        presenter.choose(QString::fromLatin1(digest));
        for (const auto& [label, value] : presenter.chosenFacts()) {
            if (label == QStringLiteral("Description")) return true;
        }
        return false;
    };
    QVERIFY(!hasLine("d1"));
    QVERIFY(hasLine("d2"));
}

// A master that answers slower than packages change was never heard.
void TestPackagesPresenter::aSlowMasterIsHeard() {
    tests::HubFixture fixture;
    PackagesPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({});
    presenter.refresh();
    auto& calls = fixture.master.packages.listCalls;
    QCOMPARE(calls.pending(), std::size_t{1});
    calls.deliver(0, services::Page<services::PackageInfo>{{package("old", false)}, {}});
    QCOMPARE(presenter.model().rowCount(), 1);
    calls.deliver(0, services::Page<services::PackageInfo>{{package("new", false)}, {}});
    QCOMPARE(presenter.model().at(0)->version, std::string("new"));
    QCOMPARE(calls.pending(), std::size_t{0});
}

void TestPackagesPresenter::oneDeletionAtATime() {
    tests::HubFixture fixture;
    PackagesPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({"package.delete"});
    fixture.master.packages.listCalls.deliver(
        services::Page<services::PackageInfo>{{package("1", false), package("2", false)}, {}});
    presenter.choose(QStringLiteral("d2"));
    auto& calls = fixture.master.packages.removeCalls;
    presenter.remove("d1", QStringLiteral("old"));
    QVERIFY(presenter.removeAction().whyNot.contains(QStringLiteral("answered yet")));
    presenter.remove("d2", QStringLiteral("old"));
    QCOMPARE(calls.made(), std::size_t{1});
    // With what whoever helps asks for, as every change that fails.
    QSignalSpy acted(&presenter, &PackagesPresenter::acted);
    calls.deliver(base::withCallDetails(
        base::failedPrecondition("PACKAGE_IN_USE", "d1", "something desires it"),
        {"r-77", {}, 0, 0}));
    const QString told = acted[0][0].toString();
    QVERIFY2(told.contains(QStringLiteral("PACKAGE_IN_USE")), qPrintable(told));
    QVERIFY2(told.contains(QStringLiteral("r-77")), qPrintable(told));
    QVERIFY(presenter.removeAction().enabled());
}

void TestPackagesPresenter::whatIsInUseCannotBeDeleted() {
    tests::HubFixture fixture;
    PackagesPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({"package.delete"});
    fixture.master.packages.listCalls.deliver(
        services::Page<services::PackageInfo>{{package("1", true), package("2", false)}, {}});
    presenter.choose(QStringLiteral("d1"));
    QVERIFY(presenter.removeAction().whyNot.contains(QStringLiteral("in use")));
    presenter.choose(QStringLiteral("d2"));
    QVERIFY(presenter.removeAction().enabled());
    // The list is read again while the sheet is open, and shows another one.
    presenter.choose(QStringLiteral("d1"));
    presenter.remove("d2", QStringLiteral("old"));
    QCOMPARE(fixture.master.packages.removeCalls.last().first, std::string("d2"));
    QCOMPARE(fixture.master.packages.removeCalls.last().second.reason, std::string("old"));
}

void TestPackagesPresenter::publishTellsProgressAndFailure() {
    tests::HubFixture fixture;
    PackagesPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({"package.publish"});
    presenter.publish(QStringLiteral("/tmp/logd.ifrit"));
    QVERIFY(presenter.publishing());
    QVERIFY(!presenter.publishAction().enabled());
    fixture.master.packages.publishProgress({services::PublishProgress::Phase::Uploading, 25, 100});
    QCOMPARE(presenter.publishPercent(), 25);
    fixture.master.packages.publishCalls.deliver(
        base::invalidArgument("PACKAGE_SIGNATURE", "logd", "the signature is of no trusted key"));
    QVERIFY(!presenter.publishing());
    QCOMPARE(presenter.publishKind(), gui::models::StatusKind::Fail);
    QVERIFY(presenter.publishText().contains(QStringLiteral("no trusted key")));
    QVERIFY(presenter.publishText().contains(QStringLiteral("PACKAGE_SIGNATURE")));
}

void TestPackagesPresenter::publishTellsWhatWasThere() {
    tests::HubFixture fixture;
    PackagesPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({"package.publish"});
    const auto told = [&](const services::PublishResult& result) {
        presenter.publish(QStringLiteral("/tmp/logd.ifrit"));
        fixture.master.packages.publishCalls.deliver(result);
        return presenter.publishText();
    };
    QVERIFY(told({}).contains(QStringLiteral("is published")));
    QVERIFY(told({{}, true, false}).contains(QStringLiteral("nothing changed")));
    QVERIFY(told({{}, true, true}).contains(QStringLiteral("its archive was missing")));
}

void TestPackagesPresenter::publishNeedsThePermission() {
    tests::HubFixture fixture;
    PackagesPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({});
    presenter.publish(QStringLiteral("/tmp/logd.ifrit"));
    QCOMPARE(fixture.master.packages.publishCalls.made(), std::size_t{0});
    QVERIFY(presenter.publishAction().whyNot.contains(QStringLiteral("package.publish")));
}

void TestPackagesPresenter::eventsThatKeepComingDoNotPostponeTheReload() {
    tests::HubFixture fixture;
    PackagesPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({});
    auto& calls = fixture.master.packages.listCalls;
    calls.deliver(services::Page<services::PackageInfo>{{package("1", false)}, {}});
    const std::size_t before = calls.made();
    // One event each 20 ms, far more often than the reload's 300 ms.
    QTimer events;
    events.setInterval(20);
    QObject::connect(&events, &QTimer::timeout, &events, [&fixture] {
        fixture.master.events.tell(services::ClusterEvent::Kind::PackageChanged, "d1");
    });
    events.start();
    QTRY_VERIFY_WITH_TIMEOUT(calls.made() > before, 3'000);
}

void TestPackagesPresenter::releasesThatMoveAreReadWhileSomebodyLooks() {
    tests::HubFixture fixture;
    PackagesPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({});
    auto& calls = fixture.master.packages.listCalls;
    calls.deliver(services::Page<services::PackageInfo>{{package("1", false)}, {}});
    const std::size_t before = calls.made();
    fixture.master.events.tell(services::ClusterEvent::Kind::ReleaseChanged, "r1");
    // Had it begun a reload, this would be a part of it.
    fixture.master.events.tell(services::ClusterEvent::Kind::PackageChanged, "d1");
    QTRY_COMPARE_WITH_TIMEOUT(calls.made(), before + 1, 3'000);
    calls.deliver(services::Page<services::PackageInfo>{{package("1", false)}, {}});
    fixture.master.events.tell(services::ClusterEvent::Kind::ReleaseChanged, "r1");
    QCOMPARE(calls.made(), before + 1);
    // Whoever comes to the page reads it at once, and then as it moves.
    presenter.setShown(true);
    QCOMPARE(calls.made(), before + 2);
    calls.deliver(services::Page<services::PackageInfo>{{package("1", false)}, {}});
    fixture.master.events.tell(services::ClusterEvent::Kind::ReleaseChanged, "r1");
    QTRY_COMPARE_WITH_TIMEOUT(calls.made(), before + 3, 3'000);
}

void TestPackagesPresenter::aPackageThatVanishedIsNotChosenAnyMore() {
    tests::HubFixture fixture;
    PackagesPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({"package.delete"});
    auto& calls = fixture.master.packages.listCalls;
    calls.deliver(services::Page<services::PackageInfo>{{package("1", false)}, {}});
    presenter.choose(QStringLiteral("d1"));
    auto full = package("1", false);
    full.manifest = "format = 1";
    fixture.master.packages.getCalls.deliver(full);
    // In use by now: the list says so, the manifest stays.
    presenter.refresh();
    calls.deliver(services::Page<services::PackageInfo>{{package("1", true)}, {}});
    QVERIFY(presenter.chosen().has_value());
    QCOMPARE(presenter.chosen()->manifest, std::string("format = 1"));
    QVERIFY(!presenter.removeAction().enabled());
    // It may stand on a page that was not read.
    presenter.refresh();
    calls.deliver(services::Page<services::PackageInfo>{{package("2", false)}, "next"});
    QVERIFY(presenter.chosen().has_value());
    presenter.refresh();
    calls.deliver(services::Page<services::PackageInfo>{{package("2", false)}, {}});
    QVERIFY(!presenter.chosen().has_value());
    QVERIFY(presenter.removeAction().whyNot.contains(QStringLiteral("No package")));
}

QTEST_GUILESS_MAIN(TestPackagesPresenter)
#include "tst_packages_presenter.moc"
