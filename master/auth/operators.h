// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <optional>
#include <string>

#include "master/audit/audit_trail.h"
#include "master/storage/database.h"

namespace ifrit::master::auth {

/// Who changes what about operators, for the audit.
struct Administrator {
    std::string name;
    std::string via;
    std::string address;
    std::string reason = {};
    std::string requestId = {};  ///< of a call that may be repeated; empty: none
    /// Whose password bought the change; recordChange() asks whether it still holds.
    std::optional<storage::OperatorRecord> confirmed = std::nullopt;
};

/// What an audit row says of a change beside who made it.
struct TrustChange {
    std::string verb;
    std::string object;
    std::string before = {};  ///< JSON
    std::string after = {};
};
/// Before anything is read of who is super admin. Two that each take the other for the one who
/// stays would leave none; so they are one after the other, by the one row that all of them also
/// write at their end, the audit's head. On one server the lock orders them. On a Galera cluster a
/// lock holds at one node and rows that were only read conflict with nothing; but both have written
/// this row, so the later one is turned back at its commit, and what others committed meanwhile
/// takes the lock away from here: it runs again, and sees what the first one did.
/// Whatever reads an operator to change something begins with it: two that lock the same two rows
/// in another order each would wait for one another.
absl::Status holdStandings(storage::Transaction& transaction);
/// UNAUTHENTICATED (LOGIN_WRONG).
absl::Status loginWrong();
/// In the transaction that stores what a password bought: UNAUTHENTICATED (LOGIN_WRONG) where the
/// password was changed, or the operator disabled or removed, since `judged` was read. Checking a
/// password takes a tenth of a second, and what ended the sessions meanwhile did not see this one.
absl::Status checkStillFits(storage::Transaction& transaction,
                            const storage::OperatorRecord& judged);
/// Writes the audit row of a change, and its request id, in the change's transaction, where the
/// password that bought it still holds (checkStillFits()).
absl::Status recordChange(storage::Transaction& transaction, const audit::AuditTrail& audit,
                          const TrustChange& change, const Administrator& by, base::WallTime now);

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
/// NOT_FOUND. Ends the operator's sessions: whoever knew the old password is out. `confirmed`: who
/// gave the old one for it, as checkStillFits().
absl::Status changePassword(storage::Database& database, const audit::AuditTrail& audit,
                            const storage::OperatorRecord& changed, const Administrator& by,
                            const std::optional<storage::OperatorRecord>& confirmed = std::nullopt);

enum class Standing { Enabled, Disabled };
/// NOT_FOUND. A disabled operator is refused with password and certificate, and has no sessions
/// left. FAILED_PRECONDITION (LAST_SUPER_ADMIN): nobody could enable anyone again. To be what one
/// is already is OK and leaves its row.
absl::Status changeStanding(storage::Database& database, const audit::AuditTrail& audit,
                            const std::string& name, Standing standing, base::WallTime now,
                            const Administrator& by);
/// NOT_FOUND; FAILED_PRECONDITION (LAST_SUPER_ADMIN), also where two masters are asked at once.
absl::Status changeRole(storage::Database& database, const audit::AuditTrail& audit,
                        const std::string& name, storage::OperatorRole role, base::WallTime now,
                        const Administrator& by);
/// The same. With sessions, grants and certificates: somebody of that name who is added later gets
/// nothing of theirs.
absl::Status removeOperator(storage::Database& database, const audit::AuditTrail& audit,
                            const std::string& name, base::WallTime now, const Administrator& by);
/// "super_admin" or "reader".
const char* nameOf(storage::OperatorRole role);

}  // namespace ifrit::master::auth
