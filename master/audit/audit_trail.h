// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "master/storage/database.h"
#include "shared/audit/chain.h"

namespace ifrit::master::audit {

/// Writes and checks the audit of one cluster. Thread-safe.
class AuditTrail {
public:
    explicit AuditTrail(std::string cluster) : m_cluster(std::move(cluster)) {}

    /// The row of a change, in the change's own transaction: where it cannot be written, the change
    /// does not happen.
    absl::Status append(storage::Transaction& transaction, storage::AuditEntry entry) const;
    /// A row of its own, for what was denied or failed.
    absl::Status record(storage::Database& database, const storage::AuditEntry& entry) const;

    struct Verification {
        std::uint64_t rows = 0;
        std::string headHash;  ///< of the last intact row
        bool intact = false;
        std::uint64_t firstBrokenId = 0;
        std::string message;
        ifrit::audit::RowHashes hashes;  ///< of the wanted rows that the walk passed
    };
    /// Walks the whole chain in one consistent view; O(rows), in pages.
    absl::StatusOr<Verification> verify(storage::Database& database,
                                        const std::set<std::uint64_t>& wanted = {}) const;

    struct Look {
        storage::AuditHead head;
        ifrit::audit::RowHashes hashes;  ///< of the wanted rows that there are, as they are stored
    };
    /// One consistent view; O(wanted).
    absl::StatusOr<Look> look(storage::Database& database,
                              const std::set<std::uint64_t>& wanted) const;

private:
    const std::string m_cluster;
};

}  // namespace ifrit::master::audit
