// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/sql_change_store.h"

#include "shared/base/status.h"

namespace ifrit::master::storage::sql {

absl::Status SqlChangeStore::putPermit(const release::PermitRecord& permit) {
    const std::string& sql =
        m_connection.upsert("permits", {"uuid", "release_id"}, {"at_ms", "changes", "came_late"});
    return m_connection
        .run(sql, {text(permit.uuid), text(permit.releaseId), time(permit.at),
                   integer(permit.changes ? 1 : 0), integer(permit.late ? 1 : 0)})
        .status();
}

absl::StatusOr<std::vector<release::PermitRecord>> SqlChangeStore::permitsSince(
    base::WallTime after) {
    std::vector<release::PermitRecord> out;
    const absl::Status status = m_connection.each(
        "SELECT uuid, release_id, at_ms, changes, came_late FROM permits WHERE at_ms > ?",
        {time(after)}, [&out](Row& row) -> absl::Status {
            release::PermitRecord permit;
            permit.uuid = row.text();
            permit.releaseId = row.text();
            permit.at = row.time();
            permit.changes = row.flag();
            permit.late = row.flag();
            out.push_back(std::move(permit));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<std::uint64_t> SqlChangeStore::prunePermits(base::WallTime before) {
    return m_connection.run("DELETE FROM permits WHERE at_ms < ?", {time(before)});
}

absl::Status SqlChangeStore::addFreeze(const domain::FreezeMark& mark) {
    const absl::Status status =
        m_connection
            .run(
                "INSERT INTO freezes (id, actor, reason, at_ms, address, via, request_id) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                {text(mark.id), text(mark.by), text(mark.reason), time(mark.at), text(mark.address),
                 text(mark.via), text(mark.requestId)})
            .status();
    if (!isDuplicate(status)) return status;
    return base::makeError(absl::StatusCode::kAlreadyExists, "FREEZE_EXISTS", mark.id,
                           "this freeze is in the database already");
}

absl::StatusOr<std::vector<FreezeRecord>> SqlChangeStore::select(const std::string& rest,
                                                                 const Values& values) {
    std::vector<FreezeRecord> out;
    const absl::Status status = m_connection.each(
        "SELECT id, actor, reason, at_ms, address, via, request_id, lifted_ms, "
        "COALESCE(lifted_by, ''), COALESCE(lift_reason, '') FROM freezes " +
            rest,
        values, [&out](Row& row) -> absl::Status {
            FreezeRecord record;
            record.mark.id = row.text();
            record.mark.by = row.text();
            record.mark.reason = row.text();
            record.mark.at = row.time();
            record.mark.address = row.text();
            record.mark.via = row.text();
            record.mark.requestId = row.text();
            record.lifted = row.optionalTime();
            record.liftedBy = row.text();
            record.liftReason = row.text();
            out.push_back(std::move(record));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<std::optional<FreezeRecord>> SqlChangeStore::findFreeze(const std::string& id) {
    IFRIT_ASSIGN_OR_RETURN(auto found, select("WHERE id = ?", {text(id)}));
    if (found.empty()) return std::optional<FreezeRecord>();
    return std::optional<FreezeRecord>(std::move(found.front()));
}

absl::StatusOr<std::vector<domain::FreezeMark>> SqlChangeStore::openFreezes() {
    IFRIT_ASSIGN_OR_RETURN(const auto found,
                           select("WHERE lifted_ms IS NULL ORDER BY at_ms, id", {}));
    std::vector<domain::FreezeMark> out;
    out.reserve(found.size());
    for (const FreezeRecord& record : found)
        out.push_back(record.mark);
    return out;
}

absl::StatusOr<std::uint64_t> SqlChangeStore::liftFreezes(const std::string& by,
                                                          const std::string& reason,
                                                          base::WallTime now) {
    return m_connection.run(
        "UPDATE freezes SET lifted_ms = ?, lifted_by = ?, lift_reason = ? WHERE lifted_ms IS NULL",
        {time(now), text(by), text(reason)});
}

}  // namespace ifrit::master::storage::sql
