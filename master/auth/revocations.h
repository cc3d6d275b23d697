// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <memory>
#include <string>
#include <unordered_set>

#include "master/storage/database.h"

namespace ifrit::master::auth {

/// Serials of revoked certificates that have not ended, in memory, since each machine's poll asks.
/// Thread-safe.
class Revocations {
public:
    Revocations(storage::Database& database, const base::Clock& clock)
        : m_database(database), m_clock(clock) {}

    /// Reads them again; on an error the old ones stand. Called at start, after each revocation and
    /// every few seconds, because another master or the command line may have revoked.
    absl::Status refresh();
    bool isRevoked(const std::string& serialHex) const;

private:
    using Serials = std::unordered_set<std::string>;

    storage::Database& m_database;
    const base::Clock& m_clock;
    mutable absl::Mutex m_mutex;
    std::shared_ptr<const Serials> m_serials ABSL_GUARDED_BY(m_mutex) =
        std::make_shared<const Serials>();
};

}  // namespace ifrit::master::auth
