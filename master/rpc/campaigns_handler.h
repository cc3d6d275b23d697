// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include "ifrit/v1/campaigns.grpc.pb.h"
#include "master/rpc/call_runner.h"
#include "master/services/campaign_service.h"

namespace ifrit::master::rpc {

class CampaignsHandler final : public v1::Campaigns::CallbackService {
public:
    struct Parts {
        CallRunner& calls;
        services::CampaignService& campaigns;
        services::ReleaseEngine& engine;
        const services::Fleet& fleet;
        const base::Clock& clock;
    };
    explicit CampaignsHandler(const Parts& parts) : m_parts(parts) {}

    grpc::ServerUnaryReactor* ImportCampaign(grpc::CallbackServerContext* context,
                                             const v1::ImportCampaignRequest* request,
                                             v1::Campaign* response) override;
    grpc::ServerUnaryReactor* GetCampaign(grpc::CallbackServerContext* context,
                                          const v1::GetCampaignRequest* request,
                                          v1::Campaign* response) override;
    grpc::ServerUnaryReactor* ListCampaigns(grpc::CallbackServerContext* context,
                                            const v1::ListCampaignsRequest* request,
                                            v1::ListCampaignsResponse* response) override;
    grpc::ServerUnaryReactor* PrepareCampaign(grpc::CallbackServerContext* context,
                                              const v1::CampaignRequest* request,
                                              v1::Campaign* response) override;
    grpc::ServerUnaryReactor* PresentReceipt(grpc::CallbackServerContext* context,
                                             const v1::PresentReceiptRequest* request,
                                             v1::Campaign* response) override;
    grpc::ServerUnaryReactor* GetReceipt(grpc::CallbackServerContext* context,
                                         const v1::GetCampaignRequest* request,
                                         v1::SignedReceipt* response) override;
    grpc::ServerUnaryReactor* StartCampaign(grpc::CallbackServerContext* context,
                                            const v1::StartCampaignRequest* request,
                                            v1::Campaign* response) override;
    grpc::ServerUnaryReactor* AbortCampaign(grpc::CallbackServerContext* context,
                                            const v1::CampaignRequest* request,
                                            v1::Campaign* response) override;

private:
    /// What a campaign touches: its agent, on every machine type that it has a version for.
    static Touched touchedBy(const char* verb, const domain::Campaign& campaign);
    /// Of the document that was imported, whatever the call says about it.
    CallRunner::Touches touchesCampaign(const char* verb, const std::string& id) const;
    using View = absl::StatusOr<services::CampaignView>;
    absl::Status answer(const View& view, v1::Campaign& response) const;
    v1::Campaign toWire(const services::CampaignView& view) const;
    /// A change of one campaign, once for each request id.
    absl::Status change(const Principal& who, const v1::Mutation& mutation, const char* verb,
                        v1::Campaign& response,
                        const std::function<View(const services::Caller&)>& make) const;

    const Parts m_parts;
};

}  // namespace ifrit::master::rpc
