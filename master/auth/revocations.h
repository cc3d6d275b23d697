// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <string>
#include <unordered_set>

#include "master/storage/database.h"
#include "shared/base/clock.h"

namespace ifrit::master::auth {

/// The revoked serials in memory, for the sync path. Thread-safe.
class Revocations {
public:
    /// Both outlive it.
    Revocations(storage::Database& database, const base::Clock& clock);

    /// Reads them from the database: at start, after each revocation, and now and then for what
    /// other masters revoked. An error leaves the old set.
    absl::Status reload();
    /// O(1), no database.
    bool isRevoked(const std::string& serialHex) const;

private:
    storage::Database& m_database;
    const base::Clock& m_clock;
    mutable absl::Mutex m_mutex;
    std::unordered_set<std::string> m_serials ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::master::auth
