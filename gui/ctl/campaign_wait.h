// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <cstddef>

#include "gui/ctl/campaign_lines.h"
#include "gui/ctl/shell.h"
#include "gui/services/campaign_board.h"

namespace ifrit::gui::ctl {

/// Waits until the seat has its receipt. RELEASE_FAILED: its release was halted, aborted or rolled
/// back, or proved nothing. WAIT_TIMED_OUT and INTERRUPTED stop the waiting alone.
absl::Status waitForSeat(Shell& shell, const CampaignLines& lines,
                         const services::CampaignBoard& board, std::size_t seat);

/// Follows all clusters and prints each change (a line for a cluster; with jsonl the campaign)
/// until every one has its receipt. RELEASE_FAILED: a cluster stopped it, and nothing of it runs
/// any more where it was aborted or has expired. Starts and carries nothing. WAIT_TIMED_OUT and
/// INTERRUPTED stop the watching alone.
absl::Status watchCampaign(Shell& shell, const CampaignLines& lines,
                           const services::CampaignBoard& board);

}  // namespace ifrit::gui::ctl
