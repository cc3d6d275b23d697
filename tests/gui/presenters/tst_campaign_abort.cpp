// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>

#include <string>

#include "tests/gui/presenters/campaign_desk.h"

using namespace ifrit;
using namespace ifrit::gui;
using domain::ReleaseVerb;
using domain::StepState;
using presenters::CampaignsPresenter;
using services::CampaignInfo;
using services::CampaignReleases;
using Desk = tests::CampaignDesk;

namespace {

const std::vector<std::string> kPermissions = {"campaign.abort", "release.rollback"};

/// The first two clusters have a release that can go back: 12 machines and 74.
void bothGoBack(const std::string& cluster, CampaignInfo& info) {
    if (cluster == "eu-west-1") return;
    const bool isTest = cluster == "cn-test-1";
    info.release->release.id = "release of " + cluster;
    info.release->allowedVerbs = {ReleaseVerb::Rollback};
    info.release->reached[ReleaseVerb::Rollback] = isTest ? 12 : 74;
}

/// Every cluster has its receipt; the releases can go back all the same.
void allVerified(const std::string& cluster, CampaignInfo& info) {
    if (!info.release) info.release = services::ReleaseInfo();
    info.state = StepState::Verified;
    info.release->release.state = domain::ReleaseState::Done;
    info.own = services::ReceiptInfo{{"receipt of " + cluster, "s"}, {}};
    info.own->receipt.cluster = cluster;
    info.release->allowedVerbs = {ReleaseVerb::Rollback};
    info.release->reached[ReleaseVerb::Rollback] = 5;
}

QString factOf(const models::DangerFacts& facts, const QString& label) {
    for (const auto& [name, value] : facts.facts) {
        if (name == label) return value;
    }
    return {};
}

}  // namespace

class TestCampaignAbort : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void abortTellsEveryClusterTheLastFirst();
    void abortIsConfirmedByTheMachinesThatRun();
    void rollbackIsAskedWithItsOwnNumbers();
    void rollbackFollowsTheAbortOfEachCluster();
    void whatIsNotAbortedIsNotRolledBack();
    void anAbortedOneIsOnlyRolledBack();
    void aCompleteOneIsOnlyRolledBack();
    void rollbackIsRefusedWithItsReason();
    void readOnlyConnectionsAreLeftOut();
};

void TestCampaignAbort::abortTellsEveryClusterTheLastFirst() {
    Desk desk;
    desk.answer();
    const models::DangerFacts facts = desk.presenter.abortFacts(CampaignReleases::Left);
    QCOMPARE(facts.danger, domain::DangerClass::WideInProduction);
    QStringList places;
    for (const models::ClusterPlace& place : facts.clusters)
        places << place.text();
    QVERIFY2(places.contains(QStringLiteral("eu-west-1 · PRODUCTION")),
             qPrintable(places.join(QLatin1Char('\n'))));
    QVERIFY(places.contains(QStringLiteral("cn-north-1 · test")));
    const auto target = desk.presenter.abortTarget(CampaignReleases::Left);
    desk.presenter.abort(target, QStringLiteral("CPU doubled"));
    QCOMPARE(desk.west.campaigns.changes.last().what, std::string("abort"));
    QCOMPARE(desk.master.campaigns.changes.made(), std::size_t{0});
    // One that refuses does not keep the others from being told.
    desk.west.campaigns.changes.deliver(absl::UnavailableError("away"));
    desk.master.campaigns.changes.deliver(desk.held("cn-north-1").items.front());
    QSignalSpy acted(&desk.presenter, &presenters::CampaignsPresenter::acted);
    desk.test.campaigns.changes.deliver(desk.held("cn-test-1").items.front());
    const QString told = acted.takeFirst().at(0).toString();
    QVERIFY2(told.contains(QStringLiteral("eu-west-1: Away. UNAVAILABLE")), qPrintable(told));
    QCOMPARE(desk.presenter.acting(), false);
}

// Class 3 asks for machines; so does the command that is copied from the same sheet.
void TestCampaignAbort::abortIsConfirmedByTheMachinesThatRun() {
    Desk desk;
    services::ReleaseInfo running;
    running.release.state = domain::ReleaseState::Running;
    running.stages.emplace_back();
    running.stages.back().counts.targeted = 57;
    desk.answer([&running](const std::string& cluster, CampaignInfo& info) {
        info.release.reset();
        if (cluster == "cn-north-1") info.release = running;
    });
    const models::DangerFacts facts = desk.presenter.abortFacts(CampaignReleases::Left);
    QCOMPARE(facts.machines, qint64{57});
    QVERIFY(facts.countPrompt.isEmpty());
    QCOMPARE(facts.commands.front().count, std::uint64_t{57});
}

void TestCampaignAbort::rollbackIsAskedWithItsOwnNumbers() {
    Desk desk(false, kPermissions);
    desk.answer(bothGoBack);
    QCOMPARE(desk.presenter.rollbackAction().whyNot, QString());
    const models::DangerFacts facts = desk.presenter.abortFacts(CampaignReleases::RolledBack);
    QCOMPARE(facts.danger, domain::DangerClass::WideInProduction);
    QCOMPARE(facts.machines, qint64{86});
    QVERIFY(facts.sentence.contains(QStringLiteral("anything older is downloaded again")));
    QVERIFY(factOf(facts, QStringLiteral("cn-north-1")).contains(QStringLiteral("74 machine")));
    QVERIFY(factOf(facts, QStringLiteral("cn-test-1")).contains(QStringLiteral("12 machine")));
    QCOMPARE(factOf(facts, QStringLiteral("eu-west-1")), QString());
    QCOMPARE(factOf(facts, QStringLiteral("Machines that go back")), QStringLiteral("86"));
    const models::CtlCommand& command = facts.commands.front();
    QCOMPARE(command.words.last(), QStringLiteral("--rollback"));
    QVERIFY(command.words.contains(QStringLiteral("--clusters=cn-test-1,cn-north-1,eu-west-1")));
    QCOMPARE(command.count, std::uint64_t{86});
    // The other question stays as it was.
    const auto left = desk.presenter.abortFacts(CampaignReleases::Left);
    QVERIFY(!left.commands.front().words.contains(QStringLiteral("--rollback")));
}

void TestCampaignAbort::rollbackFollowsTheAbortOfEachCluster() {
    Desk desk(false, kPermissions);
    desk.answer(bothGoBack);
    const auto target = desk.presenter.abortTarget(CampaignReleases::RolledBack);
    desk.presenter.abort(target, QStringLiteral("CPU doubled"));
    // The last one has no release: it is only aborted.
    desk.west.campaigns.changes.deliver(CampaignInfo());
    QCOMPARE(desk.west.releases.actCalls.made(), std::size_t{0});
    QCOMPARE(desk.master.campaigns.changes.last().what, std::string("abort"));
    QCOMPARE(desk.master.releases.actCalls.made(), std::size_t{0});
    desk.master.campaigns.changes.deliver(CampaignInfo());
    const services::ReleaseAct act = desk.master.releases.actCalls.last();
    QCOMPARE(act.verb, ReleaseVerb::Rollback);
    QCOMPARE(act.releaseId, std::string("release of cn-north-1"));
    QCOMPARE(act.mutation.expectedCount, std::optional<std::uint64_t>(74));
    QCOMPARE(act.mutation.reason, std::string("CPU doubled"));
    // One that refuses does not keep the others from going back.
    desk.master.releases.actCalls.deliver(absl::UnavailableError("away"));
    desk.test.campaigns.changes.deliver(CampaignInfo());
    QCOMPARE(desk.test.releases.actCalls.last().mutation.expectedCount,
             std::optional<std::uint64_t>(12));
    QSignalSpy acted(&desk.presenter, &CampaignsPresenter::acted);
    desk.test.releases.actCalls.deliver(services::ReleaseInfo());
    const QString told = acted.takeFirst().at(0).toString();
    QVERIFY2(told.contains(QStringLiteral("cn-north-1: not rolled back")), qPrintable(told));
    QVERIFY2(told.contains(QStringLiteral("UNAVAILABLE")), qPrintable(told));
    QVERIFY(!told.contains(QStringLiteral("cn-test-1")));
    QVERIFY(!desk.presenter.acting());
}

void TestCampaignAbort::whatIsNotAbortedIsNotRolledBack() {
    Desk desk(false, kPermissions);
    desk.answer(bothGoBack);
    desk.presenter.abort(desk.presenter.abortTarget(CampaignReleases::RolledBack),
                         QStringLiteral("why"));
    desk.west.campaigns.changes.deliver(CampaignInfo());
    desk.master.campaigns.changes.deliver(absl::UnavailableError("away"));
    QCOMPARE(desk.master.releases.actCalls.made(), std::size_t{0});
    QCOMPARE(desk.test.campaigns.changes.last().what, std::string("abort"));
}

void TestCampaignAbort::anAbortedOneIsOnlyRolledBack() {
    Desk desk(false, kPermissions);
    desk.answer([](const std::string& cluster, CampaignInfo& info) {
        bothGoBack(cluster, info);
        info.aborted = services::CampaignDeed{"anna", {}, "why"};
    });
    QVERIFY(!desk.presenter.canAbortAlone());
    QCOMPARE(desk.presenter.abortAction().whyNot, QString());
    desk.presenter.abort(desk.presenter.abortTarget(CampaignReleases::RolledBack),
                         QStringLiteral("why"));
    QCOMPARE(desk.master.campaigns.changes.made(), std::size_t{0});
    QCOMPARE(desk.master.releases.actCalls.made(), std::size_t{1});
}

void TestCampaignAbort::aCompleteOneIsOnlyRolledBack() {
    Desk desk(false, kPermissions);
    desk.answer(allVerified);
    QVERIFY(desk.presenter.board()->isComplete());
    QVERIFY(!desk.presenter.canAbortAlone());
    QCOMPARE(desk.presenter.abortAction().whyNot, QString());
    QCOMPARE(desk.presenter.abortFacts(CampaignReleases::RolledBack).machines, qint64{15});
}

void TestCampaignAbort::rollbackIsRefusedWithItsReason() {
    Desk desk;
    desk.answer();
    QVERIFY(!desk.presenter.rollbackAction().enabled());
    QVERIFY(desk.presenter.abortAction().enabled());
    Desk other;
    other.answer(bothGoBack);
    QVERIFY(other.presenter.rollbackAction().whyNot.contains(QStringLiteral("release.rollback")));
    QSignalSpy acted(&other.presenter, &CampaignsPresenter::acted);
    other.presenter.abort(other.presenter.abortTarget(CampaignReleases::RolledBack),
                          QStringLiteral("why"));
    QCOMPARE(acted.count(), 1);
    QVERIFY(!other.presenter.acting());
}

void TestCampaignAbort::readOnlyConnectionsAreLeftOut() {
    Desk desk(true, kPermissions);
    desk.answer(bothGoBack);
    const auto target = desk.presenter.abortTarget(CampaignReleases::RolledBack);
    QCOMPARE(target.clusters.size(), std::size_t{1});
    QCOMPARE(target.clusters.front().cluster, std::string("cn-north-1"));
    const models::DangerFacts facts = desk.presenter.abortFacts(CampaignReleases::RolledBack);
    QCOMPARE(facts.machines, qint64{74});
    QCOMPARE(factOf(facts, QStringLiteral("Not rolled back: read-only")),
             QStringLiteral("cn-test-1"));
    // A shell's contexts are not read-only.
    QCOMPARE(facts.commands.front().count, std::uint64_t{86});
}

QTEST_GUILESS_MAIN(TestCampaignAbort)
#include "tst_campaign_abort.moc"
