// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
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

    /// What listens is told of the verb of rows that were committed, once of each transaction's, on
    /// the thread that wrote them: it must only hand over. One listener; {}: nobody, and nobody is
    /// being told any more when this returns. The trail may be gone before the commit.
    using Told = std::function<void(const std::string& verb)>;
    void listen(Told told);

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
    /// Rows that a view of the database is held for while a chain is walked.
    static constexpr std::size_t kPage = 1'000;
    /// Whether nobody waits for the answer any more; asked before each page.
    using IsGone = std::function<bool()>;
    /// Walks the whole chain, O(rows), a page in each view: what is appended meanwhile is walked
    /// too, and the newest row is held against the head that the last page's view has. CANCELLED
    /// (CALLER_GONE).
    absl::StatusOr<Verification> verify(storage::Database& database,
                                        const std::set<std::uint64_t>& wanted = {},
                                        const IsGone& isGone = {}) const;

    struct Look {
        storage::AuditHead head;
        ifrit::audit::RowHashes hashes;  ///< of the wanted rows that there are, as they are stored
    };
    /// One consistent view; O(wanted).
    absl::StatusOr<Look> look(storage::Database& database,
                              const std::set<std::uint64_t>& wanted) const;

private:
    struct Listener {
        absl::Mutex mutex;
        Told told ABSL_GUARDED_BY(mutex);
    };

    const std::string m_cluster;
    const std::shared_ptr<Listener> m_listener = std::make_shared<Listener>();
};

}  // namespace ifrit::master::audit
