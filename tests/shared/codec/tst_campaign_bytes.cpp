// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "ifrit/v1/campaigns.pb.h"
#include "shared/base/status.h"
#include "shared/codec/campaign_bytes.h"
#include "shared/codec/campaign_codec.h"
#include "tests/shared/domain/a_campaign.h"

using namespace ifrit;

namespace {

std::string reasonOf(const absl::Status& status) {
    return status.ok() ? "ok" : base::errorInfo(status).reason;
}

domain::CampaignReceipt aReceipt() {
    domain::CampaignReceipt out;
    out.campaignId = "c-1";
    out.campaignDigest = std::string(64, 'a');
    out.cluster = "one";
    out.step = 3;
    out.serial = 2;
    out.verdict = domain::ReceiptVerdict::Withdrawn;
    out.releaseId = "r-1";
    out.releaseNumber = 12;
    out.targets = {{"LINUX", {"2", std::string(64, 'b')}}, {"ARM64", {"", ""}}};
    out.counts = {{domain::Outcome::Ok, 3}, {domain::Outcome::Reverted, 1}};
    out.started = base::fromUnixMillis(5);
    out.ended = base::fromUnixMillis(6);
    out.issued = base::fromUnixMillis(7);
    return out;
}

/// A field that this version does not know.
constexpr char kUnknownField[] = "\xf8\x3f\x01";

}  // namespace

class TestCampaignBytes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void campaignComesBackEqual() {
        domain::Campaign campaign = tests::aCampaign();
        campaign.settle = std::chrono::minutes(5);
        campaign.steps[0].spec.gray.uuids = {"m-1"};
        campaign.steps[1].spec.batches.enabled = true;
        const auto read = codec::campaignFromBytes(codec::campaignToBytes(campaign));
        QVERIFY2(read.ok(), base::messageOf(read.status()).c_str());
        QVERIFY(*read == campaign);
    }
    void receiptComesBackEqual() {
        const auto read = codec::receiptFromBytes(codec::receiptToBytes(aReceipt()));
        QVERIFY2(read.ok(), base::messageOf(read.status()).c_str());
        QVERIFY(*read == aReceipt());
    }
    void sameCampaignSameBytes() {
        domain::Campaign campaign = tests::aCampaign();
        campaign.steps[0].spec.gray.labels = {{"a", "1"}, {"b", "2"}, {"c", "3"}};
        const std::string bytes = codec::campaignToBytes(campaign);
        for (int i = 0; i < 50; ++i)
            QCOMPARE(codec::campaignToBytes(campaign), bytes);
    }
    void whatIsNotUnderstoodIsRefused() {
        const std::string campaign = codec::campaignToBytes(tests::aCampaign());
        QCOMPARE(reasonOf(codec::campaignFromBytes(campaign + kUnknownField).status()),
                 std::string("DOCUMENT_NEWER"));
        const std::string receipt = codec::receiptToBytes(aReceipt());
        QCOMPARE(reasonOf(codec::receiptFromBytes(receipt + kUnknownField).status()),
                 std::string("DOCUMENT_NEWER"));
        v1::CampaignDocument deep;
        QVERIFY(deep.ParseFromString(campaign));
        QVERIFY(deep.mutable_steps(1)->mutable_spec()->MergeFromString(kUnknownField));
        QCOMPARE(reasonOf(codec::campaignFromBytes(deep.SerializeAsString()).status()),
                 std::string("DOCUMENT_NEWER"));
        deep.set_format(2);
        QCOMPARE(reasonOf(codec::campaignFromBytes(deep.SerializeAsString()).status()),
                 std::string("DOCUMENT_NEWER"));
    }
    void whatIsNoneIsRefused() {
        for (const std::string& bytes : {std::string(), std::string("\xff\xff\xff"),
                                         codec::receiptToBytes(aReceipt()).substr(0, 40)}) {
            QVERIFY(absl::IsInvalidArgument(codec::campaignFromBytes(bytes).status()));
            QVERIFY(absl::IsInvalidArgument(codec::receiptFromBytes(bytes).status()));
        }
        QCOMPARE(
            reasonOf(
                codec::campaignFromBytes(std::string(codec::kMaxCampaignBytes + 1, 'x')).status()),
            std::string("DOCUMENT_INVALID"));
        QCOMPARE(
            reasonOf(
                codec::receiptFromBytes(std::string(codec::kMaxReceiptBytes + 1, 'x')).status()),
            std::string("DOCUMENT_INVALID"));
    }
    void rulesOfTheDomainHold() {
        domain::Campaign campaign = tests::aCampaign();
        campaign.steps.pop_back();
        QCOMPARE(reasonOf(codec::campaignFromBytes(codec::campaignToBytes(campaign)).status()),
                 std::string("CAMPAIGN_CLUSTERS"));
        campaign = tests::aCampaign("ca\x01");
        QVERIFY(!codec::campaignFromBytes(codec::campaignToBytes(campaign)).ok());
        domain::CampaignReceipt receipt = aReceipt();
        receipt.serial = 0;
        QVERIFY(!codec::receiptFromBytes(codec::receiptToBytes(receipt)).ok());
        receipt = aReceipt();
        receipt.cluster = "../one";
        QVERIFY(!codec::receiptFromBytes(codec::receiptToBytes(receipt)).ok());
    }
    void statesOfTheWire() {
        for (int i = 0; i <= static_cast<int>(domain::StepState::Expired); ++i) {
            const auto state = static_cast<domain::StepState>(i);
            const auto back = codec::fromWire(codec::toWire(state));
            QVERIFY(back.ok() && *back == state);
        }
        QVERIFY(!codec::fromWire(v1::CAMPAIGN_STEP_STATE_UNSPECIFIED).ok());
        QVERIFY(!codec::fromWire(static_cast<v1::CampaignStepState>(99)).ok());
    }
};

QTEST_GUILESS_MAIN(TestCampaignBytes)
#include "tst_campaign_bytes.moc"
