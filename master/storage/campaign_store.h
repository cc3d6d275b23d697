// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/clock.h"

namespace ifrit::master::storage {

/// A receipt as it was signed.
struct ReceiptRecord {
    std::string receipt;    ///< bytes
    std::string signature;  ///< bytes
    bool operator==(const ReceiptRecord&) const = default;
};

/// Who did something to a campaign in this cluster, and why.
struct CampaignDeed {
    std::string by;
    base::WallTime at{};
    std::string reason;
    bool operator==(const CampaignDeed&) const = default;
};

/// A campaign as this cluster holds it.
struct CampaignRecord {
    std::string id;
    std::uint64_t number = 0;  ///< in the order in which they were taken in
    std::string digest;        ///< of the document, hex
    std::string document;      ///< bytes; empty in lists that leave it out
    std::uint32_t step = 0;    ///< this cluster's place
    CampaignDeed imported;
    std::string releaseId;                  ///< empty: not prepared
    std::optional<ReceiptRecord> previous;  ///< of the cluster before
    CampaignDeed presented;                 ///< where there is `previous`; its reason is empty
    std::optional<ReceiptRecord> own;
    std::optional<CampaignDeed> aborted;
    bool open = true;  ///< something may still happen to it by itself
    bool operator==(const CampaignRecord&) const = default;
};

/// Campaigns that this cluster is a part of.
class CampaignStore {
public:
    virtual ~CampaignStore() = default;

    virtual absl::StatusOr<std::uint64_t> nextNumber() = 0;
    /// ALREADY_EXISTS (CAMPAIGN_EXISTS): one with its id is here.
    virtual absl::Status add(const CampaignRecord& record) = 0;
    /// All of it but number, digest, document and step, which never change. NOT_FOUND
    /// (CAMPAIGN_UNKNOWN).
    virtual absl::Status update(const CampaignRecord& record) = 0;
    virtual absl::StatusOr<std::optional<CampaignRecord>> find(const std::string& id) = 0;
    /// The one whose release that is; without its document.
    virtual absl::StatusOr<std::optional<CampaignRecord>> findByRelease(
        const std::string& releaseId) = 0;
    /// Newest first, of numbers below `below`.
    virtual absl::StatusOr<std::vector<CampaignRecord>> list(std::uint64_t below,
                                                             std::size_t limit) = 0;
    /// Those that are open, without their documents.
    virtual absl::StatusOr<std::vector<CampaignRecord>> listOpen() = 0;
};

}  // namespace ifrit::master::storage
