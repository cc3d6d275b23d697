// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

#include <memory>

#include "gui/models/record_table_model.h"
#include "gui/models/text_format.h"
#include "gui/services/campaign_board.h"

namespace ifrit::gui::models {

/// Kind and translated words of what campaigns are.
class CampaignWords {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::CampaignWords)
public:
    static StatusLook of(services::CampaignPhase phase);
    static StatusLook of(domain::StepState state);
    /// Also of one that cannot be seen, or does not hold the campaign.
    static StatusLook of(const services::CampaignSeat& seat);
    /// What the seat waits for, a sentence; empty: nothing.
    static QString waitsFor(const services::CampaignBoard& board, std::size_t seat);
    /// "verified, 15:05:15 +00:00". Its serial number is for programs, which compare it.
    static QString receipt(const std::optional<services::ReceiptInfo>& receipt,
                           const TimeText& times);
    /// "LINUX 2.0, ARM64 2.0-1".
    static QString versions(const domain::Campaign& campaign);
};

class CampaignModel : public RecordTableModel<services::CampaignBoard> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::CampaignModel)
public:
    explicit CampaignModel(const TimeText& times, QObject* parent = nullptr);
};

/// One cluster of the campaign that is looked at.
struct SeatRecord {
    std::shared_ptr<const services::CampaignBoard> board;
    std::size_t step = 0;
    const services::CampaignSeat& seat() const { return board->seats()[step]; }
    /// In the language of now.
    QString waitsFor() const { return CampaignWords::waitsFor(*board, step); }
};

class SeatModel : public RecordTableModel<SeatRecord> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::SeatModel)
public:
    explicit SeatModel(const TimeText& times, QObject* parent = nullptr);
};

}  // namespace ifrit::gui::models
