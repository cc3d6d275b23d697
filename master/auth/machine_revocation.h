// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>

#include "master/audit/audit_trail.h"
#include "master/auth/operators.h"
#include "master/storage/database.h"

namespace ifrit::master::auth {

/// Takes a machine's certificates from it, with an audit row, in one transaction; how many. A
/// running master refuses it, open streams too, once it has read them (Revocations). It joins again
/// only with a token that names it. NOT_FOUND; INVALID_ARGUMENT without a reason.
absl::StatusOr<std::uint64_t> revokeMachine(storage::Database& database,
                                            const audit::AuditTrail& audit, const std::string& uuid,
                                            const std::string& reason, base::WallTime now,
                                            const Administrator& by);

}  // namespace ifrit::master::auth
