// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/machine_event_rows.h"

#include <fmt/format.h>

#include "master/storage/machine_store.h"
#include "master/storage/sql/bulk.h"
#include "master/storage/sql/migrations.h"
#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

/// Those of `condition`, the first `limit` of its order.
absl::StatusOr<std::uint64_t> eraseThose(Connection& connection, const std::string& condition,
                                         const Values& values, std::uint64_t limit) {
    // Twice a SELECT: MariaDB takes no LIMIT in the list of an IN.
    const std::string sql = fmt::format(
        "DELETE FROM machine_events WHERE id IN (SELECT id FROM (SELECT id FROM machine_events "
        "WHERE {} LIMIT {}) old)",
        condition, limit);
    return connection.run(sql, values);
}

/// That those without a time of their own count as received before it.
absl::StatusOr<bool> areOfBefore(Connection& connection, base::WallTime before) {
    bool out = false;
    const absl::Status status =
        connection.each("SELECT 1 FROM schema_versions WHERE number = ? AND applied_ms < ?",
                        {integer(kEventsReceived), time(before)}, [&out](Row&) -> absl::Status {
                            out = true;
                            return absl::OkStatus();
                        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

}  // namespace

absl::Status putMachineEvents(Connection& connection,
                              const std::vector<const MachineReport*>& reports) {
    std::vector<Values> rows;
    for (const MachineReport* report : reports) {
        for (const domain::MachineEvent& event : report->events)
            rows.push_back({text(report->uuid), text(event.kind), text(event.agent),
                            text(event.version), text(event.message), time(event.at),
                            time(report->receivedAt)});
    }
    return insertAll(connection, "machine_events",
                     {"uuid", "kind", "agent", "version", "message", "at_ms", "received_ms"}, rows);
}

absl::StatusOr<std::vector<StoredEvent>> listMachineEvents(Connection& connection,
                                                           const std::string& uuid,
                                                           std::uint64_t beforeId,
                                                           std::size_t limit) {
    std::vector<StoredEvent> out;
    const absl::Status status = connection.each(
        "SELECT id, kind, agent, version, message, at_ms, received_ms FROM machine_events "
        "WHERE uuid = ? AND (? = 0 OR id < ?) ORDER BY id DESC LIMIT ?",
        {text(uuid), integer(beforeId), integer(beforeId), integer(limit)},
        [&out](Row& row) -> absl::Status {
            StoredEvent event;
            event.id = row.as<std::uint64_t>();
            event.event.kind = row.text();
            event.event.agent = row.text();
            event.event.version = row.text();
            event.event.message = row.text();
            event.event.at = row.time();
            event.received = row.optionalTime();
            out.push_back(std::move(event));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<std::uint64_t> pruneMachineEvents(Connection& connection, base::WallTime before) {
    IFRIT_ASSIGN_OR_RETURN(const std::uint64_t timed,
                           eraseThose(connection, "received_ms < ? ORDER BY received_ms",
                                      {time(before)}, kEventsPiece));
    if (timed >= kEventsPiece) return timed;
    IFRIT_ASSIGN_OR_RETURN(const bool withoutTime, areOfBefore(connection, before));
    if (!withoutTime) return timed;
    IFRIT_ASSIGN_OR_RETURN(const std::uint64_t old,
                           eraseThose(connection, "received_ms IS NULL", {}, kEventsPiece - timed));
    return timed + old;
}

}  // namespace ifrit::master::storage::sql
