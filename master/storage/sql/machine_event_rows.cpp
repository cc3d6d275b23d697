// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/machine_event_rows.h"

#include "master/storage/sql/bulk.h"
#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

constexpr std::uint64_t kPiece = 10'000;

}  // namespace

absl::Status putMachineEvents(Connection& connection,
                              const std::vector<const MachineReport*>& reports) {
    std::vector<Values> rows;
    for (const MachineReport* report : reports) {
        for (const domain::MachineEvent& event : report->events)
            rows.push_back({text(report->uuid), text(event.kind), text(event.agent),
                            text(event.version), text(event.message), time(event.at)});
    }
    return insertAll(connection, "machine_events",
                     {"uuid", "kind", "agent", "version", "message", "at_ms"}, rows);
}

absl::StatusOr<std::vector<StoredEvent>> listMachineEvents(Connection& connection,
                                                           const std::string& uuid,
                                                           std::uint64_t beforeId,
                                                           std::size_t limit) {
    std::vector<StoredEvent> out;
    const absl::Status status = connection.each(
        "SELECT id, kind, agent, version, message, at_ms FROM machine_events "
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
            out.push_back(std::move(event));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<std::uint64_t> pruneMachineEvents(Connection& connection, base::WallTime before) {
    std::uint64_t all = 0;
    for (std::uint64_t gone = kPiece; gone == kPiece; all += gone) {
        // Twice a SELECT: MariaDB takes no LIMIT in the list of an IN.
        IFRIT_ASSIGN_OR_RETURN(
            gone,
            connection.run("DELETE FROM machine_events WHERE id IN (SELECT id FROM (SELECT id "
                           "FROM machine_events WHERE at_ms < ? ORDER BY at_ms LIMIT ?) old)",
                           {time(before), integer(kPiece)}));
    }
    return all;
}

}  // namespace ifrit::master::storage::sql
