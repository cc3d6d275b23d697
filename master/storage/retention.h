// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>

#include "master/storage/database.h"

namespace ifrit::master::storage {

/// How long what only grows is kept. The audit is not in here: it is never forgotten.
struct RetentionPolicy {
    std::chrono::hours machineEvents{24 * 90};
    /// Long after any client has stopped to retry.
    std::chrono::hours requests{24 * 7};
    /// After their expiry, so that a late machine hears "expired" and not "unknown".
    std::chrono::hours joinTokens{24 * 30};
};

struct Forgotten {
    std::uint64_t machineEvents = 0;
    std::uint64_t requests = 0;
    std::uint64_t joinTokens = 0;
    bool operator==(const Forgotten&) const = default;
};

/// Deletes what the policy lets go, each kind in a transaction of its own so that writers wait
/// shortly. Blocks for the database; errors of the database.
absl::StatusOr<Forgotten> forgetOld(Database& database, base::WallTime now,
                                    const RetentionPolicy& policy);

}  // namespace ifrit::master::storage
