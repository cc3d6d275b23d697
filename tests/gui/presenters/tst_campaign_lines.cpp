// SPDX-License-Identifier: GPL-3.0-or-later
// Each cluster's answer by itself: one that is slow or dead holds up none of the others.
#include <QSignalSpy>
#include <QTest>

#include <string>

#include "gui/models/campaign_models.h"
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

}  // namespace

class TestCampaignLines : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void oneThatHangsHoldsUpNobody();
    void aRefreshWhileOneHangsCounts();
    void whatWasCarriedIsNotCarriedAgain();
    void anotherClustersLineCarriesNothingAgain();
    void noCampaignIsSaid();
    void anotherBundleIsAskedAnew();
    void oneThatLeftTheListIsNotShown();
    void oneThatIsSignedInToLateIsAsked();
    void aQuestionThatBrokeOffIsBegunAnew();
};

// The page stood empty for fifteen seconds because one of forty masters did not answer.
void TestCampaignLines::oneThatHangsHoldsUpNobody() {
    Desk desk;
    QSignalSpy wanted(&desk.presenter, &presenters::CampaignsPresenter::personWanted);
    desk.presenter.setShown(true);
    desk.test.campaigns.lists.deliver(desk.held("cn-test-1"));
    QCOMPARE(desk.presenter.model().rowCount(), 1);
    QVERIFY(desk.presenter.notice().sentence.contains(
        QStringLiteral("1 of 3 cluster(s) answered; waiting for cn-north-1, eu-west-1")));
    Campaigns north = desk.held("cn-north-1");
    verifySecond("cn-north-1", north.items.front());
    desk.master.campaigns.lists.deliver(north);
    const auto& seats = desk.presenter.seatModel().records();
    QCOMPARE(models::CampaignWords::of(seats[1].seat()).word, QStringLiteral("verified"));
    QCOMPARE(models::CampaignWords::of(seats[2].seat()).word, QStringLiteral("not answered yet"));
    QCOMPARE(seats[2].waitsFor(), QStringLiteral("its answer"));
    // Nothing is done to one that nobody has heard yet.
    QVERIFY(!desk.presenter.startAction().enabled());
    QCOMPARE(desk.west.campaigns.changes.made(), std::size_t{0});
    desk.west.campaigns.lists.deliver(desk.held("eu-west-1"));
    QCOMPARE(desk.presenter.notice().state, models::ViewState::Ready);
    // What was so at the first look is no news, however long the look took.
    QCOMPARE(wanted.size(), 0);
}

// What was started stood there as "drafted": the refresh after it was dropped.
void TestCampaignLines::aRefreshWhileOneHangsCounts() {
    Desk desk;
    desk.answer();
    desk.presenter.refresh();
    desk.test.campaigns.lists.deliver(desk.held("cn-test-1"));
    const std::size_t made = desk.west.campaigns.lists.made();
    desk.presenter.refresh();
    QCOMPARE(desk.test.campaigns.lists.awaited(), std::size_t{1});
    // One that is being asked is let answer, and asked once more: once, whoever asked how often.
    desk.presenter.refresh();
    QCOMPARE(desk.west.campaigns.lists.made(), made);
    desk.west.campaigns.lists.deliver(desk.held("eu-west-1"));
    QCOMPARE(desk.west.campaigns.lists.made(), made + 1);
    desk.west.campaigns.lists.deliver(desk.held("eu-west-1"));
    QCOMPARE(desk.west.campaigns.lists.made(), made + 1);
}

// Between what was carried and the cluster's next answer others answer.
void TestCampaignLines::whatWasCarriedIsNotCarriedAgain() {
    Desk desk;
    desk.answer(verifySecond);
    desk.presenter.refresh();
    desk.west.campaigns.changes.deliver(desk.held("eu-west-1").items.front());
    desk.test.campaigns.lists.deliver(desk.held("cn-test-1"));
    // Nor after an answer to a question of before.
    desk.west.campaigns.lists.deliver(desk.held("eu-west-1"));
    QCOMPARE(desk.west.campaigns.changes.made(), std::size_t{1});
    // One that does not have it all the same, as from a backup, gets it again.
    desk.west.campaigns.lists.deliver(desk.held("eu-west-1"));
    QCOMPARE(desk.west.campaigns.changes.made(), std::size_t{2});
}

// Where one cluster's bundle was imported anew, the others were sent again what they had.
void TestCampaignLines::anotherClustersLineCarriesNothingAgain() {
    Desk desk;
    desk.answer(verifySecond);
    desk.west.campaigns.changes.deliver(desk.held("eu-west-1").items.front());
    bundle::Bundle moved = Desk::bundleOf("cn-test-1");
    moved.addresses = {"127.0.0.1:2"};
    desk.connections.import(desk.write(moved));
    desk.presenter.lines().ask();
    QCOMPARE(desk.test.profile.bundle.addresses.front(), std::string("127.0.0.1:2"));
    Campaigns second = desk.held("cn-north-1");
    verifySecond("cn-north-1", second.items.front());
    desk.master.campaigns.lists.deliver(second);
    desk.test.campaigns.lists.deliver(desk.held("cn-test-1"));
    QCOMPARE(desk.west.campaigns.changes.made(), std::size_t{1});
}

void TestCampaignLines::noCampaignIsSaid() {
    Desk desk;
    QCOMPARE(desk.presenter.emptyLine(), QString());
    desk.presenter.setShown(true);
    desk.master.campaigns.lists.deliver(Campaigns());
    QCOMPARE(desk.presenter.notice().state, models::ViewState::Partial);
    QVERIFY(desk.presenter.emptyLine().contains(QStringLiteral("No campaign")));
}

// What stands at another address may be another cluster of that name.
void TestCampaignLines::anotherBundleIsAskedAnew() {
    Desk desk;
    desk.answer();
    desk.presenter.refresh();
    const std::size_t made = desk.west.campaigns.lists.made();
    bundle::Bundle moved = Desk::bundleOf("eu-west-1");
    moved.addresses = {"127.0.0.1:2"};
    desk.connections.import(desk.write(moved));
    auto& lines = desk.presenter.lines();
    lines.open();
    QCOMPARE(lines.answers().count("eu-west-1"), std::size_t{0});
    // What was on its way over the line before is waited for by nobody.
    lines.ask();
    QCOMPARE(desk.west.campaigns.lists.made(), made + 1);
    QVERIFY(services::isAwaited(lines.answers().at("eu-west-1").status()));
}

void TestCampaignLines::oneThatLeftTheListIsNotShown() {
    Desk desk;
    desk.answer();
    desk.connections.remove(1);
    desk.presenter.refresh();
    QCOMPARE(desk.presenter.lines().answers().count("eu-west-1"), std::size_t{0});
    const auto& seats = desk.presenter.seatModel().records();
    QCOMPARE(models::CampaignWords::of(seats[2].seat()).word, QStringLiteral("out of sight"));
}

// The keychain came with the login behind the others' answers.
void TestCampaignLines::oneThatIsSignedInToLateIsAsked() {
    Desk desk(false, {}, Desk::Third::Password);
    desk.presenter.setShown(true);
    desk.test.campaigns.lists.deliver(desk.held("cn-test-1"));
    QCOMPARE(desk.west.campaigns.lists.made(), std::size_t{0});
    desk.secrets.readCalls.deliver(std::string("token of wang"));
    QCOMPARE(desk.west.campaigns.lists.made(), std::size_t{1});
}

// A campaign stood there twice after a page that was cut off.
void TestCampaignLines::aQuestionThatBrokeOffIsBegunAnew() {
    Desk desk;
    desk.answer();
    desk.presenter.refresh();
    auto& lists = desk.west.campaigns.lists;
    Campaigns first = desk.held("eu-west-1");
    first.nextToken = "p2";
    lists.deliver(first);
    QCOMPARE(lists.last(), std::string("p2"));
    lists.deliver(absl::UnavailableError("away"));
    desk.presenter.refresh();
    QCOMPARE(lists.last(), std::string());
    lists.deliver(desk.held("eu-west-1"));
    QCOMPARE(desk.presenter.lines().answers().at("eu-west-1")->size(), std::size_t{1});
}

QTEST_GUILESS_MAIN(TestCampaignLines)
#include "tst_campaign_lines.moc"
