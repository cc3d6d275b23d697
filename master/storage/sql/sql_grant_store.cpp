// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/sql_grant_store.h"

#include "shared/base/status.h"

namespace ifrit::master::storage::sql {

absl::Status SqlGrantStore::add(const GrantRecord& record) {
    const domain::Grant& grant = record.grant;
    const absl::Status status =
        m_connection
            .run(
                "INSERT INTO grants (id, operator, verb, agent, cluster, machine_type, expires_ms, "
                "given_by, given_ms, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                {text(grant.id), text(grant.to), text(grant.verb), text(grant.agent),
                 text(grant.cluster), text(grant.machineType), time(grant.expires),
                 text(record.givenBy), time(record.given), text(record.reason)})
            .status();
    if (!isDuplicate(status)) return status;
    return base::makeError(absl::StatusCode::kAlreadyExists, "GRANT_EXISTS", grant.id,
                           fmt::format("there is a grant {} already", grant.id));
}

absl::StatusOr<std::vector<GrantRecord>> SqlGrantStore::select(const std::string& rest,
                                                               const Values& values) {
    std::vector<GrantRecord> out;
    const absl::Status status = m_connection.each(
        "SELECT id, operator, verb, agent, cluster, machine_type, expires_ms, given_by, given_ms, "
        "reason FROM grants " +
            rest,
        values, [&out](Row& row) -> absl::Status {
            GrantRecord record;
            record.grant.id = row.text();
            record.grant.to = row.text();
            record.grant.verb = row.text();
            record.grant.agent = row.text();
            record.grant.cluster = row.text();
            record.grant.machineType = row.text();
            record.grant.expires = row.optionalTime();
            record.givenBy = row.text();
            record.given = row.time();
            record.reason = row.text();
            out.push_back(std::move(record));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<std::optional<GrantRecord>> SqlGrantStore::find(const std::string& id) {
    IFRIT_ASSIGN_OR_RETURN(auto found, select("WHERE id = ?", {text(id)}));
    if (found.empty()) return std::optional<GrantRecord>();
    return std::optional<GrantRecord>(std::move(found.front()));
}

absl::StatusOr<std::vector<GrantRecord>> SqlGrantStore::list() {
    return select("ORDER BY operator, given_ms, id", {});
}

absl::StatusOr<std::vector<GrantRecord>> SqlGrantStore::listOf(const std::string& operatorName) {
    return select("WHERE operator = ? ORDER BY given_ms, id", {text(operatorName)});
}

absl::Status SqlGrantStore::erase(const std::string& id) {
    IFRIT_ASSIGN_OR_RETURN(const std::uint64_t erased,
                           m_connection.run("DELETE FROM grants WHERE id = ?", {text(id)}));
    if (erased != 0) return absl::OkStatus();
    return base::notFound("GRANT_UNKNOWN", id, "there is no grant {}", id);
}

absl::StatusOr<std::uint64_t> SqlGrantStore::eraseOf(const std::string& operatorName) {
    return m_connection.run("DELETE FROM grants WHERE operator = ?", {text(operatorName)});
}

absl::StatusOr<std::uint64_t> SqlGrantStore::prune(base::WallTime before) {
    return m_connection.run("DELETE FROM grants WHERE expires_ms IS NOT NULL AND expires_ms < ?",
                            {time(before)});
}

}  // namespace ifrit::master::storage::sql
