// SPDX-License-Identifier: Apache-2.0
#include "master/services/campaign_facts.h"

#include "shared/base/status.h"
#include "shared/base/wording.h"
#include "shared/codec/campaign_bytes.h"

namespace ifrit::master::services {

absl::StatusOr<std::optional<domain::CampaignReceipt>> decoded(
    const std::optional<storage::ReceiptRecord>& receipt) {
    if (!receipt) return std::optional<domain::CampaignReceipt>();
    absl::StatusOr<domain::CampaignReceipt> out = codec::receiptFromBytes(receipt->receipt);
    if (out.ok()) return std::optional<domain::CampaignReceipt>(*std::move(out));
    // It was checked before it was stored.
    return base::makeError(absl::StatusCode::kDataLoss, "DATABASE_BROKEN", "receipt",
                           base::messageOf(out.status()));
}

std::map<domain::Outcome, std::uint64_t> countsOf(const release::Model& model) {
    std::map<domain::Outcome, std::uint64_t> out;
    for (const domain::StageCounts& stage : model.release.stages) {
        for (const auto& [outcome, count] : stage.outcomes) {
            if (count != 0) out[outcome] += count;
        }
    }
    return out;
}

domain::ReceiptTargets targetsOf(const release::Model& model) {
    domain::ReceiptTargets out;
    for (const auto& [type, target] : model.targets)
        out[type] = {target.version, target.digest};
    return out;
}

absl::StatusOr<domain::StepFacts> factsOf(const domain::Campaign& campaign,
                                          const storage::CampaignRecord& record,
                                          const release::Model* model) {
    domain::StepFacts out;
    out.step = record.step;
    out.expires = campaign.expires;
    out.settle = campaign.settle;
    out.aborted = record.aborted.has_value();
    IFRIT_ASSIGN_OR_RETURN(const auto previous, decoded(record.previous));
    if (previous) out.previous = previous->verdict;
    IFRIT_ASSIGN_OR_RETURN(const auto own, decoded(record.own));
    if (own) out.own = own->verdict;
    if (model == nullptr) return out;
    out.release = model->release.state;
    out.ended = model->release.ended;
    domain::CampaignReceipt counted;
    counted.counts = countsOf(*model);
    out.converged = counted.converged();
    return out;
}

std::string waitsFor(const domain::Campaign& campaign, const domain::StepFacts& facts,
                     domain::StepState state, const release::Model* model) {
    const std::string previous =
        facts.step == 0 ? std::string() : campaign.steps[facts.step - 1].cluster;
    switch (state) {
        case domain::StepState::Waiting:
            return facts.previous ? fmt::format(
                                        "cluster {} was rolled back and withdrew its receipt; it "
                                        "waits for another one",
                                        previous)
                                  : fmt::format("it waits for the receipt of cluster {}", previous);
        case domain::StepState::Ready:
            return "it may be prepared and started";
        case domain::StepState::Drafted:
            return "its release may be started";
        case domain::StepState::Halted:
            return model == nullptr ? std::string() : model->release.haltReason;
        case domain::StepState::Settling:
            if (facts.settle == std::chrono::milliseconds(0)) return "its receipt is being made";
            return fmt::format("it must stand for {} before its receipt is made",
                               base::sayDuration(facts.settle));
        case domain::StepState::Unproved:
            return "no machine runs the version, so there is nothing to vouch for; prepare it "
                   "again";
        case domain::StepState::Failed:
            return "its release did not come to its end; prepare another one, or abort the "
                   "campaign";
        case domain::StepState::Withdrawn:
            return "it was rolled back after its receipt was made, and withdrew it";
        case domain::StepState::Expired:
            return "the campaign has expired; make a new one";
        case domain::StepState::Running:
        case domain::StepState::Paused:
        case domain::StepState::RollingBack:
        case domain::StepState::Verified:
        case domain::StepState::Aborted:
            break;
    }
    return {};
}

}  // namespace ifrit::master::services
