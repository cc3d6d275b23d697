// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/campaigns_handler.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "master/rpc/paging.h"
#include "master/rpc/release_wire.h"
#include "shared/base/status.h"
#include "shared/codec/campaign_bytes.h"
#include "shared/codec/campaign_codec.h"
#include "shared/codec/limits.h"

namespace ifrit::master::rpc {
namespace {

constexpr std::size_t kMostAtOnce = 100;
/// Of documents in one page: the message's limit is 4 MiB, and one document's 1 MiB.
constexpr std::size_t kPageBytes = 2 * 1024 * 1024;

void fill(const std::optional<storage::ReceiptRecord>& from, v1::SignedReceipt& to) {
    to.set_receipt(from->receipt);
    to.set_signature(from->signature);
}

absl::StatusOr<storage::ReceiptRecord> fromWire(const v1::SignedReceipt& in) {
    if (in.signature().size() > codec::kMaxReceiptSignatureBytes) {
        return base::invalidArgument("DOCUMENT_INVALID", "signature",
                                     "the receipt's signature is larger than {} bytes",
                                     codec::kMaxReceiptSignatureBytes);
    }
    return storage::ReceiptRecord{in.receipt(), in.signature()};
}

}  // namespace

Touched CampaignsHandler::touchedBy(const char* verb, const domain::Campaign& campaign) {
    std::vector<std::string> types;
    for (const auto& [type, version] : campaign.versions)
        types.push_back(type);
    return {{verb, campaign.agent, std::move(types)}, campaign.id};
}

CallRunner::Touches CampaignsHandler::touchesCampaign(const char* verb,
                                                      const std::string& id) const {
    return [this, verb, id]() -> absl::StatusOr<Touched> {
        IFRIT_ASSIGN_OR_RETURN(const auto campaign, m_parts.campaigns.document(id));
        return touchedBy(verb, *campaign);
    };
}

v1::Campaign CampaignsHandler::toWire(const services::CampaignView& view) const {
    const storage::CampaignRecord& record = view.record;
    v1::Campaign out;
    out.set_document(record.document);
    out.set_digest(codec::digestToWire(record.digest));
    out.set_step(record.step);
    out.set_state(codec::toWire(view.state));
    out.set_waits_for(view.waitsFor);
    if (view.release) {
        *out.mutable_release() =
            rpc::toWire(*view.release, m_parts.clock.now(), m_parts.fleet.size(), m_parts.engine);
    }
    if (record.previous) {
        fill(record.previous, *out.mutable_previous());
        out.set_presented_by(record.presented.by);
        out.set_presented_ms(base::toUnixMillis(record.presented.at));
    }
    if (record.own) fill(record.own, *out.mutable_own());
    out.set_imported_by(record.imported.by);
    out.set_imported_ms(base::toUnixMillis(record.imported.at));
    out.set_import_reason(record.imported.reason);
    if (record.aborted) {
        out.set_aborted_by(record.aborted->by);
        out.set_aborted_ms(base::toUnixMillis(record.aborted->at));
        out.set_abort_reason(record.aborted->reason);
    }
    return out;
}

absl::Status CampaignsHandler::answer(const View& view, v1::Campaign& response) const {
    if (view.ok()) response = toWire(*view);
    return view.status();
}

absl::Status CampaignsHandler::change(
    const Principal& who, const v1::Mutation& mutation, const char* verb, v1::Campaign& response,
    const std::function<View(const services::Caller&)>& make) const {
    IFRIT_ASSIGN_OR_RETURN(const auto caller, callerOf(who, mutation));
    return m_parts.calls.runOnce(
        {caller, [&](const services::Caller& c) { return answer(make(c), response); },
         [&](const std::string& id) { return answer(m_parts.campaigns.get(id), response); }},
        verb);
}

grpc::ServerUnaryReactor* CampaignsHandler::ImportCampaign(grpc::CallbackServerContext* context,
                                                           const v1::ImportCampaignRequest* request,
                                                           v1::Campaign* response) {
    return m_parts.calls.runAtLeader(
        context, "ifrit.v1.Campaigns/ImportCampaign", *request, *response,
        CallRunner::WithoutLeader::Refuse,
        [request]() -> absl::StatusOr<Touched> {
            IFRIT_ASSIGN_OR_RETURN(const domain::Campaign campaign,
                                   codec::campaignFromBytes(request->document()));
            return touchedBy("campaign.import", campaign);
        },
        [this, request, response](const Principal& who) -> absl::Status {
            using Import = services::CampaignService::Import;
            if (request->validate_only()) {
                IFRIT_ASSIGN_OR_RETURN(const auto caller, callerOf(who, request->mutation()));
                return answer(
                    m_parts.campaigns.import(caller, request->document(), Import::Validate),
                    *response);
            }
            return change(who, request->mutation(), "campaign.import", *response,
                          [&](const services::Caller& caller) {
                              return m_parts.campaigns.import(caller, request->document(),
                                                              Import::Store);
                          });
        });
}

grpc::ServerUnaryReactor* CampaignsHandler::GetCampaign(grpc::CallbackServerContext* context,
                                                        const v1::GetCampaignRequest* request,
                                                        v1::Campaign* response) {
    return m_parts.calls.runAtLeader(
        context, "ifrit.v1.Campaigns/GetCampaign", *request, *response,
        CallRunner::WithoutLeader::Serve, [this, request, response](const Principal&) {
            return answer(m_parts.campaigns.get(request->campaign_id()), *response);
        });
}

grpc::ServerUnaryReactor* CampaignsHandler::ListCampaigns(grpc::CallbackServerContext* context,
                                                          const v1::ListCampaignsRequest* request,
                                                          v1::ListCampaignsResponse* response) {
    return m_parts.calls.runAtLeader(
        context, "ifrit.v1.Campaigns/ListCampaigns", *request, *response,
        CallRunner::WithoutLeader::Serve,
        [this, request, response](const Principal&) -> absl::Status {
            // Newest first by number; the token is the last number that was shown.
            IFRIT_ASSIGN_OR_RETURN(const std::uint64_t below,
                                   numberOfToken(request->page_token(), UINT64_MAX));
            const std::size_t size = std::min(pageSize(request->page_size()), kMostAtOnce);
            IFRIT_ASSIGN_OR_RETURN(const auto all, m_parts.campaigns.list(below, size + 1));
            std::size_t bytes = 0;
            std::uint64_t last = 0;
            for (const services::CampaignView& view : all) {
                bytes += view.record.document.size();
                const auto shown = static_cast<std::size_t>(response->campaigns_size());
                if (shown == size || (shown > 0 && bytes > kPageBytes)) {
                    response->set_next_page_token(std::to_string(last));
                    break;
                }
                *response->add_campaigns() = toWire(view);
                last = view.record.number;
            }
            return absl::OkStatus();
        });
}

grpc::ServerUnaryReactor* CampaignsHandler::PrepareCampaign(grpc::CallbackServerContext* context,
                                                            const v1::CampaignRequest* request,
                                                            v1::Campaign* response) {
    return m_parts.calls.runAtLeader(
        context, "ifrit.v1.Campaigns/PrepareCampaign", *request, *response,
        CallRunner::WithoutLeader::Refuse,
        touchesCampaign("campaign.prepare", request->campaign_id()),
        [this, request, response](const Principal& who) {
            return change(who, request->mutation(), "campaign.prepare", *response,
                          [&](const services::Caller& caller) {
                              return m_parts.campaigns.prepare(caller, request->campaign_id());
                          });
        });
}

grpc::ServerUnaryReactor* CampaignsHandler::PresentReceipt(grpc::CallbackServerContext* context,
                                                           const v1::PresentReceiptRequest* request,
                                                           v1::Campaign* response) {
    return m_parts.calls.runAtLeader(
        context, "ifrit.v1.Campaigns/PresentReceipt", *request, *response,
        CallRunner::WithoutLeader::Refuse,
        touchesCampaign("campaign.present-receipt", request->campaign_id()),
        [this, request, response](const Principal& who) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto receipt, fromWire(request->receipt()));
            return change(who, request->mutation(), "campaign.present-receipt", *response,
                          [&](const services::Caller& caller) {
                              return m_parts.campaigns.present(caller, request->campaign_id(),
                                                               receipt);
                          });
        });
}

grpc::ServerUnaryReactor* CampaignsHandler::GetReceipt(grpc::CallbackServerContext* context,
                                                       const v1::GetCampaignRequest* request,
                                                       v1::SignedReceipt* response) {
    return m_parts.calls.runAtLeader(context, "ifrit.v1.Campaigns/GetReceipt", *request, *response,
                                     CallRunner::WithoutLeader::Serve,
                                     [this, request, response](const Principal&) -> absl::Status {
                                         IFRIT_ASSIGN_OR_RETURN(
                                             const auto receipt,
                                             m_parts.campaigns.receipt(request->campaign_id()));
                                         fill(receipt, *response);
                                         return absl::OkStatus();
                                     });
}

grpc::ServerUnaryReactor* CampaignsHandler::StartCampaign(grpc::CallbackServerContext* context,
                                                          const v1::StartCampaignRequest* request,
                                                          v1::Campaign* response) {
    return m_parts.calls.runAtLeader(
        context, "ifrit.v1.Campaigns/StartCampaign", *request, *response,
        CallRunner::WithoutLeader::Refuse,
        touchesCampaign("campaign.start", request->campaign_id()),
        [this, request, response](const Principal& who) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto caller, callerOf(who, request->mutation()));
            // The engine remembers the request as what it is there: the start of a release.
            return m_parts.calls.runOnce(
                {caller,
                 [&](const services::Caller& c) {
                     return answer(
                         m_parts.campaigns.start(c, request->campaign_id(), request->plan_id()),
                         *response);
                 },
                 [&](const std::string&) {
                     return answer(m_parts.campaigns.get(request->campaign_id()), *response);
                 }},
                "release.start");
        });
}

grpc::ServerUnaryReactor* CampaignsHandler::AbortCampaign(grpc::CallbackServerContext* context,
                                                          const v1::CampaignRequest* request,
                                                          v1::Campaign* response) {
    return m_parts.calls.runAtLeader(
        context, "ifrit.v1.Campaigns/AbortCampaign", *request, *response,
        CallRunner::WithoutLeader::Refuse,
        touchesCampaign("campaign.abort", request->campaign_id()),
        [this, request, response](const Principal& who) {
            return change(who, request->mutation(), "campaign.abort", *response,
                          [&](const services::Caller& caller) {
                              return m_parts.campaigns.abort(caller, request->campaign_id());
                          });
        });
}

}  // namespace ifrit::master::rpc
