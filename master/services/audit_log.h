// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "master/services/records.h"
#include "shared/audit/chain.h"
#include "shared/audit/signed_head.h"

namespace ifrit::master::services {

struct AuditQuery {
    std::string actor;  ///< each empty: all
    std::string verb;
    std::string object;
    std::string result;
    std::optional<base::WallTime> since;
    std::optional<base::WallTime> until;
    std::uint64_t beforeId = 0;  ///< 0: from the newest
    std::size_t limit = 500;
};

using storage::AuditRow;

/// The newest row, signed, and hashes of rows that somebody kept heads of.
struct AuditHeadAnswer {
    ifrit::audit::SignedHead head;
    ifrit::audit::RowHashes hashes;
};

struct AuditCheck {
    std::uint64_t rows = 0;
    std::string headHash;
    bool intact = false;
    std::uint64_t firstBrokenId = 0;
    std::string message;
    AuditHeadAnswer heads;
};

/// Reading the audit. Thread-safe; blocks on the database.
class AuditLog {
public:
    virtual ~AuditLog() = default;
    /// Newest first.
    virtual absl::StatusOr<std::vector<AuditRow>> list(const AuditQuery& query) = 0;
    /// Whether nobody waits for the answer any more; asked now and then.
    using IsGone = std::function<bool()>;
    /// Walks the whole chain and signs the last row up to which it is intact. One at a time:
    /// RESOURCE_EXHAUSTED (AUDIT_VERIFY_BUSY) with a retry time while another one runs. CANCELLED
    /// (CALLER_GONE).
    virtual absl::StatusOr<AuditCheck> verify(const std::set<std::uint64_t>& rows,
                                              const IsGone& isGone) = 0;
    virtual absl::StatusOr<AuditHeadAnswer> head(const std::set<std::uint64_t>& rows) = 0;
    /// As they are stored, oldest first, ids above `afterId`.
    virtual absl::StatusOr<std::vector<AuditRow>> read(std::uint64_t afterId,
                                                       std::size_t limit) = 0;
};

}  // namespace ifrit::master::services
