// SPDX-License-Identifier: Apache-2.0
#include "master/auth/operators.h"

#include <algorithm>

#include "shared/base/status.h"
#include "shared/crypto/password.h"
#include "shared/domain/names.h"

namespace ifrit::master::auth {
namespace {

constexpr std::size_t kMinPasswordBytes = 12;
constexpr std::size_t kMaxPasswordBytes = 1'024;

storage::AuditEntry entryOf(const std::string& verb, const storage::OperatorRecord& person,
                            const Administrator& by) {
    storage::AuditEntry entry;
    entry.at = person.changed;
    entry.actor = by.name;
    entry.via = by.via;
    entry.address = by.address;
    entry.verb = verb;
    entry.object = person.name;
    entry.result = "allowed";
    return entry;
}

/// Somebody else could still enable anyone again.
absl::StatusOr<bool> isLastSuperAdmin(storage::Transaction& transaction, const std::string& name) {
    IFRIT_ASSIGN_OR_RETURN(const auto people, transaction.operators().list());
    return std::none_of(people.begin(), people.end(), [&name](const auto& other) {
        return other.name != name && !other.disabled &&
               other.role == storage::OperatorRole::SuperAdmin;
    });
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

absl::Status addOperator(storage::Database& database, const audit::AuditTrail& audit,
                         const storage::OperatorRecord& person, const Administrator& by) {
    return database.transact([&](storage::Transaction& transaction) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(transaction.operators().add(person));
        storage::AuditEntry entry = entryOf("operator.add", person, by);
        const bool super = person.role == storage::OperatorRole::SuperAdmin;
        entry.after = fmt::format("{{\"role\":\"{}\"}}", super ? "super_admin" : "reader");
        return audit.append(transaction, entry);
    });
}

absl::Status changePassword(storage::Database& database, const audit::AuditTrail& audit,
                            const storage::OperatorRecord& changed, const Administrator& by) {
    return database.transact([&](storage::Transaction& transaction) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(auto person, transaction.operators().find(changed.name));
        if (!person)
            return base::notFound("OPERATOR_UNKNOWN", changed.name, "there is no operator '{}'",
                                  changed.name);
        person->passwordHash = changed.passwordHash;
        person->changed = changed.changed;
        IFRIT_RETURN_IF_ERROR(transaction.operators().update(*person));
        IFRIT_RETURN_IF_ERROR(transaction.operators().eraseSessionsOf(changed.name));
        return audit.append(transaction, entryOf("operator.passwd", changed, by));
    });
}

absl::Status changeStanding(storage::Database& database, const audit::AuditTrail& audit,
                            const std::string& name, Standing standing, base::WallTime now,
                            const Administrator& by) {
    const bool disable = standing == Standing::Disabled;
    return database.transact([&](storage::Transaction& transaction) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(auto person, transaction.operators().find(name));
        if (!person)
            return base::notFound("OPERATOR_UNKNOWN", name, "there is no operator '{}'", name);
        if (disable && person->role == storage::OperatorRole::SuperAdmin) {
            IFRIT_ASSIGN_OR_RETURN(const bool last, isLastSuperAdmin(transaction, name));
            if (last) {
                return base::failedPrecondition(
                    "LAST_SUPER_ADMIN", name,
                    "'{}' is the last super admin; add or enable another first", name);
            }
        }
        person->disabled = disable;
        person->changed = now;
        IFRIT_RETURN_IF_ERROR(transaction.operators().update(*person));
        if (disable) IFRIT_RETURN_IF_ERROR(transaction.operators().eraseSessionsOf(name));
        return audit.append(transaction,
                            entryOf(disable ? "operator.disable" : "operator.enable", *person, by));
    });
}

}  // namespace ifrit::master::auth
