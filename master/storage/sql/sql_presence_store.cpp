// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/sql_presence_store.h"

#include <absl/strings/numbers.h>

#include "master/storage/sql/bulk.h"
#include "master/storage/sql/json.h"
#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

absl::StatusOr<std::string> besideToText(const std::vector<std::uint64_t>& beside) {
    // JSON's numbers do not hold 64 bits everywhere.
    std::vector<std::string> out;
    for (const std::uint64_t instance : beside)
        out.push_back(std::to_string(instance));
    return listToJson(out);
}

absl::StatusOr<std::vector<std::uint64_t>> besideFromText(const std::string& text) {
    IFRIT_ASSIGN_OR_RETURN(const auto list, listFromJson(text));
    std::vector<std::uint64_t> out;
    for (const std::string& item : list) {
        std::uint64_t instance = 0;
        if (!absl::SimpleAtoi(item, &instance)) {
            return base::makeError(absl::StatusCode::kDataLoss, "DATABASE_BROKEN", item,
                                   "a presence names a run that is no number");
        }
        out.push_back(instance);
    }
    return out;
}

absl::StatusOr<PresenceRecord> readPresence(Row& row) {
    PresenceRecord out;
    out.uuid = row.text();
    out.instance = row.as<std::uint64_t>();
    out.since = row.time();
    out.moved = row.flag();
    out.refused = row.flag();
    out.address = row.text();
    out.seen = row.time();
    IFRIT_ASSIGN_OR_RETURN(out.beside, besideFromText(row.text()));
    return out;
}

}  // namespace

absl::StatusOr<std::vector<PresenceRecord>> SqlPresenceStore::findAll(
    const std::vector<std::string>& uuids) {
    std::vector<PresenceRecord> out;
    const absl::Status status =
        eachOf(m_connection,
               "SELECT uuid, instance, since_ms, moved, refused, address, seen_ms, beside_json "
               "FROM presences WHERE uuid",
               uuids, " ORDER BY uuid, instance", [&out](Row& row) -> absl::Status {
                   IFRIT_ASSIGN_OR_RETURN(PresenceRecord record, readPresence(row));
                   out.push_back(std::move(record));
                   return absl::OkStatus();
               });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::Status SqlPresenceStore::put(const std::vector<PresenceRecord>& rows) {
    std::vector<Values> all;
    all.reserve(rows.size());
    for (const PresenceRecord& row : rows) {
        m_connection.notes().add(ChangeKind::Presence, row.uuid);
        IFRIT_ASSIGN_OR_RETURN(std::string beside, besideToText(row.beside));
        all.push_back({text(row.uuid), integer(row.instance), time(row.since),
                       integer(row.moved ? 1 : 0), integer(row.refused ? 1 : 0), text(row.address),
                       time(row.seen), text(std::move(beside))});
    }
    return upsertAll(m_connection, "presences", {"uuid", "instance"},
                     {"since_ms", "moved", "refused", "address", "seen_ms", "beside_json"}, all);
}

absl::Status SqlPresenceStore::erase(const std::vector<PresenceRecord>& rows) {
    std::vector<Values> keys;
    keys.reserve(rows.size());
    for (const PresenceRecord& row : rows)
        keys.push_back({text(row.uuid), integer(row.instance)});
    return eraseAll(m_connection, "presences", {"uuid", "instance"}, keys);
}

}  // namespace ifrit::master::storage::sql
