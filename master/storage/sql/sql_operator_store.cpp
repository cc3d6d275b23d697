// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/sql_trust_stores.h"
#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

constexpr char kSuperAdmin[] = "super_admin";
constexpr char kReader[] = "reader";

std::string nameOf(OperatorRole role) {
    return role == OperatorRole::SuperAdmin ? kSuperAdmin : kReader;
}

/// An unknown word must not become a right.
OperatorRole roleOf(const std::string& name) {
    return name == kSuperAdmin ? OperatorRole::SuperAdmin : OperatorRole::Reader;
}

}  // namespace

absl::StatusOr<std::vector<OperatorRecord>> SqlOperatorStore::select(const std::string& rest,
                                                                     const Values& values) {
    std::vector<OperatorRecord> out;
    const absl::Status status = m_connection.each(
        // Held to the end of whatever changes one of them, so that it stays as it was read.
        "SELECT name, password_hash, role, disabled, created_ms, changed_ms FROM operators " +
            rest + m_connection.lockRow(),
        values, [&out](Row& row) -> absl::Status {
            OperatorRecord person;
            person.name = row.text();
            person.passwordHash = row.text();
            person.role = roleOf(row.text());
            person.disabled = row.flag();
            person.created = row.time();
            person.changed = row.time();
            out.push_back(std::move(person));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<std::optional<OperatorRecord>> SqlOperatorStore::find(const std::string& name) {
    IFRIT_ASSIGN_OR_RETURN(auto found, select("WHERE name = ?", {text(name)}));
    if (found.empty()) return std::optional<OperatorRecord>();
    return std::optional<OperatorRecord>(std::move(found.front()));
}

absl::StatusOr<std::vector<OperatorRecord>> SqlOperatorStore::list() {
    return select("ORDER BY name", {});
}

absl::Status SqlOperatorStore::add(const OperatorRecord& person) {
    const absl::Status status =
        m_connection
            .run(
                "INSERT INTO operators (name, password_hash, role, disabled, created_ms, "
                "changed_ms) VALUES (?, ?, ?, ?, ?, ?)",
                {text(person.name), text(person.passwordHash), text(nameOf(person.role)),
                 integer(person.disabled ? 1 : 0), time(person.created), time(person.changed)})
            .status();
    if (!isDuplicate(status)) return status;
    return base::makeError(absl::StatusCode::kAlreadyExists, "OPERATOR_EXISTS", person.name,
                           fmt::format("there is an operator '{}' already", person.name));
}

absl::Status SqlOperatorStore::update(const OperatorRecord& person) {
    IFRIT_ASSIGN_OR_RETURN(
        const std::uint64_t changed,
        m_connection.run(
            "UPDATE operators SET password_hash = ?, role = ?, disabled = ?, "
            "changed_ms = ? WHERE name = ?",
            {text(person.passwordHash), text(nameOf(person.role)), integer(person.disabled ? 1 : 0),
             time(person.changed), text(person.name)}));
    if (changed != 0) return absl::OkStatus();
    return base::notFound("OPERATOR_UNKNOWN", person.name, "there is no operator '{}'",
                          person.name);
}

absl::Status SqlOperatorStore::erase(const std::string& name) {
    IFRIT_RETURN_IF_ERROR(eraseSessionsOf(name));
    IFRIT_ASSIGN_OR_RETURN(const std::uint64_t erased,
                           m_connection.run("DELETE FROM operators WHERE name = ?", {text(name)}));
    if (erased != 0) return absl::OkStatus();
    return base::notFound("OPERATOR_UNKNOWN", name, "there is no operator '{}'", name);
}

absl::Status SqlOperatorStore::putSession(const SessionRecord& session) {
    return m_connection
        .run(
            "INSERT INTO sessions (token_hash, operator, created_ms, expires_ms, address, label) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            {text(session.tokenHash), text(session.operatorName), time(session.created),
             time(session.expires), text(session.address), text(session.label)})
        .status();
}

absl::StatusOr<std::vector<SessionRecord>> SqlOperatorStore::selectSessions(const std::string& rest,
                                                                            const Values& values) {
    std::vector<SessionRecord> out;
    const absl::Status status = m_connection.each(
        "SELECT token_hash, operator, created_ms, expires_ms, COALESCE(address, ''), "
        "COALESCE(label, '') FROM sessions " +
            rest,
        values, [&out](Row& row) -> absl::Status {
            SessionRecord session;
            session.tokenHash = row.text();
            session.operatorName = row.text();
            session.created = row.time();
            session.expires = row.time();
            session.address = row.text();
            session.label = row.text();
            out.push_back(std::move(session));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<std::optional<SessionRecord>> SqlOperatorStore::findSession(
    const std::string& tokenHash) {
    IFRIT_ASSIGN_OR_RETURN(auto found, selectSessions("WHERE token_hash = ?", {text(tokenHash)}));
    if (found.empty()) return std::optional<SessionRecord>();
    return std::optional<SessionRecord>(std::move(found.front()));
}

absl::StatusOr<std::vector<SessionRecord>> SqlOperatorStore::listSessions() {
    return selectSessions("ORDER BY operator, created_ms, token_hash", {});
}

absl::Status SqlOperatorStore::eraseSession(const std::string& tokenHash) {
    return m_connection.run("DELETE FROM sessions WHERE token_hash = ?", {text(tokenHash)})
        .status();
}

absl::Status SqlOperatorStore::eraseSessionsOf(const std::string& operatorName) {
    return m_connection.run("DELETE FROM sessions WHERE operator = ?", {text(operatorName)})
        .status();
}

absl::Status SqlOperatorStore::eraseSessionsExpiredBy(base::WallTime now) {
    return m_connection.run("DELETE FROM sessions WHERE expires_ms <= ?", {time(now)}).status();
}

}  // namespace ifrit::master::storage::sql
