// SPDX-License-Identifier: GPL-3.0-or-later
// What the page of campaigns says of its clusters' answers: how many there are of each kind, and
// with which code one is refused.
#include <QSignalSpy>
#include <QTest>

#include <string>

#include "gui/models/campaign_models.h"
#include "gui/presenters/campaigns_presenter.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/campaign_desk.h"

using namespace ifrit;
using namespace ifrit::gui;
using domain::StepState;
using tests::Campaigns;
using Desk = tests::CampaignDesk;

class TestCampaignAnswers : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theFiguresAddUp_data();
    void theFiguresAddUp();
    void aRefusalHasItsCode();
    void whatHaltedItIsOfThatMoment();
    void aReceiptIsToldByItsTime();
};

// "3 campaigns" stood over figures whose sum was 1.
void TestCampaignAnswers::theFiguresAddUp_data() {
    QTest::addColumn<QString>("label");
    QTest::addColumn<bool>("isAway");
    QTest::addColumn<bool>("hasExpired");
    QTest::newRow("running") << QStringLiteral("Running") << false << false;
    QTest::newRow("out of sight") << QStringLiteral("Out of sight") << true << false;
    QTest::newRow("expired") << QStringLiteral("Expired") << false << true;
}

void TestCampaignAnswers::theFiguresAddUp() {
    QFETCH(const QString, label);
    QFETCH(const bool, isAway);
    QFETCH(const bool, hasExpired);
    Desk desk;
    desk.presenter.setShown(true);
    for (const auto& [cluster, fakes] : desk.all()) {
        Campaigns page = desk.held(cluster);
        if (isAway && cluster != std::string("cn-north-1")) {
            fakes->campaigns.lists.deliver(absl::UnavailableError("away"));
            continue;
        }
        if (hasExpired) page.items.front().state = StepState::Expired;
        // Of the clusters that can be seen none can be started.
        if (isAway) {
            page.items.front().state = StepState::Waiting;
            page.items.front().previous.reset();
        }
        fakes->campaigns.lists.deliver(page);
    }
    QCOMPARE(desk.presenter.model().rowCount(), 1);
    int sum = 0;
    for (const models::Figure& figure : desk.presenter.figures()) {
        sum += figure.value.toInt();
        QCOMPARE(figure.value, figure.label == label ? QStringLiteral("1") : QStringLiteral("0"));
    }
    QCOMPARE(sum, 1);
}

void TestCampaignAnswers::aRefusalHasItsCode() {
    Desk desk;
    desk.answer([](const std::string& cluster, services::CampaignInfo& info) {
        if (cluster == "cn-north-1") {
            info.state = StepState::Verified;
            info.own = services::ReceiptInfo{{"receipt of cn-north-1", "s"}, {}};
            info.own->receipt.cluster = cluster;
        } else if (cluster == "eu-west-1") {
            info.state = StepState::Ready;
            info.previous = services::ReceiptInfo{{"receipt of cn-north-1", "s"}, {}};
        }
    });
    QSignalSpy acted(&desk.presenter, &presenters::CampaignsPresenter::acted);
    desk.presenter.prepareStart();
    desk.west.campaigns.changes.deliver(
        base::failedPrecondition("NO_PACKAGE", "logd", "there is no package of logd 2"));
    const QString told = acted.takeFirst().at(0).toString();
    QVERIFY2(told.contains(QStringLiteral("NO_PACKAGE")), qPrintable(told));
    // Also where the draft was made, and only its plan cannot be.
    desk.presenter.prepareStart();
    auto drafted = desk.held("eu-west-1").items.front();
    drafted.release = services::ReleaseInfo();
    desk.west.campaigns.changes.deliver(drafted);
    desk.west.releases.planCalls.deliver(
        base::failedPrecondition("NO_MACHINES", "logd", "it would reach no machine"));
    const QString unplanned = acted.takeFirst().at(0).toString();
    QVERIFY2(unplanned.contains(QStringLiteral("NO_MACHINES")), qPrintable(unplanned));
}

// More may have failed since.
void TestCampaignAnswers::whatHaltedItIsOfThatMoment() {
    Desk desk;
    desk.answer([](const std::string& cluster, services::CampaignInfo& info) {
        if (cluster != "cn-north-1") return;
        info.state = StepState::Halted;
        info.release->release.haltReason = "2 failed of 4";
    });
    const QString waitsFor = desk.presenter.seatModel().records()[1].waitsFor();
    QVERIFY2(waitsFor.startsWith(QStringLiteral("when it halted: ")), qPrintable(waitsFor));
}

// "no. 1795964715" was a time that nobody could read.
void TestCampaignAnswers::aReceiptIsToldByItsTime() {
    Desk desk;
    desk.answer([&desk](const std::string& cluster, services::CampaignInfo& info) {
        if (cluster != "cn-north-1") return;
        info.own = services::ReceiptInfo{{"receipt of cn-north-1", "s"}, {}};
        info.own->receipt.serial = 1'795'964'715;
        info.own->receipt.issued = desk.clock.now();
    });
    auto& seats = desk.presenter.seatModel();
    QString told;
    for (int column = 0; column < seats.columnCount(); ++column) {
        if (seats.headerData(column, Qt::Horizontal).toString() == QLatin1String("Its own receipt"))
            told = seats.index(1, column).data().toString();
    }
    QCOMPARE(told, QStringLiteral("verified, ") + desk.times.at(desk.clock.now()));
}

QTEST_GUILESS_MAIN(TestCampaignAnswers)
#include "tst_campaign_answers.moc"
