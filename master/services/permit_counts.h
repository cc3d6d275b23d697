// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "master/release/permit_ledger.h"
#include "master/storage/database.h"
#include "shared/base/clock.h"

namespace ifrit::master::services {

/// The permits that a limit still counts, as the database knows them. Thread-safe: its lock is held
/// for an instant and never while the database answers, so whoever looks waits for no commit. All
/// that changes it is called under the release engine's lock, one call after another.
class PermitCounts {
public:
    /// `capWindow`: in which the cluster's cap counts machines; 0: there is no cap.
    PermitCounts(storage::Database& database, const base::Clock& clock,
                 std::chrono::milliseconds capWindow);

    /// Reads them anew; on an error all stays as it was. Waits for the database.
    absl::Status load();
    /// One that is about to be stored.
    void add(const release::PermitRecord& permit);
    /// What was added could not be stored: until the next load() it counts too many.
    void distrust();
    /// Not when the clock was set back either: what is in the window again was forgotten.
    bool isTrusted() const;

    /// Machines that the cap counts now.
    std::uint64_t changed();
    release::Quota capFor(const std::string& uuid, std::uint64_t limit, base::WallTime now);
    /// Of that release.
    release::Quota lateFor(const std::string& releaseId, const std::string& uuid,
                           std::uint64_t limit, base::WallTime now);

private:
    storage::Database& m_database;
    const base::Clock& m_clock;
    const std::chrono::milliseconds m_capWindow;
    mutable absl::Mutex m_mutex;
    release::PermitLedger m_ledger ABSL_GUARDED_BY(m_mutex);
    bool m_isTrusted ABSL_GUARDED_BY(m_mutex) = true;
};

}  // namespace ifrit::master::services
