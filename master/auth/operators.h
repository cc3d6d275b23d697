// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <string>

#include "master/audit/audit_trail.h"
#include "master/storage/database.h"

namespace ifrit::master::auth {

/// Who changes what about operators, for the audit.
struct Administrator {
    std::string name;
    std::string via;
    std::string address;
};

/// [a-z0-9][a-z0-9._@-]*, at most 64 bytes: the name goes into certificates and file names.
absl::Status checkOperatorName(const std::string& name);
/// At least 12 characters, at most 1,024 bytes.
absl::Status checkPassword(const std::string& password);

/// The record of a new operator. `password` empty: certificate only.
absl::StatusOr<storage::OperatorRecord> newOperator(const std::string& name,
                                                    const std::string& password,
                                                    storage::OperatorRole role, base::WallTime now);

/// ALREADY_EXISTS. With an audit row, in one transaction.
absl::Status addOperator(storage::Database& database, const audit::AuditTrail& audit,
                         const storage::OperatorRecord& person, const Administrator& by);
/// NOT_FOUND. Ends the operator's sessions: whoever knew the old password is out.
absl::Status changePassword(storage::Database& database, const audit::AuditTrail& audit,
                            const storage::OperatorRecord& changed, const Administrator& by);

enum class Standing { Enabled, Disabled };
/// NOT_FOUND. A disabled operator is refused with password and certificate, and has no sessions
/// left. FAILED_PRECONDITION (LAST_SUPER_ADMIN): nobody could enable anyone again. To be what one
/// is already is OK and leaves its row.
absl::Status changeStanding(storage::Database& database, const audit::AuditTrail& audit,
                            const std::string& name, Standing standing, base::WallTime now,
                            const Administrator& by);

}  // namespace ifrit::master::auth
