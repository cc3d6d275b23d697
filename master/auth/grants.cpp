// SPDX-License-Identifier: Apache-2.0
#include "master/auth/grants.h"

#include "shared/base/status.h"

namespace ifrit::master::auth {
namespace {

/// Its texts are names that checkGrant() let pass, or a store's that did: nothing to escape.
std::string json(const domain::Grant& grant) {
    return fmt::format(
        "{{\"to\":\"{}\",\"verb\":\"{}\",\"agent\":\"{}\",\"cluster\":\"{}\",\"machine_type\":"
        "\"{}\",\"expires_ms\":{}}}",
        grant.to, grant.verb, grant.agent, grant.cluster, grant.machineType,
        grant.expires ? base::toUnixMillis(*grant.expires) : 0);
}

}  // namespace

absl::Status giveGrant(storage::Database& database, const audit::AuditTrail& audit,
                       const storage::GrantRecord& record, const Administrator& by) {
    const domain::Grant& grant = record.grant;
    IFRIT_RETURN_IF_ERROR(domain::checkGrant(grant));
    if (grant.expires && *grant.expires <= record.given) {
        return base::invalidArgument("GRANT_INVALID", "expires",
                                     "a grant that has expired already grants nothing");
    }
    return database.transact([&](storage::Transaction& transaction) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(holdStandings(transaction));
        IFRIT_ASSIGN_OR_RETURN(const auto person, transaction.operators().find(grant.to));
        if (!person) {
            return base::notFound("OPERATOR_UNKNOWN", grant.to, "there is no operator '{}'",
                                  grant.to);
        }
        IFRIT_ASSIGN_OR_RETURN(const auto held, transaction.grants().listOf(grant.to));
        if (held.size() >= kMaxGrantsOfOne) {
            return base::makeError(
                absl::StatusCode::kResourceExhausted, "GRANTS_TOO_MANY", grant.to,
                fmt::format("{} has {} grants, the most that one operator can have; take some "
                            "away, or grant with '*'",
                            grant.to, held.size()));
        }
        IFRIT_RETURN_IF_ERROR(transaction.grants().add(record));
        return recordChange(transaction, audit, {"grant.give", grant.id, {}, json(grant)}, by,
                            record.given);
    });
}

absl::Status takeGrant(storage::Database& database, const audit::AuditTrail& audit,
                       const std::string& id, base::WallTime now, const Administrator& by) {
    return database.transact([&](storage::Transaction& transaction) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto held, transaction.grants().find(id));
        if (!held) return base::notFound("GRANT_UNKNOWN", id, "there is no grant {}", id);
        IFRIT_RETURN_IF_ERROR(transaction.grants().erase(id));
        return recordChange(transaction, audit, {"grant.take", id, json(held->grant), {}}, by, now);
    });
}

}  // namespace ifrit::master::auth
