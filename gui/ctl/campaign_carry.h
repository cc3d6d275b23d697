// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>

#include "gui/ctl/campaign_lines.h"
#include "gui/ctl/shell.h"
#include "gui/services/campaign_board.h"

namespace ifrit::gui::ctl {

/// Takes the document and receipts to where they are missing, and tells each. The board as it is
/// afterwards. One that a cluster refuses ends it, with its reason.
absl::StatusOr<services::CampaignBoard> carryAll(Shell& shell, const CampaignLines& lines,
                                                 const services::CampaignBoard& board);

/// Waits until the seat has its receipt. RELEASE_FAILED: its release was halted, aborted or rolled
/// back, or proved nothing. WAIT_TIMED_OUT and INTERRUPTED stop the waiting alone.
absl::Status waitForSeat(Shell& shell, const CampaignLines& lines,
                         const services::CampaignBoard& board, std::size_t seat);

}  // namespace ifrit::gui::ctl
