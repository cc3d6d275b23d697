// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "master/services/records.h"

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

/// A row as it stands in the chain.
struct AuditRow {
    std::uint64_t id = 0;
    AuditEntry entry;
    std::string hash;          ///< 32 bytes
    std::string previousHash;  ///< 32 bytes; zeros for the first
};

struct AuditCheck {
    std::uint64_t rows = 0;
    std::string headHash;
    bool intact = false;
    std::uint64_t firstBrokenId = 0;
    std::string message;
};

/// Reading the audit. Thread-safe; blocks on the database.
class AuditLog {
public:
    virtual ~AuditLog() = default;
    /// Newest first.
    virtual absl::StatusOr<std::vector<AuditRow>> list(const AuditQuery& query) = 0;
    /// Walks the whole chain.
    virtual absl::StatusOr<AuditCheck> verify() = 0;
};

}  // namespace ifrit::master::services
