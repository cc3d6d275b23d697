// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/presenters/packages_presenter.h"
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
    void reloadDropsALatePage();
    void whatIsInUseCannotBeDeleted();
    void publishTellsProgressAndFailure();
    void publishNeedsThePermission();
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

void TestPackagesPresenter::reloadDropsALatePage() {
    tests::HubFixture fixture;
    PackagesPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({});
    presenter.refresh();
    auto& calls = fixture.master.packages.listCalls;
    QCOMPARE(calls.pending(), std::size_t{2});
    calls.deliver(1, services::Page<services::PackageInfo>{{package("new", false)}, {}});
    calls.deliver(0, services::Page<services::PackageInfo>{{package("old", false)}, {}});
    QCOMPARE(presenter.model().rowCount(), 1);
    QCOMPARE(presenter.model().at(0)->version, std::string("new"));
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
    presenter.remove(QStringLiteral("old"));
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

void TestPackagesPresenter::publishNeedsThePermission() {
    tests::HubFixture fixture;
    PackagesPresenter presenter(fixture.hub, fixture.feed);
    fixture.connect({});
    presenter.publish(QStringLiteral("/tmp/logd.ifrit"));
    QCOMPARE(fixture.master.packages.publishCalls.made(), std::size_t{0});
    QVERIFY(presenter.publishAction().whyNot.contains(QStringLiteral("package.publish")));
}

QTEST_GUILESS_MAIN(TestPackagesPresenter)
#include "tst_packages_presenter.moc"
