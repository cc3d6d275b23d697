// SPDX-License-Identifier: Apache-2.0
// CampaignService's own receipts, which nobody asks for.
#include <spdlog/spdlog.h>

#include "master/services/audit_entry.h"
#include "master/services/campaign_facts.h"
#include "master/services/campaign_service.h"
#include "shared/base/status.h"
#include "shared/codec/campaign_bytes.h"

namespace ifrit::master::services {
namespace {

constexpr char kIssue[] = "campaign.issue-receipt";

/// Nothing happens to it by itself any more.
bool isOver(const domain::StepFacts& facts, base::WallTime now) {
    const bool isOpenEnded = facts.release && *facts.release != domain::ReleaseState::Draft &&
                             *facts.release != domain::ReleaseState::Aborted &&
                             *facts.release != domain::ReleaseState::RolledBack &&
                             *facts.release != domain::ReleaseState::Done;
    if (isOpenEnded) return false;
    // A receipt may have to be withdrawn for as long as somebody may start with it.
    return now >= facts.expires && !domain::receiptDue(facts, now);
}

}  // namespace

absl::Status CampaignService::issue(const storage::CampaignRecord& record,
                                    const domain::Campaign& campaign, const release::Model& model,
                                    domain::ReceiptVerdict verdict) {
    const base::WallTime now = m_parts.clock.now();
    IFRIT_ASSIGN_OR_RETURN(const auto before, decoded(record.own));
    domain::CampaignReceipt receipt;
    receipt.campaignId = campaign.id;
    receipt.campaignDigest = record.digest;
    receipt.cluster = m_parts.cluster;
    receipt.step = record.step;
    receipt.serial = domain::nextSerial(before, now);
    receipt.verdict = verdict;
    receipt.releaseId = model.release.id;
    receipt.releaseNumber = model.release.number;
    receipt.targets = targetsOf(model);
    receipt.counts = countsOf(model);
    receipt.started = model.release.started.value_or(base::WallTime());
    receipt.ended = model.release.ended.value_or(now);
    receipt.issued = now;
    storage::ReceiptRecord made;
    made.receipt = codec::receiptToBytes(receipt);
    IFRIT_ASSIGN_OR_RETURN(made.signature, m_parts.signer.sign(codec::receiptToSign(made.receipt)));
    const Caller self{"ifrit-master", {}, "master", {}, {}};
    return store(
        self, kIssue, record.id,
        [&](storage::Transaction& in, storage::CampaignRecord& held) -> absl::Status {
            // Another leader may have been first, or somebody aborted it or rolled its
            // release back since this one looked.
            IFRIT_ASSIGN_OR_RETURN(const bool isStillDue, isDue(campaign, record, held, verdict));
            if (!isStillDue) return absl::AbortedError("the campaign changed meanwhile");
            held.own = made;
            AuditEntry entry = auditEntry(self, kIssue, held.id, "allowed", now);
            entry.after =
                fmt::format(R"({{"release":"{}","serial":{},"verdict":"{}"}})", receipt.releaseId,
                            receipt.serial,
                            verdict == domain::ReceiptVerdict::Verified ? "verified" : "withdrawn");
            return m_parts.trail.append(in, entry);
        });
}

absl::StatusOr<bool> CampaignService::isDue(const domain::Campaign& campaign,
                                            const storage::CampaignRecord& seen,
                                            const storage::CampaignRecord& held,
                                            domain::ReceiptVerdict verdict) const {
    if (held.own != seen.own || held.releaseId != seen.releaseId) return false;
    // What it shows waits for no lock of the engine's.
    IFRIT_ASSIGN_OR_RETURN(const release::Head model, m_parts.engine.head(held.releaseId));
    IFRIT_ASSIGN_OR_RETURN(const domain::StepFacts facts, factsOf(campaign, held, model.get()));
    return domain::receiptDue(facts, m_parts.clock.now()) == verdict;
}

absl::Status CampaignService::attend(const storage::CampaignRecord& record) {
    Document document;
    const absl::Status read = m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(document, documentOf(in, record));
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(read);
    release::Head model;
    if (!record.releaseId.empty()) {
        IFRIT_ASSIGN_OR_RETURN(model, m_parts.engine.head(record.releaseId));
    }
    IFRIT_ASSIGN_OR_RETURN(const domain::StepFacts facts, factsOf(*document, record, model.get()));
    const base::WallTime now = m_parts.clock.now();
    const auto due = domain::receiptDue(facts, now);
    if (due) {
        IFRIT_RETURN_IF_ERROR(issue(record, *document, *model, *due));
        spdlog::info("campaign {}: cluster {} {} its receipt", document->name, m_parts.cluster,
                     *due == domain::ReceiptVerdict::Verified ? "made" : "withdrew");
        m_parts.events.publish(EventKind::ReleaseChanged, model->release.id);
        return absl::OkStatus();
    }
    if (!isOver(facts, now)) return absl::OkStatus();
    return m_parts.engine.transactLeading([&](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(auto held, in.campaigns().find(record.id));
        if (!held || held->releaseId != record.releaseId) return absl::OkStatus();
        held->open = false;
        return in.campaigns().update(*held);
    });
}

void CampaignService::tick() {
    if (!m_parts.signer.sign || !m_parts.engine.leads()) return;
    std::vector<storage::CampaignRecord> open;
    absl::Status status = m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(open, in.campaigns().listOpen());
        return absl::OkStatus();
    });
    // The database's own troubles are told by those who must write.
    if (!status.ok()) return;
    for (const storage::CampaignRecord& record : open) {
        status = attend(record);
        if (!status.ok() && !absl::IsUnavailable(status) && !absl::IsAborted(status))
            spdlog::error("campaign {}: {}", record.id, base::messageOf(status));
    }
}

}  // namespace ifrit::master::services
