// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "master/storage/records.h"

namespace ifrit::master::storage {

/// The audit's rows as they are. master/audit chains and checks them; nobody else appends.
class AuditStore {
public:
    virtual ~AuditStore() = default;

    /// In a writing transaction the head is locked until its end, so that two masters cannot chain
    /// to the same row.
    virtual absl::StatusOr<AuditHead> head() = 0;
    /// Stores the row and makes it the head. ABORTED when it does not follow the head.
    virtual absl::Status append(const AuditRow& row) = 0;
    /// Oldest first, ids above `afterId`.
    virtual absl::StatusOr<std::vector<AuditRow>> read(std::uint64_t afterId,
                                                       std::size_t limit) = 0;
    /// Newest first, ids below `beforeId` (0: from the newest).
    virtual absl::StatusOr<std::vector<AuditRow>> list(const AuditFilter& filter,
                                                       std::uint64_t beforeId,
                                                       std::size_t limit) = 0;
};

/// What mutations did, by caller and request id, so that a retry answers the first result.
class RequestStore {
public:
    virtual ~RequestStore() = default;

    virtual absl::StatusOr<std::optional<RequestRecord>> find(const std::string& actor,
                                                              const std::string& requestId) = 0;
    /// ABORTED (REQUEST_REPEATED): the id was used before; read what it did.
    virtual absl::Status put(const std::string& actor, const std::string& requestId,
                             const RequestRecord& record, base::WallTime now) = 0;
    /// How many older ones were forgotten.
    virtual absl::StatusOr<std::uint64_t> prune(base::WallTime before) = 0;
};

}  // namespace ifrit::master::storage
