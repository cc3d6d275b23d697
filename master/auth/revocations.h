// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <memory>
#include <string>
#include <unordered_set>

#include "master/storage/database.h"
#include "shared/base/published.h"

namespace ifrit::master::auth {

/// Serials of revoked certificates that have not ended, in memory, since each machine's poll asks.
/// Thread-safe; no lock is shared by all who ask.
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
    absl::Mutex m_refreshing;  ///< held over reading and publishing: the newest read stands
    base::Published<Serials> m_serials{std::make_shared<const Serials>()};
};

}  // namespace ifrit::master::auth
