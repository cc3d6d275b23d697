// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "gui/presenters/campaigns_presenter.h"
#include "gui/presenters/new_campaign_presenter.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/campaign_desk.h"

using namespace ifrit;
using namespace ifrit::gui;
using domain::StepState;
using services::CampaignInfo;
using tests::Campaigns;
using Desk = tests::CampaignDesk;

namespace {

/// The second cluster has its receipt, the third does not hold it yet.
void verifySecond(const std::string& cluster, CampaignInfo& info) {
    if (cluster != "cn-north-1") return;
    info.state = StepState::Verified;
    info.own = services::ReceiptInfo{{"receipt of cn-north-1", "s"}, {}};
    info.own->receipt.cluster = cluster;
}

/// The second has its receipt, and the third was given it.
void thirdReady(const std::string& cluster, CampaignInfo& info) {
    verifySecond(cluster, info);
    if (cluster != "eu-west-1") return;
    info.state = StepState::Ready;
    info.previous = services::ReceiptInfo{{"receipt of cn-north-1", "s"}, {}};
}

services::ReleasePlan planOf(const std::string& release) {
    services::ReleasePlan out;
    out.planId = "p-1";
    out.releaseId = release;
    out.machinesTotal = 192;
    out.clusterMachines = 240;
    out.generation = 9;
    out.refusalCount = 4;
    out.refusals.resize(4, {"m-1", "TOO_OLD", "too old"});
    return out;
}

}  // namespace

class TestCampaignsPresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void showsOneCampaignOverThreeClusters();
    void oneThatIsAwayIsNamed();
    void receiptsAreCarriedByThemselves();
    void readOnlyConnectionsCarryNothing();
    void aRefusedReceiptIsToldOnce();
    void whatWasNotAnsweredIsCarriedAgain_data();
    void whatWasNotAnsweredIsCarriedAgain();
    void theNextClusterIsPreparedPlannedAndStarted();
    void aPlanOfAnotherCampaignIsDropped();
    void whatIsNotGrantedIsNamed();
    void aConflictIsToldAndStartsNothing();
    void aReleaseIsOpenedWhereTheWindowIs();
    void receiptsAreCarriedWhileAnotherPageIsShown();
    void whoeverIsWantedIsTold();
    void aClusterThatMayBeChangedByNowIsToldAnew();
    void aBundleThatWasImportedAgainIsUsed();
    void aPasswordLoginIsAskedWithItsToken();
    void withoutALoginItIsOutOfSight();
    void allIsLetGoWithTheConnection();
    void aCampaignIsMadeOfARelease();
    void whatOneClusterRefusesIsMadeNowhere();
};

void TestCampaignsPresenter::showsOneCampaignOverThreeClusters() {
    Desk desk;
    desk.answer();
    QCOMPARE(desk.presenter.model().rowCount(), 1);
    QCOMPARE(desk.presenter.chosen(), tests::kMoving);
    QCOMPARE(desk.presenter.seatModel().rowCount(), 3);
    const auto& seats = desk.presenter.seatModel().records();
    QCOMPARE(QString::fromStdString(seats[2].seat().cluster), QStringLiteral("eu-west-1"));
    QCOMPARE(seats[2].waitsFor(), QStringLiteral("the receipt of cn-north-1"));
    QCOMPARE(desk.presenter.notice().state, models::ViewState::Ready);
    // One runs: the next cannot be started, and it says why.
    QVERIFY(desk.presenter.startAction().whyNot.startsWith(QStringLiteral("cn-north-1")));
    QVERIFY(desk.presenter.abortAction().enabled());
}

void TestCampaignsPresenter::oneThatIsAwayIsNamed() {
    Desk desk;
    desk.presenter.setShown(true);
    desk.master.campaigns.lists.deliver(desk.held("cn-north-1"));
    desk.test.campaigns.lists.deliver(desk.held("cn-test-1"));
    desk.west.campaigns.lists.deliver(absl::UnavailableError("away"));
    QCOMPARE(desk.presenter.notice().state, models::ViewState::Partial);
    QVERIFY(desk.presenter.notice().sentence.contains(QStringLiteral("eu-west-1")));
    QCOMPARE(desk.presenter.seatModel().rowCount(), 3);
    QVERIFY(desk.west.campaigns.changes.made() == 0);
}

void TestCampaignsPresenter::receiptsAreCarriedByThemselves() {
    Desk desk;
    desk.answer(verifySecond);
    QCOMPARE(desk.west.campaigns.changes.made(), std::size_t{1});
    QCOMPARE(desk.west.campaigns.changes.last().what, std::string("present receipt of cn-north-1"));
    desk.west.campaigns.changes.deliver(desk.held("eu-west-1").items.front());
    QVERIFY(desk.presenter.carryLine().contains(QStringLiteral("cn-north-1")));
    QVERIFY(!desk.presenter.carryFailed());
    // And then all are asked again.
    QCOMPARE(desk.west.campaigns.lists.pending(), std::size_t{1});
}

void TestCampaignsPresenter::readOnlyConnectionsCarryNothing() {
    Desk desk(true);
    desk.answer(verifySecond);
    QCOMPARE(desk.west.campaigns.changes.made(), std::size_t{0});
    QVERIFY(desk.presenter.carryLine().contains(QStringLiteral("read-only")));
    QVERIFY(desk.presenter.startAction().whyNot.contains(QStringLiteral("read-only")));
}

void TestCampaignsPresenter::aRefusedReceiptIsToldOnce() {
    Desk desk;
    desk.answer(verifySecond);
    desk.west.campaigns.changes.deliver(
        base::failedPrecondition("RECEIPT_SIGNATURE", "", "it is not signed by that CA"));
    QVERIFY(desk.presenter.carryFailed());
    QVERIFY(desk.presenter.carryLine().contains(QStringLiteral("not signed")));
    desk.answer(verifySecond);
    QCOMPARE(desk.west.campaigns.changes.made(), std::size_t{1});
}

void TestCampaignsPresenter::whatWasNotAnsweredIsCarriedAgain_data() {
    QTest::addColumn<int>("code");
    using Code = absl::StatusCode;
    QTest::newRow("unreachable") << static_cast<int>(Code::kUnavailable);
    QTest::newRow("too late") << static_cast<int>(Code::kDeadlineExceeded);
    QTest::newRow("overloaded") << static_cast<int>(Code::kResourceExhausted);
    QTest::newRow("lost race") << static_cast<int>(Code::kAborted);
}

// A leader that falls over while a receipt is under way must not stop the campaign.
void TestCampaignsPresenter::whatWasNotAnsweredIsCarriedAgain() {
    QFETCH(int, code);
    Desk desk;
    desk.answer(verifySecond);
    desk.west.campaigns.changes.deliver(
        base::makeError(static_cast<absl::StatusCode>(code), "LEADER_AWAY", "", "not now"));
    QVERIFY(desk.presenter.carryFailed());
    desk.answer(verifySecond);
    QCOMPARE(desk.west.campaigns.changes.made(), std::size_t{2});
    desk.west.campaigns.changes.deliver(desk.held("eu-west-1").items.front());
    QVERIFY(!desk.presenter.carryFailed());
}

void TestCampaignsPresenter::theNextClusterIsPreparedPlannedAndStarted() {
    Desk desk;
    desk.answer(thirdReady);
    QCOMPARE(desk.presenter.startAction().whyNot, QString());
    QSignalSpy prepared(&desk.presenter, &presenters::CampaignsPresenter::startPrepared);
    desk.presenter.prepareStart();
    QVERIFY(!desk.presenter.startAction().enabled());
    QCOMPARE(desk.west.campaigns.changes.last().what, std::string("prepare"));
    CampaignInfo held = desk.held("eu-west-1").items.front();
    thirdReady("eu-west-1", held);
    held.release = services::ReleaseInfo();
    held.release->release.id = "r-9";
    desk.west.campaigns.changes.deliver(held);
    QCOMPARE(desk.west.releases.planCalls.last(), std::string("r-9"));
    desk.west.releases.planCalls.deliver(planOf("r-9"));
    QTRY_COMPARE(prepared.count(), 1);
    const models::DangerFacts facts = desk.presenter.startFacts();
    QCOMPARE(facts.clusters.size(), 1);
    QCOMPARE(facts.clusters.front().text(), QStringLiteral("eu-west-1 · PRODUCTION"));
    // 192 of 240 machines of a production cluster.
    QCOMPARE(facts.danger, domain::DangerClass::WideInProduction);
    QCOMPARE(facts.machines, qint64{192});
    QCOMPARE(facts.commands.front().words.value(4), QStringLiteral("eu-west-1"));
    // Receipts come from the others: all of them are named, and no other that a shell knows.
    const QString clusters = QStringLiteral("--clusters=cn-test-1,cn-north-1,eu-west-1");
    QVERIFY(facts.commands.front().words.contains(clusters));
    QCOMPARE(desk.presenter.command().words.value(1), QStringLiteral("show"));
    QVERIFY(desk.presenter.command().words.contains(clusters));
    const auto isRefused = [](const auto& fact) { return fact.first == QStringLiteral("Refused"); };
    const auto refused = std::find_if(facts.facts.begin(), facts.facts.end(), isRefused);
    QVERIFY(refused != facts.facts.end() && refused->second.contains(QStringLiteral("too old")));
    // Nothing starts before it was confirmed.
    QCOMPARE(desk.west.campaigns.changes.pending(), std::size_t{0});
    desk.presenter.start(QStringLiteral("OPS-1"));
    const auto& change = desk.west.campaigns.changes.last();
    QCOMPARE(change.what, std::string("start p-1"));
    QCOMPARE(change.mutation.reason, std::string("OPS-1"));
    QCOMPARE(change.mutation.expectedCount.value_or(0), std::uint64_t{192});
    QSignalSpy acted(&desk.presenter, &presenters::CampaignsPresenter::acted);
    desk.west.campaigns.changes.deliver(held);
    QCOMPARE(acted.takeFirst().at(0).toString(), QString());
    QCOMPARE(desk.master.campaigns.changes.made() + desk.test.campaigns.changes.made(),
             std::size_t{0});
}

// The plan was written into what the click on another row had just thrown away.
void TestCampaignsPresenter::aPlanOfAnotherCampaignIsDropped() {
    Desk desk;
    desk.answer(thirdReady);
    const QString first = desk.presenter.chosen();
    QSignalSpy prepared(&desk.presenter, &presenters::CampaignsPresenter::startPrepared);
    const auto untilPlanned = [&] {
        desk.presenter.prepareStart();
        CampaignInfo held = desk.held("eu-west-1").items.front();
        thirdReady("eu-west-1", held);
        held.release = services::ReleaseInfo();
        held.release->release.id = "r-9";
        desk.west.campaigns.changes.deliver(held);
    };
    untilPlanned();
    QVERIFY(desk.presenter.acting());
    desk.presenter.choose(QStringLiteral("another"));
    QVERIFY(!desk.presenter.acting());
    desk.west.releases.planCalls.deliver(planOf("r-9"));
    // Chosen away between the answer and the sheet.
    desk.presenter.choose(first);
    untilPlanned();
    desk.west.releases.planCalls.deliver(planOf("r-9"));
    desk.presenter.choose(QStringLiteral("another"));
    QCoreApplication::processEvents();
    QCOMPARE(prepared.count(), 0);
}

/// A draft that somebody made is started by whoever may start alone.
void TestCampaignsPresenter::whatIsNotGrantedIsNamed() {
    const auto whyNot = [](std::vector<std::string> permissions, bool isDrafted) {
        Desk desk(false, std::move(permissions));
        desk.answer([isDrafted](const std::string& cluster, CampaignInfo& info) {
            if (cluster != "cn-north-1") return;
            info.state = isDrafted ? StepState::Drafted : StepState::Ready;
            info.previous = services::ReceiptInfo{{"receipt of cn-test-1", "s"}, {}};
            info.release.reset();
            if (isDrafted) info.release = services::ReleaseInfo();
        });
        return desk.presenter.startAction().whyNot;
    };
    QCOMPARE(whyNot({"campaign.prepare", "campaign.start"}, false), QString());
    QVERIFY(whyNot({"campaign.start"}, false).contains(QStringLiteral("campaign.prepare")));
    QVERIFY(whyNot({"campaign.prepare"}, false).contains(QStringLiteral("campaign.start")));
    QCOMPARE(whyNot({"campaign.start"}, true), QString());
}

void TestCampaignsPresenter::aConflictIsToldAndStartsNothing() {
    Desk desk;
    desk.answer([](const std::string& cluster, CampaignInfo& info) {
        verifySecond(cluster, info);
        if (cluster != "eu-west-1") return;
        info.state = StepState::Drafted;
        info.previous = services::ReceiptInfo{{"receipt of cn-north-1", "s"}, {}};
        info.release = services::ReleaseInfo();
        info.release->release.id = "r-9";
    });
    QSignalSpy acted(&desk.presenter, &presenters::CampaignsPresenter::acted);
    desk.presenter.prepareStart();
    // It has its draft already.
    QCOMPARE(desk.west.campaigns.changes.made(), std::size_t{0});
    services::ReleasePlan plan = planOf("r-9");
    plan.conflicts = {"release 4 is running"};
    desk.west.releases.planCalls.deliver(plan);
    QVERIFY(acted.takeFirst().at(0).toString().contains(QStringLiteral("release 4")));
    QVERIFY(desk.presenter.startAction().enabled());
}

void TestCampaignsPresenter::aReleaseIsOpenedWhereTheWindowIs() {
    Desk desk;
    desk.answer();
    QSignalSpy wanted(&desk.presenter, &presenters::CampaignsPresenter::releaseWanted);
    QSignalSpy acted(&desk.presenter, &presenters::CampaignsPresenter::acted);
    desk.presenter.openRelease(1);
    QCOMPARE(wanted.takeFirst().at(0).toString(), QStringLiteral("release-861"));
    // Of another cluster the window knows only what the campaign says.
    desk.presenter.openRelease(0);
    QVERIFY(acted.takeFirst().at(0).toString().contains(QStringLiteral("cn-test-1")));
    QCOMPARE(wanted.count(), 0);
}

void TestCampaignsPresenter::receiptsAreCarriedWhileAnotherPageIsShown() {
    Desk desk;
    const auto round = [&desk](auto change) {
        for (const auto& [cluster, fakes] : desk.all()) {
            Campaigns page = desk.held(cluster);
            change(cluster, page.items.front());
            fakes->campaigns.lists.deliver(page);
        }
    };
    // With the line, and nobody has looked at the page yet.
    QCOMPARE(desk.master.campaigns.lists.made(), std::size_t{1});
    round([](const auto&, CampaignInfo&) {});
    QCOMPARE(desk.presenter.model().rowCount(), 1);
    // What releases do is not followed, what is done to a campaign is.
    desk.master.events.tell(services::ClusterEvent::Kind::ReleaseChanged);
    desk.master.events.tell(services::ClusterEvent::Kind::AuditAppended, "campaign.start");
    QTRY_COMPARE(desk.master.campaigns.lists.made(), std::size_t{2});
    round(verifySecond);
    QCOMPARE(desk.west.campaigns.changes.last().what, std::string("present receipt of cn-north-1"));
    desk.west.campaigns.changes.deliver(desk.held("eu-west-1").items.front());
    round(thirdReady);
    QCOMPARE(desk.presenter.attention(), 1);
    // Every half minute as long as one is open.
    const std::size_t made = desk.master.campaigns.lists.made();
    desk.fireTimers();
    QCOMPARE(desk.master.campaigns.lists.made(), made + 1);
    for (const auto& [cluster, fakes] : desk.all())
        fakes->campaigns.lists.deliver(Campaigns());
    desk.fireTimers();
    QCOMPARE(desk.master.campaigns.lists.made(), made + 1);
}

void TestCampaignsPresenter::whoeverIsWantedIsTold() {
    Desk desk;
    QSignalSpy wanted(&desk.presenter, &presenters::CampaignsPresenter::personWanted);
    desk.answer();
    desk.answer(thirdReady);
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(wanted[0][0].toString(), tests::kMoving);
    QVERIFY(wanted[0][1].toString().contains(QStringLiteral("eu-west-1 can be started")));
    // Once, also where a cluster was out of sight meanwhile.
    desk.presenter.setShown(true);
    desk.master.campaigns.lists.deliver(desk.held("cn-north-1"));
    desk.test.campaigns.lists.deliver(desk.held("cn-test-1"));
    desk.west.campaigns.lists.deliver(absl::UnavailableError("away"));
    wanted.clear();
    desk.answer([](const std::string& cluster, CampaignInfo& info) {
        if (cluster == "cn-north-1") info.state = StepState::Halted;
    });
    QCOMPARE(wanted.size(), 1);
    QVERIFY(wanted[0][1].toString().contains(QStringLiteral("cn-north-1: halted")));
    // What was so at the first look is no news.
    Desk other;
    QSignalSpy first(&other.presenter, &presenters::CampaignsPresenter::personWanted);
    other.answer(thirdReady);
    other.answer(thirdReady);
    QCOMPARE(first.size(), 0);
}

// The session of before answered that it is read-only, which was taken for the cluster's own word.
void TestCampaignsPresenter::aClusterThatMayBeChangedByNowIsToldAnew() {
    Desk desk;
    desk.answer(verifySecond);
    desk.west.campaigns.changes.deliver(base::failedPrecondition("READ_ONLY", "", "read-only"));
    desk.connections.setReadOnly(1, true);
    desk.answer(verifySecond);
    QCOMPARE(desk.west.campaigns.changes.made(), std::size_t{1});
    QVERIFY(desk.west.profile.readOnly);
    QVERIFY(desk.presenter.startAction().whyNot.contains(QStringLiteral("read-only")));
    desk.connections.setReadOnly(1, false);
    desk.answer(verifySecond);
    QVERIFY(!desk.west.profile.readOnly);
    QCOMPARE(desk.west.campaigns.changes.made(), std::size_t{2});
}

void TestCampaignsPresenter::aBundleThatWasImportedAgainIsUsed() {
    Desk desk;
    desk.answer(verifySecond);
    QCOMPARE(desk.west.profile.bundle.addresses.front(), std::string("127.0.0.1:1"));
    bundle::Bundle moved = Desk::bundleOf("eu-west-1");
    moved.addresses = {"127.0.0.1:2"};
    desk.connections.import(desk.write(moved));
    desk.presenter.setShown(true);
    QCOMPARE(desk.west.profile.bundle.addresses.front(), std::string("127.0.0.1:2"));
    // What is on its way comes to its end.
    desk.west.campaigns.changes.deliver(desk.held("eu-west-1").items.front());
    QVERIFY(desk.presenter.carryLine().contains(QStringLiteral("Carried")));
    // One that was taken off the list is not asked any more.
    desk.connections.remove(1);
    const std::size_t made = desk.west.campaigns.lists.made();
    desk.presenter.lines().ask();
    QCOMPARE(desk.west.campaigns.lists.made(), made);
}

void TestCampaignsPresenter::aPasswordLoginIsAskedWithItsToken() {
    Desk desk(false, {}, Desk::Third::Password);
    QCOMPARE(desk.west.sessions, 0);
    desk.secrets.readCalls.deliver(std::string("token of wang"));
    QCOMPARE(desk.west.profile.bearerToken, std::string("token of wang"));
    desk.answer(verifySecond);
    QCOMPARE(desk.presenter.notice().state, models::ViewState::Ready);
    QCOMPARE(desk.west.campaigns.changes.made(), std::size_t{1});
    // The keychain is asked once.
    QCOMPARE(desk.secrets.readCalls.made(), std::size_t{1});
}

void TestCampaignsPresenter::withoutALoginItIsOutOfSight() {
    Desk desk(false, {}, Desk::Third::Password);
    desk.secrets.readCalls.deliver(absl::NotFoundError("nobody has signed in"));
    desk.presenter.setShown(true);
    desk.master.campaigns.lists.deliver(desk.held("cn-north-1"));
    desk.test.campaigns.lists.deliver(desk.held("cn-test-1"));
    QCOMPARE(desk.west.sessions, 0);
    QCOMPARE(desk.presenter.notice().state, models::ViewState::Partial);
    QVERIFY(desk.presenter.notice().sentence.contains(QStringLiteral("eu-west-1")));
}

void TestCampaignsPresenter::allIsLetGoWithTheConnection() {
    Desk desk;
    desk.answer();
    QCOMPARE(desk.west.sessions, 1);
    desk.hub.close();
    QCOMPARE(desk.west.sessions, 0);
    QCOMPARE(desk.presenter.model().rowCount(), 0);
}

void TestCampaignsPresenter::aCampaignIsMadeOfARelease() {
    Desk desk;
    desk.answer();
    presenters::NewCampaignPresenter maker(desk.hub, desk.presenter.lines());
    maker.begin();
    services::ReleaseInfo release;
    release.release.id = "r-1";
    release.release.number = 7;
    release.release.spec.agent = "logd";
    release.release.spec.version = "2";
    release.release.spec.machineTypes = {"LINUX"};
    release.release.spec.gray.uuids = {"m-1"};
    release.release.state = domain::ReleaseState::Done;
    services::ReleaseInfo stopped = release;
    stopped.release.id = "r-2";
    stopped.release.number = 8;
    stopped.release.state = domain::ReleaseState::Halted;
    desk.master.releases.listCalls.deliver(
        services::Page<services::ReleaseInfo>{{stopped, release}, {}});
    // What was halted is not what the next clusters are to have, unless somebody says so.
    QCOMPARE(maker.form().releaseId, QStringLiteral("r-1"));
    QVERIFY(maker.releases().front().text.contains(QStringLiteral("halted")));
    QVERIFY(maker.warning().isEmpty());
    auto halted = maker.form();
    halted.releaseId = QStringLiteral("r-2");
    maker.setForm(halted);
    QVERIFY(maker.warning().contains(QStringLiteral("#8")));
    halted.releaseId = QStringLiteral("r-1");
    maker.setForm(halted);
    QCOMPARE(maker.form().name, QStringLiteral("logd 2"));
    QVERIFY(maker.dropsGrayList());
    auto form = maker.form();
    form.clusters = {QStringLiteral("eu-west-1")};
    maker.setForm(form);
    QVERIFY(!maker.problem().isEmpty());
    form.clusters = {QStringLiteral("cn-north-1"), QStringLiteral("eu-west-1")};
    maker.setForm(form);
    // Its pinned CA has to be one: the hub's profile has none here.
    QCOMPARE(maker.problem(), QString());
    maker.create(QStringLiteral("OPS-1"));
    QVERIFY(!maker.error().isEmpty());
    form.clusters = {QStringLiteral("cn-test-1"), QStringLiteral("eu-west-1")};
    maker.setForm(form);
    maker.create(QStringLiteral("OPS-1"));
    QCOMPARE(desk.west.campaigns.changes.last().what, std::string("validate"));
    QCOMPARE(desk.test.campaigns.changes.last().what, std::string("validate"));
    const std::string document = desk.test.campaigns.changes.last().id;
    QSignalSpy created(&maker, &presenters::NewCampaignPresenter::created);
    desk.west.campaigns.changes.deliver(CampaignInfo());
    desk.test.campaigns.changes.deliver(CampaignInfo());
    QCOMPARE(desk.west.campaigns.changes.last().what, std::string("import"));
    QCOMPARE(desk.west.campaigns.changes.last().id, document);
    QCOMPARE(desk.west.campaigns.changes.last().mutation.reason, std::string("OPS-1"));
    desk.west.campaigns.changes.deliver(CampaignInfo());
    desk.test.campaigns.changes.deliver(CampaignInfo());
    QCOMPARE(created.count(), 1);
    QCOMPARE(maker.error(), QString());
}

void TestCampaignsPresenter::whatOneClusterRefusesIsMadeNowhere() {
    Desk desk;
    desk.answer();
    presenters::NewCampaignPresenter maker(desk.hub, desk.presenter.lines());
    maker.begin();
    services::ReleaseInfo release;
    release.release.id = "r-1";
    release.release.spec.agent = "logd";
    release.release.spec.version = "2";
    release.release.spec.machineTypes = {"LINUX"};
    desk.master.releases.listCalls.deliver(services::Page<services::ReleaseInfo>{{release}, {}});
    auto form = maker.form();
    form.clusters = {QStringLiteral("cn-test-1"), QStringLiteral("eu-west-1")};
    maker.setForm(form);
    maker.create({});
    desk.test.campaigns.changes.deliver(CampaignInfo());
    desk.west.campaigns.changes.deliver(
        base::notFound("PACKAGE_UNKNOWN", "", "there is no package logd 2"));
    QVERIFY(maker.error().contains(QStringLiteral("eu-west-1")));
    QVERIFY(maker.error().contains(QStringLiteral("PACKAGE_UNKNOWN")));
    QCOMPARE(desk.test.campaigns.changes.made(), std::size_t{1});
    QVERIFY(!maker.problem().contains(QStringLiteral("are asked")));
    // One that has no connection any more cannot be part of it.
    maker.begin({}, {QStringLiteral("eu-west-1"), QStringLiteral("gone-1")});
    QCOMPARE(maker.form().clusters, QList<QString>{QStringLiteral("eu-west-1")});
}

QTEST_GUILESS_MAIN(TestCampaignsPresenter)
#include "tst_campaigns_presenter.moc"
