// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/rpc/rpc_core.h"
#include "gui/services/campaigns.h"

namespace ifrit::gui::rpc {

class GrpcCampaignService final : public services::CampaignService {
public:
    explicit GrpcCampaignService(RpcCore& core) : m_core(core) {}

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
    RpcCore& m_core;
};

}  // namespace ifrit::gui::rpc
