// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/sql_audit_store.h"

#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

AuditRow readRow(Row& row) {
    AuditRow out;
    out.id = row.as<std::uint64_t>();
    out.cluster = row.text();
    out.entry.at = row.time();
    out.entry.actor = row.text();
    out.entry.via = row.text();
    out.entry.address = row.text();
    out.entry.verb = row.text();
    out.entry.object = row.text();
    out.entry.result = row.text();
    out.entry.reason = row.text();
    out.entry.before = row.text();
    out.entry.after = row.text();
    out.entry.requestId = row.text();
    out.entry.error = row.text();
    out.previousHash = row.bytes();
    out.hash = row.bytes();
    return out;
}

}  // namespace

absl::StatusOr<AuditHead> SqlAuditStore::head() {
    AuditHead out;
    const std::string sql =
        fmt::format("SELECT id, hash FROM audit_head WHERE one = 1{}", m_connection.lockRow());
    const absl::Status status = m_connection.each(sql, {}, [&out](Row& row) -> absl::Status {
        out.id = row.as<std::uint64_t>();
        out.hash = row.bytes();
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(status);
    if (out.hash.empty()) {
        return base::makeError(absl::StatusCode::kDataLoss, "AUDIT_HEAD_MISSING", "",
                               "the audit's head row is gone from the database; nothing can be "
                               "changed until a backup is restored");
    }
    return out;
}

absl::Status SqlAuditStore::append(const AuditRow& row) {
    const AuditEntry& it = row.entry;
    m_connection.notes().add(ChangeKind::Audit, it.verb);
    const auto added = m_connection.run(
        "INSERT INTO audit_rows (id, cluster, at_ms, actor, via, address, verb, object, result, "
        "reason, before_json, after_json, request_id, error, previous_hash, hash) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {integer(row.id), text(row.cluster), time(it.at), text(it.actor), text(it.via),
         text(it.address), text(it.verb), text(it.object), text(it.result), text(it.reason),
         text(it.before), text(it.after), text(it.requestId), text(it.error),
         bytes(row.previousHash), bytes(row.hash)});
    IFRIT_RETURN_IF_ERROR(added.status());
    IFRIT_ASSIGN_OR_RETURN(
        const std::uint64_t moved,
        m_connection.run(
            "UPDATE audit_head SET id = ?, hash = ? WHERE one = 1 AND id = ? AND "
            "hash = ?",
            {integer(row.id), bytes(row.hash), integer(row.id - 1), bytes(row.previousHash)}));
    if (moved == 1) return absl::OkStatus();
    return base::makeError(absl::StatusCode::kAborted, "AUDIT_HEAD_MOVED", "",
                           "an audit row does not follow the newest one");
}

absl::StatusOr<std::vector<AuditRow>> SqlAuditStore::select(const std::string& rest,
                                                            const Values& values) {
    std::vector<AuditRow> out;
    const absl::Status status = m_connection.each(
        "SELECT id, cluster, at_ms, actor, via, address, verb, object, result, reason, "
        "before_json, after_json, request_id, error, previous_hash, hash FROM audit_rows " +
            rest,
        values, [&out](Row& row) -> absl::Status {
            out.push_back(readRow(row));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<std::vector<AuditRow>> SqlAuditStore::read(std::uint64_t afterId,
                                                          std::size_t limit) {
    return select("WHERE id > ? ORDER BY id LIMIT ?", {integer(afterId), integer(limit)});
}

absl::StatusOr<std::vector<AuditRow>> SqlAuditStore::list(const AuditFilter& filter,
                                                          std::uint64_t beforeId,
                                                          std::size_t limit) {
    std::string where = "WHERE 1 = 1";
    Values values;
    const auto add = [&](const char* condition, bool given, const Value& value) {
        if (!given) return;
        where += condition;
        values.push_back(value);
    };
    add(" AND id < ?", beforeId != 0, integer(beforeId));
    add(" AND actor = ?", !filter.actor.empty(), text(filter.actor));
    add(" AND verb = ?", !filter.verb.empty(), text(filter.verb));
    add(" AND object = ?", !filter.object.empty(), text(filter.object));
    add(" AND result = ?", !filter.result.empty(), text(filter.result));
    add(" AND at_ms >= ?", filter.since.has_value(), time(filter.since));
    add(" AND at_ms < ?", filter.until.has_value(), time(filter.until));
    values.push_back(integer(limit));
    return select(where + " ORDER BY id DESC LIMIT ?", values);
}

absl::StatusOr<std::optional<RequestRecord>> SqlRequestStore::find(const std::string& actor,
                                                                   const std::string& requestId) {
    std::optional<RequestRecord> out;
    const absl::Status status =
        m_connection.each("SELECT verb, object FROM requests WHERE actor = ? AND request_id = ?",
                          {text(actor), text(requestId)}, [&out](Row& row) -> absl::Status {
                              out.emplace();
                              out->verb = row.text();
                              out->object = row.text();
                              return absl::OkStatus();
                          });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::Status SqlRequestStore::put(const std::string& actor, const std::string& requestId,
                                  const RequestRecord& record, base::WallTime now) {
    const absl::Status status =
        m_connection
            .run(
                "INSERT INTO requests (actor, request_id, verb, object, at_ms) "
                "VALUES (?, ?, ?, ?, ?)",
                {text(actor), text(requestId), text(record.verb), text(record.object), time(now)})
            .status();
    if (!isDuplicate(status)) return status;
    return base::makeError(absl::StatusCode::kAborted, "REQUEST_REPEATED", requestId,
                           "a call with this request id was answered already; read what it did");
}

absl::StatusOr<std::uint64_t> SqlRequestStore::prune(base::WallTime before) {
    return m_connection.run("DELETE FROM requests WHERE at_ms < ?", {time(before)});
}

}  // namespace ifrit::master::storage::sql
