// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <functional>

#include "shared/base/status.h"
#include "tests/shared/domain/a_campaign.h"

using namespace ifrit;
using namespace ifrit::domain;
using tests::aCampaign;

namespace {

const std::string kDigest(64, 'd');
const std::string kPackage(64, 'p');
const base::WallTime kNow = base::fromUnixMillis(1'700'000'100'000);

std::string reasonOf(const absl::Status& status) {
    return status.ok() ? "ok" : base::errorInfo(status).reason;
}

CampaignReceipt aReceipt() {
    CampaignReceipt out;
    out.campaignId = aCampaign().id;
    out.campaignDigest = kDigest;
    out.cluster = "one";
    out.releaseId = "r-1";
    out.targets["LINUX"] = {"2", kPackage};
    out.counts = {{Outcome::Ok, 3}, {Outcome::Failed, 1}};
    out.issued = kNow;
    return out;
}

using Change = std::function<void(Campaign&)>;
using ReceiptChange = std::function<void(CampaignReceipt&)>;
using FactsChange = std::function<void(StepFacts&)>;

}  // namespace

Q_DECLARE_METATYPE(Change)
Q_DECLARE_METATYPE(ReceiptChange)
Q_DECLARE_METATYPE(FactsChange)

class TestCampaign : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void documents_data();
    void documents();
    void versionsMayDifferByMachineType();
    void receipts_data();
    void receipts();
    void firstClusterNeedsNone();
    void olderReceiptIsRefused();
    void serialsDoNotFallBackWithARestoredCluster();
    void samePackages();
    void states_data();
    void states();
    void everyStateHasAName();
    void dueReceipts_data();
    void dueReceipts();
    void preparing_data();
    void preparing();
};

void TestCampaign::documents_data() {
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, const char* reason, Change change) {
        QTest::newRow(name) << std::move(change) << QString::fromLatin1(reason);
    };
    row("as it should be", "ok", [](Campaign&) {});
    row("no name", "CAMPAIGN_NAME", [](Campaign& c) { c.name.clear(); });
    row("long name", "CAMPAIGN_NAME", [](Campaign& c) { c.name = std::string(129, 'n'); });
    row("one cluster", "CAMPAIGN_CLUSTERS", [](Campaign& c) { c.steps.pop_back(); });
    row("65 clusters", "CAMPAIGN_CLUSTERS", [](Campaign& c) {
        for (int i = 0; i < 63; ++i)
            c.steps.push_back(tests::campaignStep("c" + std::to_string(i), "ca"));
    });
    row("a cluster twice", "CAMPAIGN_TWICE", [](Campaign& c) { c.steps[1].cluster = "one"; });
    row("no CA", "CAMPAIGN_CA", [](Campaign& c) { c.steps[1].caPem.clear(); });
    row("another agent", "CAMPAIGN_AGENT", [](Campaign& c) { c.steps[1].spec.agent = "metricsd"; });
    row("another version", "CAMPAIGN_VERSION", [](Campaign& c) { c.steps[1].spec.version = "3"; });
    row("a version of nobody", "CAMPAIGN_VERSION", [](Campaign& c) { c.versions["ARM64"] = "2"; });
    row("another action", "CAMPAIGN_ACTION",
        [](Campaign& c) { c.steps[1].spec.action = DesiredAction::Uninstall; });
    row("no machine type", "TYPES_MISSING",
        [](Campaign& c) { c.steps[1].spec.machineTypes.clear(); });
    row("ends before it begins", "CAMPAIGN_LIFE", [](Campaign& c) { c.expires = c.created; });
    row("lives too long", "CAMPAIGN_LIFE",
        [](Campaign& c) { c.expires = c.created + std::chrono::hours(24 * 366); });
    row("stands too long", "CAMPAIGN_SETTLE",
        [](Campaign& c) { c.settle = std::chrono::hours(24 * 8); });
}

void TestCampaign::documents() {
    QFETCH(Change, change);
    QFETCH(QString, reason);
    Campaign campaign = aCampaign();
    change(campaign);
    QCOMPARE(QString::fromStdString(reasonOf(checkCampaign(campaign))), reason);
}

void TestCampaign::versionsMayDifferByMachineType() {
    Campaign campaign = aCampaign();
    campaign.steps[1].spec.machineTypes = {"ARM64"};
    campaign.steps[1].spec.version = "2-arm";
    campaign.versions = versionsOf(campaign.steps);
    QVERIFY(checkCampaign(campaign).ok());
    QCOMPARE(campaign.versions.at("ARM64"), std::string("2-arm"));
}

void TestCampaign::receipts_data() {
    QTest::addColumn<ReceiptChange>("change");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, const char* reason, ReceiptChange change) {
        QTest::newRow(name) << std::move(change) << QString::fromLatin1(reason);
    };
    row("as it should be", "ok", [](CampaignReceipt&) {});
    row("of another campaign", "RECEIPT_CAMPAIGN", [](CampaignReceipt& r) { r.campaignId = "x"; });
    row("of another document", "RECEIPT_CAMPAIGN",
        [](CampaignReceipt& r) { r.campaignDigest = std::string(64, 'e'); });
    row("of this cluster itself", "RECEIPT_CLUSTER", [](CampaignReceipt& r) { r.cluster = "two"; });
    row("of another place", "RECEIPT_CLUSTER", [](CampaignReceipt& r) { r.step = 1; });
    row("of another version", "RECEIPT_TARGET",
        [](CampaignReceipt& r) { r.targets["LINUX"].version = "3"; });
    row("of no machine type", "RECEIPT_TARGET", [](CampaignReceipt& r) { r.targets.clear(); });
    row("nobody runs it", "RECEIPT_EMPTY", [](CampaignReceipt& r) {
        r.counts = {{Outcome::Failed, 3}};
    });
    row("who had it already counts", "ok", [](CampaignReceipt& r) {
        r.counts = {{Outcome::Already, 1}};
    });
    row("from the future", "RECEIPT_TIME",
        [](CampaignReceipt& r) { r.issued = kNow + kMaxClockSkew + std::chrono::seconds(1); });
    row("clocks differ a little", "ok",
        [](CampaignReceipt& r) { r.issued = kNow + kMaxClockSkew; });
    row("withdrawn is taken in", "ok", [](CampaignReceipt& r) {
        r.verdict = ReceiptVerdict::Withdrawn;
        r.counts.clear();
    });
}

void TestCampaign::receipts() {
    QFETCH(ReceiptChange, change);
    QFETCH(QString, reason);
    CampaignReceipt receipt = aReceipt();
    change(receipt);
    const Campaign campaign = aCampaign();
    const absl::Status checked = checkReceipt({campaign, kDigest, 1}, receipt, std::nullopt, kNow);
    QCOMPARE(QString::fromStdString(reasonOf(checked)), reason);
    QVERIFY(checked.ok() || absl::IsFailedPrecondition(checked));
}

void TestCampaign::firstClusterNeedsNone() {
    const Campaign campaign = aCampaign();
    QCOMPARE(reasonOf(checkReceipt({campaign, kDigest, 0}, aReceipt(), std::nullopt, kNow)),
             std::string("RECEIPT_UNASKED"));
}

void TestCampaign::olderReceiptIsRefused() {
    const Campaign campaign = aCampaign();
    CampaignReceipt withdrawn = aReceipt();
    withdrawn.verdict = ReceiptVerdict::Withdrawn;
    withdrawn.serial = 2;
    const CampaignPlace place{campaign, kDigest, 1};
    QVERIFY(checkReceipt(place, withdrawn, aReceipt(), kNow).ok());
    // What was withdrawn cannot be brought back by who kept the first one.
    QCOMPARE(reasonOf(checkReceipt(place, aReceipt(), withdrawn, kNow)),
             std::string("RECEIPT_OLDER"));
    QVERIFY(checkReceipt(place, aReceipt(), aReceipt(), kNow).ok());
}

/// The other cluster holds what this one made after its backup.
void TestCampaign::serialsDoNotFallBackWithARestoredCluster() {
    CampaignReceipt held = aReceipt();
    held.serial = nextSerial(std::nullopt, kNow);
    CampaignReceipt later = aReceipt();
    later.serial = nextSerial(held, kNow);
    QCOMPARE(later.serial, held.serial + 1);
    CampaignReceipt restored = aReceipt();
    restored.serial = nextSerial(std::nullopt, kNow + std::chrono::minutes(1));
    const Campaign campaign = aCampaign();
    QVERIFY(checkReceipt({campaign, kDigest, 1}, restored, later, kNow).ok());
    // A clock that was set back, or none at all.
    QCOMPARE(nextSerial(held, base::WallTime{}), held.serial + 1);
    QCOMPARE(nextSerial(std::nullopt, base::fromUnixMillis(-5)), std::uint32_t{1});
}

void TestCampaign::samePackages() {
    const CampaignReceipt before = aReceipt();
    QVERIFY(checkSamePackages(before, {{"LINUX", {"2", kPackage}}}).ok());
    QVERIFY(checkSamePackages(before, {{"ARM64", {"2", std::string(64, 'q')}}}).ok());
    QCOMPARE(reasonOf(checkSamePackages(before, {{"LINUX", {"2", std::string(64, 'q')}}})),
             std::string("PACKAGE_DIFFERS"));
}

namespace {

StepFacts facts() {
    StepFacts out;
    out.step = 1;
    out.expires = kNow + std::chrono::hours(1);
    out.previous = ReceiptVerdict::Verified;
    out.settle = std::chrono::minutes(10);
    out.converged = 5;
    return out;
}

void endedAgo(StepFacts& f, ReleaseState state, std::chrono::minutes ago) {
    f.release = state;
    f.ended = kNow - ago;
}

constexpr std::chrono::minutes kLong{10};
constexpr std::chrono::minutes kShort{9};

}  // namespace

void TestCampaign::states_data() {
    QTest::addColumn<FactsChange>("change");
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("start");
    const auto row = [](const char* name, const char* state, const char* start,
                        FactsChange change) {
        QTest::newRow(name) << std::move(change) << QString::fromLatin1(state)
                            << QString::fromLatin1(start);
    };
    row("receipt is here", "ready", "ok", [](StepFacts&) {});
    row("no receipt", "waiting", "RECEIPT_MISSING", [](StepFacts& f) { f.previous.reset(); });
    row("withdrawn", "waiting", "RECEIPT_WITHDRAWN",
        [](StepFacts& f) { f.previous = ReceiptVerdict::Withdrawn; });
    row("first cluster", "ready", "ok", [](StepFacts& f) {
        f.step = 0;
        f.previous.reset();
    });
    row("draft", "drafted", "ok", [](StepFacts& f) { f.release = ReleaseState::Draft; });
    row("draft without receipt", "waiting", "RECEIPT_MISSING", [](StepFacts& f) {
        f.release = ReleaseState::Draft;
        f.previous.reset();
    });
    row("aborted", "aborted", "CAMPAIGN_ABORTED", [](StepFacts& f) { f.aborted = true; });
    row("expired", "expired", "CAMPAIGN_EXPIRED", [](StepFacts& f) { f.expires = kNow; });
    row("runs", "running", "ok", [](StepFacts& f) { f.release = ReleaseState::Running; });
    row("runs on after the abort", "running", "CAMPAIGN_ABORTED", [](StepFacts& f) {
        f.release = ReleaseState::Running;
        f.aborted = true;
    });
    row("runs on after the end", "running", "CAMPAIGN_EXPIRED", [](StepFacts& f) {
        f.release = ReleaseState::Running;
        f.expires = kNow;
    });
    row("halted", "halted", "ok", [](StepFacts& f) { f.release = ReleaseState::Halted; });
    row("paused", "paused", "ok", [](StepFacts& f) { f.release = ReleaseState::Paused; });
    row("done", "settling", "ok", [](StepFacts& f) { endedAgo(f, ReleaseState::Done, kShort); });
    row("done and nobody runs it", "unproved", "ok", [](StepFacts& f) {
        endedAgo(f, ReleaseState::Done, kLong);
        f.converged = 0;
    });
    row("verified", "verified", "ok", [](StepFacts& f) {
        endedAgo(f, ReleaseState::Done, kLong);
        f.own = ReceiptVerdict::Verified;
    });
    row("done after the abort", "aborted", "CAMPAIGN_ABORTED", [](StepFacts& f) {
        endedAgo(f, ReleaseState::Done, kLong);
        f.aborted = true;
    });
    row("rolled back", "failed", "ok",
        [](StepFacts& f) { endedAgo(f, ReleaseState::RolledBack, kLong); });
    row("release aborted", "failed", "ok",
        [](StepFacts& f) { endedAgo(f, ReleaseState::Aborted, kLong); });
    row("rolled back afterwards", "withdrawn", "ok", [](StepFacts& f) {
        endedAgo(f, ReleaseState::RolledBack, kLong);
        f.own = ReceiptVerdict::Withdrawn;
    });
}

void TestCampaign::states() {
    QFETCH(FactsChange, change);
    QFETCH(QString, state);
    QFETCH(QString, start);
    StepFacts it = facts();
    change(it);
    QCOMPARE(QString::fromStdString(std::string(nameOf(stepState(it, kNow)))), state);
    QCOMPARE(QString::fromStdString(reasonOf(mayStartStep(it, "one", kNow))), start);
}

void TestCampaign::everyStateHasAName() {
    for (int i = 0; i <= static_cast<int>(StepState::Expired); ++i) {
        const auto state = static_cast<StepState>(i);
        QVERIFY(nameOf(state) != "unknown");
        QVERIFY(stepStateFromName(nameOf(state)) == state);
    }
    QVERIFY(!stepStateFromName("tomorrow"));
}

void TestCampaign::dueReceipts_data() {
    QTest::addColumn<FactsChange>("change");
    QTest::addColumn<QString>("due");
    const auto row = [](const char* name, const char* due, FactsChange change) {
        QTest::newRow(name) << std::move(change) << QString::fromLatin1(due);
    };
    row("not prepared", "", [](StepFacts&) {});
    row("running", "", [](StepFacts& f) { f.release = ReleaseState::Running; });
    row("halted", "", [](StepFacts& f) { f.release = ReleaseState::Halted; });
    row("has not stood", "", [](StepFacts& f) { endedAgo(f, ReleaseState::Done, kShort); });
    row("stood", "verified", [](StepFacts& f) { endedAgo(f, ReleaseState::Done, kLong); });
    row("stood after the campaign's end", "verified", [](StepFacts& f) {
        endedAgo(f, ReleaseState::Done, kLong);
        f.expires = kNow;
    });
    row("made", "", [](StepFacts& f) {
        endedAgo(f, ReleaseState::Done, kLong);
        f.own = ReceiptVerdict::Verified;
    });
    row("nobody runs it", "", [](StepFacts& f) {
        endedAgo(f, ReleaseState::Done, kLong);
        f.converged = 0;
    });
    row("aborted", "", [](StepFacts& f) {
        endedAgo(f, ReleaseState::Done, kLong);
        f.aborted = true;
    });
    row("goes back", "withdrawn", [](StepFacts& f) {
        f.release = ReleaseState::RollingBack;
        f.own = ReceiptVerdict::Verified;
    });
    row("goes back after the abort", "withdrawn", [](StepFacts& f) {
        f.release = ReleaseState::RollingBack;
        f.own = ReceiptVerdict::Verified;
        f.aborted = true;
    });
    row("went back before", "", [](StepFacts& f) { endedAgo(f, ReleaseState::RolledBack, kLong); });
    row("a second one stood", "verified", [](StepFacts& f) {
        endedAgo(f, ReleaseState::Done, kLong);
        f.own = ReceiptVerdict::Withdrawn;
    });
}

void TestCampaign::dueReceipts() {
    QFETCH(FactsChange, change);
    QFETCH(QString, due);
    StepFacts it = facts();
    change(it);
    const auto found = receiptDue(it, kNow);
    QString text;
    if (found)
        text = *found == ReceiptVerdict::Verified ? QStringLiteral("verified")
                                                  : QStringLiteral("withdrawn");
    QCOMPARE(text, due);
}

void TestCampaign::preparing_data() {
    QTest::addColumn<FactsChange>("change");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, const char* reason, FactsChange change) {
        QTest::newRow(name) << std::move(change) << QString::fromLatin1(reason);
    };
    row("at first, also before the receipt", "ok", [](StepFacts& f) { f.previous.reset(); });
    row("has a draft", "CAMPAIGN_PREPARED", [](StepFacts& f) { f.release = ReleaseState::Draft; });
    row("is done", "CAMPAIGN_PREPARED",
        [](StepFacts& f) { endedAgo(f, ReleaseState::Done, kLong); });
    row("done for nobody", "ok", [](StepFacts& f) {
        endedAgo(f, ReleaseState::Done, kLong);
        f.converged = 0;
    });
    row("goes back", "CAMPAIGN_PREPARED",
        [](StepFacts& f) { f.release = ReleaseState::RollingBack; });
    row("went back", "ok", [](StepFacts& f) { endedAgo(f, ReleaseState::RolledBack, kLong); });
    row("release aborted", "ok", [](StepFacts& f) { endedAgo(f, ReleaseState::Aborted, kLong); });
    row("campaign aborted", "CAMPAIGN_ABORTED", [](StepFacts& f) { f.aborted = true; });
    row("expired", "CAMPAIGN_EXPIRED", [](StepFacts& f) { f.expires = kNow; });
}

void TestCampaign::preparing() {
    QFETCH(FactsChange, change);
    QFETCH(QString, reason);
    StepFacts it = facts();
    change(it);
    QCOMPARE(QString::fromStdString(reasonOf(mayPrepareStep(it, kNow))), reason);
}

QTEST_GUILESS_MAIN(TestCampaign)
#include "tst_campaign.moc"
