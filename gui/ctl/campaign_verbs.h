// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "gui/ctl/campaign_lines.h"
#include "gui/ctl/shell.h"

namespace ifrit::gui::ctl {

/// What the verbs of the noun campaign may be given.
struct CampaignVerbOptions {
    std::string campaign;
    CampaignLines::Asked asked;
    std::string cluster;
    std::string file;
    bool dryRun = false;
    bool wait = false;
    bool all = false;
    bool carryOnly = false;
    bool rollback = false;
};

using CampaignVerb = absl::Status (*)(Shell&, const CampaignVerbOptions&);

/// A verb about one campaign, with the options that say which, and whom to ask.
CLI::App& addCampaignVerb(Shell& shell, const std::shared_ptr<CampaignVerbOptions>& options,
                          const VerbHelp& help, CampaignVerb function);
/// receipt and present: what is carried by hand.
void addCampaignReceipts(Shell& shell, const std::shared_ptr<CampaignVerbOptions>& options);

/// Why nothing is known of how the campaign stands in this cluster.
absl::Status unseen(const CampaignLines& lines, const services::CampaignSeat& seat);
/// NOT_FOUND (CAMPAIGN_ELSEWHERE) names the clusters that are in it.
absl::StatusOr<std::size_t> seatNamed(const services::CampaignBoard& board,
                                      const std::string& cluster);

}  // namespace ifrit::gui::ctl
