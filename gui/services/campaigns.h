// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "gui/services/call.h"
#include "gui/services/releases.h"
#include "shared/domain/campaign.h"

namespace ifrit::gui::services {

/// A receipt as it was signed: what is carried from one cluster to the next.
struct SignedReceipt {
    std::string receipt;    ///< bytes
    std::string signature;  ///< bytes
    bool operator==(const SignedReceipt&) const = default;
};

struct ReceiptInfo {
    SignedReceipt carried;
    domain::CampaignReceipt receipt;  ///< what it says; that it is genuine, the next master checks
};

/// Who did something to a campaign in a cluster.
struct CampaignDeed {
    std::string by;
    base::WallTime at{};
    std::string reason;
};

/// A campaign as one cluster holds it.
struct CampaignInfo {
    std::string document;  ///< bytes
    std::string digest;    ///< hex
    domain::Campaign campaign;
    std::string unreadable;  ///< why `campaign` is empty: a newer document than this program knows
    std::size_t step = 0;    ///< of that cluster, from 0
    std::optional<domain::StepState> state;  ///< unset: one that this program does not know
    std::string waitsFor;                    ///< a sentence; empty: nothing
    std::optional<ReleaseInfo> release;      ///< unset: not prepared
    std::optional<ReceiptInfo> previous;     ///< of the cluster before, as it was presented
    CampaignDeed presented;
    std::optional<ReceiptInfo> own;
    CampaignDeed imported;
    std::optional<CampaignDeed> aborted;
};

/// One cluster's part in campaigns. Contract: gui/services/call.h.
class CampaignService {
public:
    virtual ~CampaignService() = default;

    enum class Import { Store, Validate };
    virtual CallHandle import(const std::string& document, Import how, const Mutation& mutation,
                              Reply<CampaignInfo> reply) = 0;
    virtual CallHandle get(const std::string& id, Reply<CampaignInfo> reply) = 0;
    /// Newest first.
    virtual CallHandle list(const PageRequest& page, Reply<Page<CampaignInfo>> reply) = 0;
    /// Makes the cluster's release as a draft.
    virtual CallHandle prepare(const std::string& id, const Mutation& mutation,
                               Reply<CampaignInfo> reply) = 0;
    virtual CallHandle present(const std::string& id, const SignedReceipt& receipt,
                               const Mutation& mutation, Reply<CampaignInfo> reply) = 0;
    /// FAILED_PRECONDITION (RECEIPT_UNMADE) with what it waits for.
    virtual CallHandle receipt(const std::string& id, Reply<ReceiptInfo> reply) = 0;
    virtual CallHandle start(const std::string& id, const std::string& planId,
                             const Mutation& mutation, Reply<CampaignInfo> reply) = 0;
    virtual CallHandle abort(const std::string& id, const Mutation& mutation,
                             Reply<CampaignInfo> reply) = 0;
};

}  // namespace ifrit::gui::services
