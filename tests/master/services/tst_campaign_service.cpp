// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "tests/master/services/campaign_clusters.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;
using domain::ReleaseVerb;
using domain::StepState;
using Import = CampaignService::Import;
using Cluster = CampaignCluster;
using Pair = CampaignPair;

class TestCampaignService : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void goesThroughBothClusters();
    void nothingStartsWithoutReceipt();
    void onlyOneDocumentUnderAnId();
    void documentsThatAreNotOurs();
    void wrongReceiptsAreRefused();
    void receiptWaitsUntilTheReleaseStood();
    void anotherPackageUnderTheSameVersion();
    void rolledBackClusterWithdraws();
    void abortHoldsHereAndAfter();
    void abortWhileItsReceiptIsSigned();
    void rollbackWhileItsReceiptIsSigned();
    void expiredCampaignStartsNothing();
    void failedReleaseIsPreparedAgain();
    void nothingHappensWhileTheDatabaseIsAway();
    void onlyTheLeaderWrites();
};

void TestCampaignService::goesThroughBothClusters() {
    Pair pair;
    QVERIFY(pair.one.recovered.ok() && pair.two.recovered.ok());
    pair.prepare();
    QCOMPARE(pair.one.state(pair.id), StepState::Drafted);
    QCOMPARE(pair.two.state(pair.id), StepState::Waiting);
    QVERIFY(pair.two.campaigns.get(pair.id)->waitsFor.find("one") != std::string::npos);
    QCOMPARE(reasonToldBy(pair.carry()), std::string("RECEIPT_UNMADE"));

    QVERIFY(pair.one.start(pair.id).ok());
    QCOMPARE(pair.one.state(pair.id), StepState::Running);
    QCOMPARE(reasonToldBy(pair.carry()), std::string("RECEIPT_UNMADE"));
    // Nobody asks for it: the cluster makes it by itself.
    pair.one.finish(pair.id);
    QCOMPARE(pair.one.state(pair.id), StepState::Verified);
    const auto receipt = pair.one.own(pair.id);
    QCOMPARE(receipt.cluster, std::string("one"));
    QVERIFY(receipt.serial > 1);
    QCOMPARE(receipt.converged(), std::uint64_t{1});
    QCOMPARE(receipt.targets.at("LINUX").manifestDigest, kPackage);
    pair.one.campaigns.tick();
    QCOMPARE(pair.one.own(pair.id).serial, receipt.serial);
    QCOMPARE(pair.one.audited("campaign.issue-receipt"),
             std::vector<std::string>{"ifrit-master allowed"});

    QVERIFY(pair.carry().ok());
    QCOMPARE(pair.two.state(pair.id), StepState::Drafted);
    QVERIFY(pair.two.start(pair.id).ok());
    pair.two.finish(pair.id);
    QCOMPARE(pair.two.state(pair.id), StepState::Verified);
    for (const char* verb :
         {"campaign.import", "campaign.prepare", "campaign.present-receipt", "campaign.start"}) {
        QCOMPARE(pair.two.audited(verb), std::vector<std::string>{"ada allowed"});
    }
    QCOMPARE(pair.two.campaigns.list(UINT64_MAX, 10)->size(), std::size_t{1});
}

void TestCampaignService::nothingStartsWithoutReceipt() {
    Pair pair;
    pair.prepare();
    QCOMPARE(reasonToldBy(pair.two.start(pair.id)), std::string("RECEIPT_MISSING"));
    // Nor by the release's own verb.
    const std::string release = pair.two.releaseOf(pair.id);
    const auto started =
        pair.two.engine.act(kCarrier, release, ReleaseVerb::Start, pair.two.planOf(pair.id));
    QCOMPARE(reasonToldBy(started.status()), std::string("RECEIPT_MISSING"));
    QVERIFY(absl::IsFailedPrecondition(started.status()));
    QVERIFY(pair.two.engine.head(release).value()->release.state == domain::ReleaseState::Draft);
    QVERIFY(pair.two.database.state.rows.empty());
    QVERIFY(pair.two.audited("campaign.start").empty());
    // Releases of no campaign are nobody's business.
    domain::ReleaseSpec spec = pair.campaign.steps[1].spec;
    const auto other = pair.two.engine.create(kCarrier, spec).value();
    const auto plan = pair.two.engine.plan(other.release.id).value();
    QVERIFY(pair.two.engine.act(kCarrier, other.release.id, ReleaseVerb::Start, plan.id).ok());
}

void TestCampaignService::onlyOneDocumentUnderAnId() {
    Pair pair;
    const auto first = pair.one.campaigns.import(kCarrier, pair.document, Import::Store);
    QVERIFY2(first.ok(), base::messageOf(first.status()).c_str());
    const auto again = pair.one.campaigns.import(kCarrier, pair.document, Import::Store);
    QVERIFY(again.ok());
    QCOMPARE(again->record.number, first->record.number);
    QCOMPARE(pair.one.audited("campaign.import").size(), std::size_t{1});
    pair.campaign.name = "another";
    const auto other =
        pair.one.campaigns.import(kCarrier, codec::campaignToBytes(pair.campaign), Import::Store);
    QCOMPARE(reasonToldBy(other.status()), std::string("CAMPAIGN_OTHER"));
}

void TestCampaignService::documentsThatAreNotOurs() {
    Pair pair;
    const auto import = [&](const domain::Campaign& campaign, Import how = Import::Store) {
        return reasonToldBy(
            pair.one.campaigns.import(kCarrier, codec::campaignToBytes(campaign), how).status());
    };
    domain::Campaign it = pair.campaign;
    it.steps[0].cluster = "elsewhere";
    QCOMPARE(import(it), std::string("CAMPAIGN_ELSEWHERE"));
    it = pair.campaign;
    it.steps[0].caPem = newCa("one").certificatePem;
    QCOMPARE(import(it), std::string("CAMPAIGN_CA"));
    it = pair.campaign;
    it.steps[1].caPem = "no certificate";
    QVERIFY(import(it) != "ok");
    it = pair.campaign;
    it.expires = pair.clock.now();
    it.created = it.expires - std::chrono::hours(1);
    QCOMPARE(import(it), std::string("CAMPAIGN_EXPIRED"));
    QVERIFY(!pair.one.campaigns.import(kCarrier, "rubbish", Import::Store).ok());
    // Only asked: the version is looked for, nothing is kept.
    it = pair.campaign;
    for (auto& step : it.steps)
        step.spec.version = "9";
    it.versions = domain::versionsOf(it.steps);
    QCOMPARE(import(it, Import::Validate), std::string("PACKAGE_UNKNOWN"));
    QCOMPARE(import(pair.campaign, Import::Validate), std::string("ok"));
    QVERIFY(pair.one.database.state.campaigns.empty());
    QVERIFY(pair.one.database.state.audit.empty());
}

void TestCampaignService::wrongReceiptsAreRefused() {
    Pair pair;
    pair.prepare();
    QVERIFY(pair.one.start(pair.id).ok());
    pair.one.finish(pair.id);
    pair.made = pair.one.own(pair.id);
    const auto present = [&](const storage::ReceiptRecord& receipt) {
        return reasonToldBy(pair.two.campaigns.present(kCarrier, pair.id, receipt).status());
    };
    const auto same = [](domain::CampaignReceipt&) {};
    // Somebody else's hand, also that of the cluster itself, and any change of what was signed.
    QCOMPARE(present(pair.forged(same, newCa("one"))), std::string("RECEIPT_SIGNATURE"));
    QCOMPARE(present(pair.forged(same, pair.two.ca)), std::string("RECEIPT_SIGNATURE"));
    storage::ReceiptRecord changed = *pair.one.campaigns.receipt(pair.id);
    domain::CampaignReceipt other = pair.made;
    other.counts[domain::Outcome::Ok] = 1'000;
    changed.receipt = codec::receiptToBytes(other);
    QCOMPARE(present(changed), std::string("RECEIPT_SIGNATURE"));
    QCOMPARE(present({"rubbish", "rubbish"}), std::string("DOCUMENT_INVALID"));
    // The right hand under the wrong thing.
    using Receipt = domain::CampaignReceipt;
    QCOMPARE(present(pair.forged([](Receipt& r) { r.campaignId = "other"; }, pair.one.ca)),
             std::string("RECEIPT_CAMPAIGN"));
    QCOMPARE(present(pair.forged([](Receipt& r) { r.campaignDigest = std::string(64, '0'); },
                                 pair.one.ca)),
             std::string("RECEIPT_CAMPAIGN"));
    QCOMPARE(present(pair.forged([](Receipt& r) { r.cluster = "two"; }, pair.one.ca)),
             std::string("RECEIPT_CLUSTER"));
    QCOMPARE(reasonToldBy(pair.two.start(pair.id)), std::string("RECEIPT_MISSING"));
    QVERIFY(pair.two.audited("campaign.present-receipt").empty());
    QCOMPARE(reasonToldBy(pair.one.campaigns.present(kCarrier, pair.id, changed).status()),
             std::string("RECEIPT_UNASKED"));
    QVERIFY(pair.carry().ok());
}

void TestCampaignService::receiptWaitsUntilTheReleaseStood() {
    Pair pair(std::chrono::minutes(10));
    pair.prepare();
    QVERIFY(pair.one.start(pair.id).ok());
    pair.one.finish(pair.id);
    QCOMPARE(pair.one.state(pair.id), StepState::Settling);
    QCOMPARE(reasonToldBy(pair.carry()), std::string("RECEIPT_UNMADE"));
    pair.clock.advance(std::chrono::minutes(10));
    pair.one.campaigns.tick();
    QCOMPARE(pair.one.state(pair.id), StepState::Verified);
    QVERIFY(pair.carry().ok());
}

void TestCampaignService::anotherPackageUnderTheSameVersion() {
    Pair pair(std::chrono::milliseconds(0), kOtherPackage);
    pair.prepare();
    QVERIFY(pair.one.start(pair.id).ok());
    pair.one.finish(pair.id);
    QVERIFY(pair.carry().ok());
    QCOMPARE(reasonToldBy(pair.two.start(pair.id)), std::string("PACKAGE_DIFFERS"));
}

void TestCampaignService::rolledBackClusterWithdraws() {
    Pair pair;
    pair.prepare();
    QVERIFY(pair.one.start(pair.id).ok());
    pair.one.finish(pair.id);
    const storage::ReceiptRecord first = *pair.one.campaigns.receipt(pair.id);
    const std::uint32_t serial = pair.one.own(pair.id).serial;
    QVERIFY(pair.carry().ok());
    QVERIFY(
        pair.one.engine.act(kCarrier, pair.one.releaseOf(pair.id), ReleaseVerb::Rollback, {}).ok());
    pair.one.campaigns.tick();
    QCOMPARE(pair.one.own(pair.id).verdict, domain::ReceiptVerdict::Withdrawn);
    QVERIFY(pair.one.own(pair.id).serial > serial);
    QVERIFY(pair.carry().ok());
    QCOMPARE(pair.two.state(pair.id), StepState::Waiting);
    QCOMPARE(reasonToldBy(pair.two.start(pair.id)), std::string("RECEIPT_WITHDRAWN"));
    // Who kept the first one gains nothing by it.
    QCOMPARE(reasonToldBy(pair.two.campaigns.present(kCarrier, pair.id, first).status()),
             std::string("RECEIPT_OLDER"));
    QCOMPARE(reasonToldBy(pair.two.start(pair.id)), std::string("RECEIPT_WITHDRAWN"));
}

void TestCampaignService::abortHoldsHereAndAfter() {
    Pair pair;
    pair.prepare();
    QVERIFY(pair.one.start(pair.id).ok());
    Caller mute = kCarrier;
    mute.reason.clear();
    QCOMPARE(reasonToldBy(pair.one.campaigns.abort(mute, pair.id).status()),
             std::string("REASON_MISSING"));
    QVERIFY(pair.one.campaigns.abort(kCarrier, pair.id).ok());
    QCOMPARE(reasonToldBy(pair.one.campaigns.abort(kCarrier, pair.id).status()),
             std::string("CAMPAIGN_ABORTED"));
    // Its release goes on, and nothing is said about it.
    QCOMPARE(pair.one.state(pair.id), StepState::Running);
    pair.one.finish(pair.id);
    QCOMPARE(pair.one.state(pair.id), StepState::Aborted);
    QCOMPARE(reasonToldBy(pair.carry()), std::string("RECEIPT_UNMADE"));
    QVERIFY(pair.two.campaigns.abort(kCarrier, pair.id).ok());
    // No draft waits to be started for ever.
    QVERIFY(pair.two.engine.head(pair.two.releaseOf(pair.id)).value()->release.state ==
            domain::ReleaseState::Aborted);
    QCOMPARE(pair.two.state(pair.id), StepState::Aborted);
    QCOMPARE(pair.two.audited("release.abort"), std::vector<std::string>{"ada allowed"});
    QCOMPARE(reasonToldBy(pair.two.campaigns.prepare(kCarrier, pair.id).status()),
             std::string("CAMPAIGN_ABORTED"));
}

/// It was due when it was looked at, and is not any more when it would be stored.
void TestCampaignService::abortWhileItsReceiptIsSigned() {
    Pair pair;
    pair.prepare();
    QVERIFY(pair.one.start(pair.id).ok());
    absl::Status aborted = absl::UnknownError("never signed");
    pair.one.whileSigned = [&] { aborted = pair.one.campaigns.abort(kCarrier, pair.id).status(); };
    pair.one.finish(pair.id);
    QVERIFY2(aborted.ok(), base::messageOf(aborted).c_str());
    QCOMPARE(pair.one.state(pair.id), StepState::Aborted);
    QCOMPARE(reasonToldBy(pair.carry()), std::string("RECEIPT_UNMADE"));
    QVERIFY(pair.one.audited("campaign.issue-receipt").empty());
    pair.one.campaigns.tick();
    QCOMPARE(reasonToldBy(pair.carry()), std::string("RECEIPT_UNMADE"));
}

void TestCampaignService::rollbackWhileItsReceiptIsSigned() {
    Pair pair;
    pair.prepare();
    QVERIFY(pair.one.start(pair.id).ok());
    absl::Status begun = absl::UnknownError("never signed");
    pair.one.whileSigned = [&] {
        begun =
            pair.one.engine.act(kCarrier, pair.one.releaseOf(pair.id), ReleaseVerb::Rollback, {})
                .status();
    };
    pair.one.finish(pair.id);
    QVERIFY2(begun.ok(), base::messageOf(begun).c_str());
    QCOMPARE(reasonToldBy(pair.carry()), std::string("RECEIPT_UNMADE"));
    QVERIFY(pair.one.audited("campaign.issue-receipt").empty());
}

void TestCampaignService::expiredCampaignStartsNothing() {
    Pair pair;
    pair.prepare();
    QVERIFY(pair.one.start(pair.id).ok());
    pair.clock.advance(std::chrono::hours(24));
    // What runs goes on and is vouched for.
    pair.one.finish(pair.id);
    QCOMPARE(pair.one.state(pair.id), StepState::Verified);
    QVERIFY(pair.carry().ok());
    QCOMPARE(pair.two.state(pair.id), StepState::Expired);
    QCOMPARE(reasonToldBy(pair.two.start(pair.id)), std::string("CAMPAIGN_EXPIRED"));
    // Nothing is left to attend to.
    pair.one.campaigns.tick();
    pair.two.campaigns.tick();
    QVERIFY(!pair.one.database.state.campaigns.at(pair.id).open);
    QVERIFY(!pair.two.database.state.campaigns.at(pair.id).open);
}

void TestCampaignService::failedReleaseIsPreparedAgain() {
    Pair pair;
    pair.prepare();
    QCOMPARE(reasonToldBy(pair.one.campaigns.prepare(kCarrier, pair.id).status()),
             std::string("CAMPAIGN_PREPARED"));
    QVERIFY(pair.one.start(pair.id).ok());
    const std::string first = pair.one.releaseOf(pair.id);
    QVERIFY(pair.one.engine.act(kCarrier, first, ReleaseVerb::Abort, {}).ok());
    QCOMPARE(pair.one.state(pair.id), StepState::Failed);
    QCOMPARE(reasonToldBy(pair.carry()), std::string("RECEIPT_UNMADE"));
    QVERIFY(pair.one.campaigns.prepare(kCarrier, pair.id).ok());
    QVERIFY(pair.one.releaseOf(pair.id) != first);
    QVERIFY(pair.one.start(pair.id).ok());
    pair.one.finish(pair.id);
    QCOMPARE(pair.one.own(pair.id).releaseId, pair.one.releaseOf(pair.id));
}

void TestCampaignService::nothingHappensWhileTheDatabaseIsAway() {
    Pair pair;
    pair.prepare();
    QVERIFY(pair.one.start(pair.id).ok());
    pair.one.database.down = absl::UnavailableError("away");
    pair.one.campaigns.tick();
    QVERIFY(absl::IsUnavailable(pair.one.campaigns.receipt(pair.id).status()));
    pair.one.database.down = absl::OkStatus();
    pair.one.finish(pair.id);
    QCOMPARE(pair.one.state(pair.id), StepState::Verified);
    // A receipt that cannot be stored was not taken in.
    pair.two.database.down = absl::UnavailableError("away");
    QVERIFY(absl::IsUnavailable(pair.carry()));
    pair.two.database.down = absl::OkStatus();
    QCOMPARE(reasonToldBy(pair.two.start(pair.id)), std::string("RECEIPT_MISSING"));
    QVERIFY(pair.carry().ok());
}

void TestCampaignService::onlyTheLeaderWrites() {
    const Pair pair;
    ManualClock clock;
    Cluster one("one", pair.one.ca, clock, kPackage, Cluster::Masters::Several);
    const auto import = [&] {
        return reasonToldBy(one.campaigns.import(kCarrier, pair.document, Import::Store).status());
    };
    QCOMPARE(import(), std::string("NOT_LEADER"));
    one.campaigns.tick();
    QVERIFY(one.database.state.campaigns.empty());
    one.database.state.lease.token = 7;
    QVERIFY(one.engine.lead(7).ok());
    QCOMPARE(import(), std::string("ok"));
    // Another one leads, and this one has not heard of it: nothing of what it writes stays.
    one.database.state.lease.token = 8;
    QCOMPARE(reasonToldBy(one.campaigns.abort(kCarrier, pair.id).status()),
             std::string("NOT_LEADER"));
    QVERIFY(!one.database.state.campaigns.at(pair.id).aborted);
    QVERIFY(one.audited("campaign.abort").empty());
    // It still answers what only reads.
    QCOMPARE(one.state(pair.id), StepState::Ready);
}

QTEST_GUILESS_MAIN(TestCampaignService)
#include "tst_campaign_service.moc"
