// SPDX-License-Identifier: Apache-2.0
#include "master/auth/operators.h"

#include <algorithm>
#include <utility>

#include "shared/base/status.h"
#include "shared/crypto/password.h"
#include "shared/domain/names.h"

namespace ifrit::master::auth {
namespace {

constexpr std::size_t kMinPasswordBytes = 12;
constexpr std::size_t kMaxPasswordBytes = 1'024;

/// Somebody else could still enable anyone again.
absl::StatusOr<bool> isLastSuperAdmin(storage::Transaction& transaction, const std::string& name) {
    IFRIT_ASSIGN_OR_RETURN(const auto people, transaction.operators().list());
    return std::none_of(people.begin(), people.end(), [&name](const auto& other) {
        return other.name != name && !other.disabled &&
               other.role == storage::OperatorRole::SuperAdmin;
    });
}

absl::StatusOr<storage::OperatorRecord> personOf(storage::Transaction& transaction,
                                                 const std::string& name) {
    IFRIT_ASSIGN_OR_RETURN(auto person, transaction.operators().find(name));
    if (!person) return base::notFound("OPERATOR_UNKNOWN", name, "there is no operator '{}'", name);
    return *std::move(person);
}

/// Before `person` is taken what super admins may do; under holdStandings().
absl::Status checkNotLast(storage::Transaction& transaction,
                          const storage::OperatorRecord& person) {
    if (person.role != storage::OperatorRole::SuperAdmin) return absl::OkStatus();
    IFRIT_ASSIGN_OR_RETURN(const bool last, isLastSuperAdmin(transaction, person.name));
    if (!last) return absl::OkStatus();
    return base::failedPrecondition("LAST_SUPER_ADMIN", person.name,
                                    "'{}' is the last super admin; add or enable another first",
                                    person.name);
}

std::string roleJson(storage::OperatorRole role) {
    return fmt::format("{{\"role\":\"{}\"}}", nameOf(role));
}

}  // namespace

absl::Status checkOperatorName(const std::string& name) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '-' || c == '@';
    };
    const bool first = !name.empty() && fits(name.front()) && name.front() != '.' &&
                       name.front() != '-' && name.front() != '_' && name.front() != '@';
    if (first && name.size() <= domain::kMaxNameBytes &&
        std::all_of(name.begin(), name.end(), fits))
        return absl::OkStatus();
    return base::invalidArgument("NAME_INVALID", "",
                                 "an operator's name may only have a-z, 0-9, '.', '_', '@' and "
                                 "'-', starts with a letter or digit, and has at most {} bytes",
                                 domain::kMaxNameBytes);
}

absl::Status checkPassword(const std::string& password) {
    if (password.size() >= kMinPasswordBytes && password.size() <= kMaxPasswordBytes)
        return absl::OkStatus();
    return base::invalidArgument("PASSWORD_INVALID", "",
                                 "the password must have {} to {} bytes, not {}", kMinPasswordBytes,
                                 kMaxPasswordBytes, password.size());
}

absl::StatusOr<storage::OperatorRecord> newOperator(const std::string& name,
                                                    const std::string& password,
                                                    storage::OperatorRole role,
                                                    base::WallTime now) {
    IFRIT_RETURN_IF_ERROR(checkOperatorName(name));
    storage::OperatorRecord out;
    out.name = name;
    out.role = role;
    out.created = now;
    out.changed = now;
    if (password.empty()) return out;
    IFRIT_RETURN_IF_ERROR(checkPassword(password));
    IFRIT_ASSIGN_OR_RETURN(out.passwordHash, crypto::hashPassword(password));
    return out;
}

const char* nameOf(storage::OperatorRole role) {
    return role == storage::OperatorRole::SuperAdmin ? "super_admin" : "reader";
}

absl::Status holdStandings(storage::Transaction& transaction) {
    return transaction.audit().head().status();
}

absl::Status loginWrong() {
    return base::makeError(absl::StatusCode::kUnauthenticated, "LOGIN_WRONG", "",
                           "the user name or the password is wrong");
}

absl::Status checkStillFits(storage::Transaction& transaction,
                            const storage::OperatorRecord& judged) {
    IFRIT_RETURN_IF_ERROR(holdStandings(transaction));
    IFRIT_ASSIGN_OR_RETURN(const auto now, transaction.operators().find(judged.name));
    const bool fits = now && !now->disabled && now->passwordHash == judged.passwordHash;
    return fits ? absl::OkStatus() : loginWrong();
}

absl::Status recordChange(storage::Transaction& transaction, const audit::AuditTrail& audit,
                          const TrustChange& change, const Administrator& by, base::WallTime now) {
    if (by.confirmed) IFRIT_RETURN_IF_ERROR(checkStillFits(transaction, *by.confirmed));
    storage::AuditEntry entry;
    entry.at = now;
    entry.actor = by.name;
    entry.via = by.via;
    entry.address = by.address;
    entry.verb = change.verb;
    entry.object = change.object;
    entry.result = "allowed";
    entry.reason = by.reason;
    entry.before = change.before;
    entry.after = change.after;
    entry.requestId = by.requestId;
    IFRIT_RETURN_IF_ERROR(audit.append(transaction, std::move(entry)));
    if (by.requestId.empty()) return absl::OkStatus();
    return transaction.requests().put(by.name, by.requestId, {change.verb, change.object}, now);
}

absl::Status addOperator(storage::Database& database, const audit::AuditTrail& audit,
                         const storage::OperatorRecord& person, const Administrator& by) {
    return database.transact([&](storage::Transaction& transaction) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(holdStandings(transaction));
        IFRIT_RETURN_IF_ERROR(transaction.operators().add(person));
        return recordChange(transaction, audit,
                            {"operator.add", person.name, {}, roleJson(person.role)}, by,
                            person.changed);
    });
}

absl::Status changePassword(storage::Database& database, const audit::AuditTrail& audit,
                            const storage::OperatorRecord& changed, const Administrator& by,
                            const std::optional<storage::OperatorRecord>& confirmed) {
    return database.transact([&](storage::Transaction& transaction) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(holdStandings(transaction));
        if (confirmed) IFRIT_RETURN_IF_ERROR(checkStillFits(transaction, *confirmed));
        IFRIT_ASSIGN_OR_RETURN(auto person, personOf(transaction, changed.name));
        person.passwordHash = changed.passwordHash;
        person.changed = changed.changed;
        IFRIT_RETURN_IF_ERROR(transaction.operators().update(person));
        IFRIT_RETURN_IF_ERROR(transaction.operators().eraseSessionsOf(changed.name));
        return recordChange(transaction, audit, {"operator.passwd", changed.name}, by,
                            changed.changed);
    });
}

absl::Status changeStanding(storage::Database& database, const audit::AuditTrail& audit,
                            const std::string& name, Standing standing, base::WallTime now,
                            const Administrator& by) {
    const bool disable = standing == Standing::Disabled;
    return database.transact([&](storage::Transaction& transaction) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(holdStandings(transaction));
        IFRIT_ASSIGN_OR_RETURN(auto person, personOf(transaction, name));
        if (disable) IFRIT_RETURN_IF_ERROR(checkNotLast(transaction, person));
        person.disabled = disable;
        person.changed = now;
        IFRIT_RETURN_IF_ERROR(transaction.operators().update(person));
        if (disable) IFRIT_RETURN_IF_ERROR(transaction.operators().eraseSessionsOf(name));
        return recordChange(transaction, audit,
                            {disable ? "operator.disable" : "operator.enable", name}, by, now);
    });
}

absl::Status changeRole(storage::Database& database, const audit::AuditTrail& audit,
                        const std::string& name, storage::OperatorRole role, base::WallTime now,
                        const Administrator& by) {
    return database.transact([&](storage::Transaction& transaction) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(holdStandings(transaction));
        IFRIT_ASSIGN_OR_RETURN(auto person, personOf(transaction, name));
        const std::string before = roleJson(person.role);
        if (role != storage::OperatorRole::SuperAdmin)
            IFRIT_RETURN_IF_ERROR(checkNotLast(transaction, person));
        person.role = role;
        person.changed = now;
        IFRIT_RETURN_IF_ERROR(transaction.operators().update(person));
        return recordChange(transaction, audit, {"operator.role", name, before, roleJson(role)}, by,
                            now);
    });
}

absl::Status removeOperator(storage::Database& database, const audit::AuditTrail& audit,
                            const std::string& name, base::WallTime now, const Administrator& by) {
    return database.transact([&](storage::Transaction& transaction) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(holdStandings(transaction));
        IFRIT_ASSIGN_OR_RETURN(const auto person, personOf(transaction, name));
        IFRIT_RETURN_IF_ERROR(checkNotLast(transaction, person));
        IFRIT_ASSIGN_OR_RETURN(
            const std::uint64_t certificates,
            transaction.certificates().revokeAllOf("operator", name, now, "operator removed"));
        IFRIT_ASSIGN_OR_RETURN(const std::uint64_t grants, transaction.grants().eraseOf(name));
        IFRIT_RETURN_IF_ERROR(transaction.operators().erase(name));
        return recordChange(transaction, audit,
                            {"operator.remove", name,
                             fmt::format("{{\"role\":\"{}\",\"certificates\":{},\"grants\":{}}}",
                                         nameOf(person.role), certificates, grants)},
                            by, now);
    });
}

}  // namespace ifrit::master::auth
