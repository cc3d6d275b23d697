// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/ctl/printer.h"
#include "gui/services/campaign_board.h"

namespace ifrit::gui::ctl {

// As views.h, for campaigns.

/// A seat with its place, for lists of clusters.
struct SeatRow {
    std::size_t step = 0;
    services::CampaignSeat seat;
    std::string caFingerprint;  ///< SHA-256 of the pinned CA, hex
};

const View<services::CampaignBoard>& campaignView();
const View<SeatRow>& seatView();
const View<services::ReceiptInfo>& receiptView();

std::vector<SeatRow> rowsOf(const services::CampaignBoard& board);
/// The campaign and its clusters.
void printBoard(Printer print, const services::CampaignBoard& board);

}  // namespace ifrit::gui::ctl
