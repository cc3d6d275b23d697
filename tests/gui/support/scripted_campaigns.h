// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "gui/services/campaigns.h"

namespace ifrit::tests {

/// The clusters of scriptedCampaigns(), in their order.
extern const std::vector<std::string> kCampaignClusters;

/// Campaigns as the cluster would tell them: one that is under way in the second cluster and waits
/// in the third, one that a halted first cluster keeps, one that is complete. Empty for a cluster
/// that is in none.
std::vector<gui::services::CampaignInfo> scriptedCampaigns(base::WallTime now,
                                                           const std::string& cluster);

}  // namespace ifrit::tests
