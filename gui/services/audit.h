// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gui/services/call.h"

namespace ifrit::gui::services {

struct AuditRow {
    std::uint64_t id = 0;
    base::WallTime at{};
    std::string actor;
    std::string via;
    std::string address;
    std::string verb;  ///< "release.start", "package.publish", "login"...
    std::string object;
    std::string cluster;
    std::string result;  ///< "allowed", "denied" or "failed"
    std::string reason;
    std::string before;  ///< JSON
    std::string after;   ///< JSON
    std::string requestId;
    std::string hash;  ///< hex
    std::string previousHash;
    std::string error;  ///< sentence where denied or failed
};

/// Each empty: all.
struct AuditQuery {
    std::string actor;
    std::string verb;
    std::string object;
    std::string result;
    std::optional<base::WallTime> since;
    std::optional<base::WallTime> until;
    PageRequest page;
};

struct AuditVerification {
    std::uint64_t rows = 0;
    std::string headHash;  ///< hex
    bool intact = false;
    std::uint64_t firstBrokenId = 0;
    std::string message;
};

/// Contract: gui/services/call.h.
class AuditService {
public:
    virtual ~AuditService() = default;
    /// Newest first.
    virtual CallHandle list(const AuditQuery& query, Reply<Page<AuditRow>> reply) = 0;
    /// Walks the chain on the master. A broken chain is an answer (intact == false), not an error.
    virtual CallHandle verify(Reply<AuditVerification> reply) = 0;
};

}  // namespace ifrit::gui::services
