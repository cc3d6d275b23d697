// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gui/services/call.h"
#include "shared/audit/chain.h"
#include "shared/audit/signed_head.h"

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

/// The newest row, signed by a master of the bundle's cluster (which was checked here), and hashes
/// of the rows that were asked for.
struct AuditHeads {
    audit::SignedHead head;
    audit::RowHashes hashes;
};

struct AuditVerification {
    std::uint64_t rows = 0;
    std::string headHash;  ///< hex
    bool intact = false;
    std::uint64_t firstBrokenId = 0;
    std::string message;
    AuditHeads heads;
};

/// Contract: gui/services/call.h.
class AuditService {
public:
    virtual ~AuditService() = default;
    /// Newest first.
    virtual CallHandle list(const AuditQuery& query, Reply<Page<AuditRow>> reply) = 0;
    /// Walks the chain on the master. A broken chain is an answer (intact == false), not an error.
    /// `rows` (at most 512): those of which the hashes are wanted, since heads of them are kept.
    virtual CallHandle verify(const std::vector<std::uint64_t>& rows,
                              Reply<AuditVerification> reply) = 0;
    /// As verify() without the walk. FAILED_PRECONDITION (STATEMENT_SIGNER, STATEMENT_SIGNATURE):
    /// what the master handed out is not signed by one of its cluster.
    virtual CallHandle head(const std::vector<std::uint64_t>& rows, Reply<AuditHeads> reply) = 0;
    /// Rows as they are hashed, oldest first, with ids above `afterId`; empty: there are no more.
    virtual CallHandle read(std::uint64_t afterId, Reply<std::vector<AuditRow>> reply) = 0;
};

}  // namespace ifrit::gui::services
