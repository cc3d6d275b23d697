// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <map>
#include <optional>

#include "master/release/model.h"
#include "master/storage/campaign_store.h"
#include "shared/domain/campaign.h"

namespace ifrit::master::services {

/// What decides where this cluster is. `model` null: it has no release. DATA_LOSS: what is stored
/// cannot be read.
absl::StatusOr<domain::StepFacts> factsOf(const domain::Campaign& campaign,
                                          const storage::CampaignRecord& record,
                                          const release::Model* model);
/// What it waits for, or why it cannot go on: a sentence; empty: nothing.
std::string waitsFor(const domain::Campaign& campaign, const domain::StepFacts& facts,
                     domain::StepState state, const release::Model* model);
domain::ReceiptTargets targetsOf(const release::Model& model);
std::map<domain::Outcome, std::uint64_t> countsOf(const release::Model& model);
absl::StatusOr<std::optional<domain::CampaignReceipt>> decoded(
    const std::optional<storage::ReceiptRecord>& receipt);

}  // namespace ifrit::master::services
