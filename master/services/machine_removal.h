// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "master/audit/audit_trail.h"
#include "master/services/fleet.h"
#include "master/services/known_bad_clears.h"
#include "master/services/records.h"
#include "master/services/release_engine.h"
#include "master/storage/database.h"

namespace ifrit::master::services {

/// Takes machines that are gone out of the cluster: row, reports, certificates, entries of desired
/// state, and their place in releases that run. Of several masters the leader's; the others follow
/// what it committed. Thread-safe.
class MachineRemoval {
public:
    struct Parts {
        storage::Database& database;
        const audit::AuditTrail& trail;
        Fleet& fleet;
        ReleaseEngine& engine;
        KnownBadClears& clears;
        absl::Mutex& order;  ///< ReportWriter::Parts::order
        const base::Clock& clock;
        std::function<void()> desiredChanged;
    };
    explicit MachineRemoval(const Parts& parts) : m_parts(parts) {}

    /// Of machines that are online, or were heard of in the last domain::kAliveFor.
    enum class Alive { Refused, Forced };
    /// More in one transaction would hold up permits and reports for seconds.
    static constexpr std::size_t kAtOnce = 1'000;

    struct Removed {
        std::uint64_t machines = 0;
        std::uint64_t certificates = 0;  ///< that were revoked with them
    };
    /// All or none. NOT_FOUND (MACHINE_UNKNOWN); FAILED_PRECONDITION (MACHINE_ALIVE) unless forced;
    /// ABORTED where the expected count or generation is another; INVALID_ARGUMENT without machines
    /// or reason.
    absl::StatusOr<Removed> remove(const Caller& caller, const std::set<std::string>& uuids,
                                   Alive alive);
    /// Takes out of memory those that the database does not know any more.
    absl::Status forget(const std::set<std::string>& uuids);

private:
    absl::Status check(const Caller& caller, const std::set<std::string>& uuids, Alive alive) const;
    /// In the transaction that removes them: desired state goes on meanwhile.
    static absl::Status checkExpected(storage::Transaction& in, const Caller& caller,
                                      const std::set<std::string>& uuids);
    absl::Status refuseAlive(const std::string& uuid, bool isOnline, base::WallTime seen) const;
    /// True: some of them had entries.
    absl::StatusOr<bool> withdraw(storage::Transaction& in,
                                  const std::set<std::string>& uuids) const;
    absl::StatusOr<Removed> erase(storage::Transaction& in, const Caller& caller,
                                  const std::set<std::string>& uuids, Alive alive) const;
    void forgetOne(const std::string& uuid);

    const Parts m_parts;
};

}  // namespace ifrit::master::services
