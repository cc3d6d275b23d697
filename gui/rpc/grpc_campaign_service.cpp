// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/grpc_campaign_service.h"

#include "gui/rpc/decode.h"
#include "gui/rpc/unary_call.h"
#include "ifrit/v1/campaigns.pb.h"
#include "shared/base/hex.h"
#include "shared/base/status.h"
#include "shared/codec/campaign_bytes.h"
#include "shared/codec/campaign_codec.h"

namespace ifrit::gui::rpc {
namespace {

using Campaigns = v1::Campaigns::StubInterface::async_interface;
using Info = services::CampaignInfo;

absl::StatusOr<services::ReceiptInfo> decodeReceipt(const v1::SignedReceipt& in) {
    services::ReceiptInfo out;
    out.carried = {in.receipt(), in.signature()};
    IFRIT_ASSIGN_OR_RETURN(out.receipt, codec::receiptFromBytes(in.receipt()));
    return out;
}

services::CampaignDeed deed(const std::string& by, std::int64_t at, const std::string& reason) {
    return {by, base::fromUnixMillis(at), reason};
}

Info decodeCampaign(const v1::Campaign& in) {
    Info out;
    out.document = in.document();
    out.digest = base::toHex(in.digest());
    if (auto campaign = codec::campaignFromBytes(in.document()); campaign.ok())
        out.campaign = *std::move(campaign);
    else
        out.unreadable = base::messageOf(campaign.status());
    out.step = in.step();
    if (const auto state = codec::fromWire(in.state()); state.ok()) out.state = *state;
    out.waitsFor = in.waits_for();
    if (in.has_release()) out.release = decode(in.release());
    // A receipt that this program cannot read is still there: the master shows it by the state.
    if (in.has_previous()) {
        if (auto receipt = decodeReceipt(in.previous()); receipt.ok())
            out.previous = *std::move(receipt);
        out.presented = deed(in.presented_by(), in.presented_ms(), {});
    }
    if (in.has_own()) {
        if (auto receipt = decodeReceipt(in.own()); receipt.ok()) out.own = *std::move(receipt);
    }
    out.imported = deed(in.imported_by(), in.imported_ms(), in.import_reason());
    if (in.aborted_ms() != 0)
        out.aborted = deed(in.aborted_by(), in.aborted_ms(), in.abort_reason());
    return out;
}

Info decodeMoved(v1::Campaign&& in) {
    return decodeCampaign(in);
}

v1::CampaignRequest requestFor(const RpcCore& core, const std::string& id,
                               const services::Mutation& mutation) {
    v1::CampaignRequest out;
    *out.mutable_mutation() = core.toWire(mutation);
    out.set_campaign_id(id);
    return out;
}

}  // namespace

services::CallHandle GrpcCampaignService::import(const std::string& document, Import how,
                                                 const services::Mutation& mutation,
                                                 services::Reply<Info> reply) {
    v1::ImportCampaignRequest request;
    *request.mutable_mutation() = m_core.toWire(mutation);
    request.set_document(document);
    request.set_validate_only(how == Import::Validate);
    return startChange<Info>(m_core, &MasterStubs::campaigns, &Campaigns::ImportCampaign,
                             std::move(request), decodeMoved, std::move(reply));
}

services::CallHandle GrpcCampaignService::get(const std::string& id, services::Reply<Info> reply) {
    v1::GetCampaignRequest request;
    request.set_campaign_id(id);
    return startUnary<Info>(m_core, Repeat::WhenUnavailable, &MasterStubs::campaigns,
                            &Campaigns::GetCampaign, std::move(request), decodeMoved,
                            std::move(reply));
}

services::CallHandle GrpcCampaignService::list(const services::PageRequest& page,
                                               services::Reply<services::Page<Info>> reply) {
    v1::ListCampaignsRequest request;
    request.set_page_size(page.size);
    request.set_page_token(page.token);
    return startUnary<services::Page<Info>>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::campaigns, &Campaigns::ListCampaigns,
        std::move(request),
        [](v1::ListCampaignsResponse&& in) {
            services::Page<Info> out;
            for (const v1::Campaign& campaign : in.campaigns())
                out.items.push_back(decodeCampaign(campaign));
            out.nextToken = in.next_page_token();
            return out;
        },
        std::move(reply));
}

services::CallHandle GrpcCampaignService::prepare(const std::string& id,
                                                  const services::Mutation& mutation,
                                                  services::Reply<Info> reply) {
    return startChange<Info>(m_core, &MasterStubs::campaigns, &Campaigns::PrepareCampaign,
                             requestFor(m_core, id, mutation), decodeMoved, std::move(reply));
}

services::CallHandle GrpcCampaignService::present(const std::string& id,
                                                  const services::SignedReceipt& receipt,
                                                  const services::Mutation& mutation,
                                                  services::Reply<Info> reply) {
    v1::PresentReceiptRequest request;
    *request.mutable_mutation() = m_core.toWire(mutation);
    request.set_campaign_id(id);
    request.mutable_receipt()->set_receipt(receipt.receipt);
    request.mutable_receipt()->set_signature(receipt.signature);
    return startChange<Info>(m_core, &MasterStubs::campaigns, &Campaigns::PresentReceipt,
                             std::move(request), decodeMoved, std::move(reply));
}

services::CallHandle GrpcCampaignService::receipt(const std::string& id,
                                                  services::Reply<services::ReceiptInfo> reply) {
    v1::GetCampaignRequest request;
    request.set_campaign_id(id);
    return startUnary<services::ReceiptInfo>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::campaigns, &Campaigns::GetReceipt,
        std::move(request), [](v1::SignedReceipt&& in) { return decodeReceipt(in); },
        std::move(reply));
}

services::CallHandle GrpcCampaignService::start(const std::string& id, const std::string& planId,
                                                const services::Mutation& mutation,
                                                services::Reply<Info> reply) {
    v1::StartCampaignRequest request;
    *request.mutable_mutation() = m_core.toWire(mutation);
    request.set_campaign_id(id);
    request.set_plan_id(planId);
    return startChange<Info>(m_core, &MasterStubs::campaigns, &Campaigns::StartCampaign,
                             std::move(request), decodeMoved, std::move(reply));
}

services::CallHandle GrpcCampaignService::abort(const std::string& id,
                                                const services::Mutation& mutation,
                                                services::Reply<Info> reply) {
    return startChange<Info>(m_core, &MasterStubs::campaigns, &Campaigns::AbortCampaign,
                             requestFor(m_core, id, mutation), decodeMoved, std::move(reply));
}

}  // namespace ifrit::gui::rpc
