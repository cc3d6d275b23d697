// SPDX-License-Identifier: Apache-2.0
#include "master/auth/machine_revocation.h"

#include "shared/base/status.h"
#include "shared/domain/names.h"

namespace ifrit::master::auth {

absl::StatusOr<std::uint64_t> revokeMachine(storage::Database& database,
                                            const audit::AuditTrail& audit, const std::string& uuid,
                                            const std::string& reason, base::WallTime now,
                                            const Administrator& by) {
    IFRIT_RETURN_IF_ERROR(domain::checkMachineUuid(uuid));
    IFRIT_RETURN_IF_ERROR(domain::checkReason(reason));
    if (reason.empty()) {
        return base::invalidArgument("REASON_MISSING", uuid,
                                     "say why machine {} is revoked: --reason TEXT", uuid);
    }
    std::uint64_t revoked = 0;
    const auto work = [&](storage::Transaction& transaction) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto known, transaction.machines().find(uuid));
        if (!known) return base::notFound("MACHINE_UNKNOWN", uuid, "there is no machine {}", uuid);
        IFRIT_ASSIGN_OR_RETURN(
            revoked, transaction.certificates().revokeAllOf("machine", uuid, now, reason));
        Administrator who = by;
        who.reason = reason;
        return recordChange(
            transaction, audit,
            {"machine.revoke", uuid, {}, fmt::format("{{\"revoked_certificates\":{}}}", revoked)},
            who, now);
    };
    IFRIT_RETURN_IF_ERROR(database.transact(work));
    return revoked;
}

}  // namespace ifrit::master::auth
