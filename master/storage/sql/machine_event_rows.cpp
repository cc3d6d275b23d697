// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/machine_event_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "master/storage/machine_store.h"
#include "master/storage/sql/bulk.h"
#include "master/storage/sql/migrations.h"
#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

/// All that a machine says of an event.
using Told = std::tuple<std::int64_t, std::string, std::string, std::string, std::string>;

Told toldOf(const domain::MachineEvent& event) {
    return {base::toUnixMillis(event.at), event.kind, event.agent, event.version, event.message};
}

/// Among so many of the machine's newest is what it was not told that it is stored: it waits for
/// the answer to one report before it sends the next, and a report has at most 256. A machine that
/// restarts something each second has a hundred thousand a day.
constexpr std::size_t kLastTold = 1'024;

/// How often each event of the machine is stored, of its newest and of the times that the report's
/// events have.
absl::StatusOr<std::map<Told, std::size_t>> storedAround(Connection& connection,
                                                         const MachineReport& report) {
    const auto [first, last] =
        std::minmax_element(report.events.begin(), report.events.end(),
                            [](const auto& a, const auto& b) { return a.at < b.at; });
    std::map<Told, std::size_t> out;
    const absl::Status status = connection.each(
        "SELECT at_ms, kind, agent, version, message FROM (SELECT at_ms, kind, agent, version, "
        "message FROM machine_events WHERE uuid = ? ORDER BY id DESC LIMIT ?) newest WHERE at_ms "
        "BETWEEN ? AND ?",
        {text(report.uuid), integer(kLastTold), time(first->at), time(last->at)},
        [&out](Row& row) -> absl::Status {
            Told told;
            std::get<0>(told) = row.integer();
            std::get<1>(told) = row.text();
            std::get<2>(told) = row.text();
            std::get<3>(told) = row.text();
            std::get<4>(told) = row.text();
            ++out[std::move(told)];
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

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
        // What a machine was not told that it is stored comes again, under another number, in a
        // full report and in no other.
        std::map<Told, std::size_t> stored;
        if (report->full && !report->events.empty()) {
            IFRIT_ASSIGN_OR_RETURN(stored, storedAround(connection, *report));
        }
        for (const domain::MachineEvent& event : report->events) {
            const auto known = stored.find(toldOf(event));
            if (known != stored.end() && known->second > 0) {
                --known->second;
                continue;
            }
            rows.push_back({text(report->uuid), text(event.kind), text(event.agent),
                            text(event.version), text(event.message), time(event.at),
                            time(report->receivedAt)});
        }
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
