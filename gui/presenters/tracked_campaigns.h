// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/presenters/call_tracker.h"
#include "gui/services/campaigns.h"

namespace ifrit::gui::presenters {

/// Campaigns with their calls in the log, as TrackedSessionFactory has it.
class TrackedCampaigns final : public services::CampaignService {
public:
    /// Both outlive it.
    TrackedCampaigns(services::CampaignService& inner, const CallTracker& tracker)
        : m_inner(inner), m_tracker(tracker) {}

    services::CallHandle import(const std::string& document, Import how,
                                const services::Mutation& mutation,
                                services::Reply<services::CampaignInfo> reply) override;
    services::CallHandle get(const std::string& id,
                             services::Reply<services::CampaignInfo> reply) override;
    services::CallHandle list(
        const services::PageRequest& page,
        services::Reply<services::Page<services::CampaignInfo>> reply) override;
    services::CallHandle prepare(const std::string& id, const services::Mutation& mutation,
                                 services::Reply<services::CampaignInfo> reply) override;
    services::CallHandle present(const std::string& id, const services::SignedReceipt& receipt,
                                 const services::Mutation& mutation,
                                 services::Reply<services::CampaignInfo> reply) override;
    services::CallHandle receipt(const std::string& id,
                                 services::Reply<services::ReceiptInfo> reply) override;
    services::CallHandle start(const std::string& id, const std::string& planId,
                               const services::Mutation& mutation,
                               services::Reply<services::CampaignInfo> reply) override;
    services::CallHandle abort(const std::string& id, const services::Mutation& mutation,
                               services::Reply<services::CampaignInfo> reply) override;

private:
    services::CampaignService& m_inner;
    const CallTracker& m_tracker;
};

}  // namespace ifrit::gui::presenters
