// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include "master/auth/operators.h"

namespace ifrit::master::auth {

inline constexpr std::size_t kMaxGrantsOfOne = 1'000;

// Each with an audit row, in one transaction.

/// NOT_FOUND: no such operator. INVALID_ARGUMENT (GRANT_INVALID), and for one that has expired.
/// RESOURCE_EXHAUSTED: the operator has kMaxGrantsOfOne.
absl::Status giveGrant(storage::Database& database, const audit::AuditTrail& audit,
                       const storage::GrantRecord& grant, const Administrator& by);
/// NOT_FOUND.
absl::Status takeGrant(storage::Database& database, const audit::AuditTrail& audit,
                       const std::string& id, base::WallTime now, const Administrator& by);

}  // namespace ifrit::master::auth
