// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include "gui/ctl/campaign_lines.h"
#include "gui/ctl/shell.h"
#include "gui/services/campaign_board.h"

namespace ifrit::gui::ctl {

/// Takes the document and receipts to where they are missing, and tells each. The board as it is
/// afterwards. One that a cluster refuses ends it, with its reason.
absl::StatusOr<services::CampaignBoard> carryAll(Shell& shell, const CampaignLines& lines,
                                                 const services::CampaignBoard& board);

}  // namespace ifrit::gui::ctl
