// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/release_machine_rows.h"

#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "master/storage/sql/bulk.h"
#include "shared/base/status.h"
#include "shared/domain/enum_names.h"

namespace ifrit::master::storage::sql {
namespace {

const std::vector<std::string>& columns() {
    static const std::vector<std::string> names = {
        "machine_type", "stage",        "batch",           "outcome",        "reason",
        "message",      "from_version", "running_version", "running_digest", "state",
        "step",         "since_ms",     "deadline_ms",     "opened_at_ms",   "opened",
        "offline",      "in_flight",    "known_bad",       "before_cpu",     "before_rss",
        "cpu",          "rss",          "damaged",         "came_late",      "offline_since_ms",
        "retried",      "report_mark",  "pin_action",      "pin_version",    "pin_digest",
        "unheard"};
    return names;
}

template <typename Enum>
absl::Status readName(const std::string& name, Enum& out) {
    const auto value = domain::fromName<Enum>(name);
    if (!value) {
        return base::makeError(absl::StatusCode::kDataLoss, "DATABASE_BROKEN", name,
                               fmt::format("a release's machine has the word '{}', which this "
                                           "ifrit-master does not know",
                                           name));
    }
    out = *value;
    return absl::OkStatus();
}

template <typename Enum>
absl::Status readName(Row& row, Enum& out) {
    return readName(row.text(), out);
}

/// Not there in a row of an earlier version.
absl::Status readPin(Row& row, std::optional<release::Target>& out) {
    const std::string action = row.text();
    release::Target pin;
    pin.version = row.text();
    pin.digest = row.text();
    if (action.empty()) return absl::OkStatus();
    IFRIT_RETURN_IF_ERROR(readName(action, pin.action));
    out = std::move(pin);
    return absl::OkStatus();
}

absl::StatusOr<release::MachineProgress> readProgress(Row& row) {
    release::MachineProgress out;
    out.uuid = row.text();
    out.machineType = row.text();
    IFRIT_RETURN_IF_ERROR(readName(row, out.stage));
    out.batch = row.as<std::uint32_t>();
    IFRIT_RETURN_IF_ERROR(readName(row, out.outcome));
    out.reason = row.text();
    out.message = row.text();
    out.fromVersion = row.text();
    out.runningVersion = row.text();
    out.runningDigest = row.text();
    IFRIT_RETURN_IF_ERROR(readName(row, out.state));
    out.step = row.text();
    out.since = row.time();
    out.deadline = row.optionalTime();
    out.openedAt = row.optionalTime();
    out.opened = row.flag();
    out.offline = row.flag();
    out.inFlight = row.flag();
    out.knownBad = row.flag();
    const double beforeCpu = row.real();
    const auto beforeRss = row.as<std::uint64_t>();
    if (beforeRss != 0) out.before = {beforeCpu, beforeRss};
    out.sample.cpuPercent = row.real();
    out.sample.rssBytes = row.as<std::uint64_t>();
    out.damaged = row.flag();
    out.late = row.flag();
    out.offlineSince = row.optionalTime();
    out.retried = row.flag();
    out.reportMark = row.as<std::uint64_t>();
    IFRIT_RETURN_IF_ERROR(readPin(row, out.pinned));
    out.unheard = row.flag();
    return out;
}

absl::StatusOr<std::vector<release::MachineProgress>> selectMachines(Connection& connection,
                                                                     const std::string& rest,
                                                                     const Values& values) {
    std::vector<release::MachineProgress> out;
    const absl::Status status = connection.each(
        fmt::format("SELECT uuid, {} FROM release_machines WHERE {}", columnList(columns()), rest),
        values, [&out](Row& row) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(auto progress, readProgress(row));
            out.push_back(std::move(progress));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

/// What a verb changes of many machines alike.
using Move = std::tuple<domain::Outcome, std::string, std::string, base::WallTime,
                        std::optional<base::WallTime>, std::optional<base::WallTime>, bool>;
/// A statement for fewer is no gain.
constexpr std::size_t kFewAlike = 16;

Move moveOf(const release::MachineProgress& it) {
    return {it.outcome, it.reason, it.message, it.since, it.deadline, it.openedAt, it.opened};
}

/// Nothing else of it is to be stored: who had a permit, or is to try again, is stored with the
/// mark of its newest report.
bool isMoveAlone(const release::MachineProgress& stored, const release::MachineProgress& now) {
    if (now.inFlight || now.unheard || now.retried || stored.inFlight || stored.unheard ||
        stored.retried)
        return false;
    release::MachineProgress moved = stored;
    std::tie(moved.outcome, moved.reason, moved.message, moved.since, moved.deadline,
             moved.openedAt, moved.opened) = moveOf(now);
    return moved == now;
}

absl::Status writeMove(Connection& connection, const std::string& releaseId, const Move& move,
                       const std::vector<std::string>& uuids) {
    const auto& [outcome, reason, message, since, deadline, openedAt, opened] = move;
    return runOf(connection,
                 "UPDATE release_machines SET outcome = ?, reason = ?, message = ?, since_ms = ?, "
                 "deadline_ms = ?, opened_at_ms = ?, opened = ? WHERE release_id = ? AND uuid",
                 {text(std::string(domain::nameOf(outcome))), text(reason), text(message),
                  time(since), time(deadline), time(openedAt), integer(opened ? 1 : 0),
                  text(releaseId)},
                 uuids)
        .status();
}

}  // namespace

absl::Status moveReleaseMachines(Connection& connection, const std::string& releaseId,
                                 const std::map<std::string, release::MachineProgress>& stored,
                                 const std::vector<release::MachineProgress>& machines) {
    std::map<Move, std::vector<const release::MachineProgress*>> alike;
    std::vector<release::MachineProgress> others;
    for (const release::MachineProgress& machine : machines) {
        const auto before = stored.find(machine.uuid);
        if (before != stored.end() && isMoveAlone(before->second, machine))
            alike[moveOf(machine)].push_back(&machine);
        else
            others.push_back(machine);
    }
    for (const auto& [move, moved] : alike) {
        std::vector<std::string> uuids;
        for (const release::MachineProgress* machine : moved) {
            if (moved.size() < kFewAlike)
                others.push_back(*machine);
            else
                uuids.push_back(machine->uuid);
        }
        if (!uuids.empty()) IFRIT_RETURN_IF_ERROR(writeMove(connection, releaseId, move, uuids));
    }
    return putReleaseMachines(connection, releaseId, others);
}

absl::Status putReleaseMachines(Connection& connection, const std::string& releaseId,
                                const std::vector<release::MachineProgress>& machines) {
    const auto flag = [](bool value) { return integer(value ? 1 : 0); };
    std::vector<Values> rows;
    rows.reserve(machines.size());
    for (const release::MachineProgress& it : machines) {
        const domain::ResourceSample before = it.before.value_or(domain::ResourceSample{});
        const release::Target pin = it.pinned.value_or(release::Target{});
        const std::string pinAction(it.pinned ? domain::nameOf(pin.action) : std::string_view());
        rows.push_back({text(releaseId),
                        text(it.uuid),
                        text(it.machineType),
                        text(std::string(domain::nameOf(it.stage))),
                        integer(it.batch),
                        text(std::string(domain::nameOf(it.outcome))),
                        text(it.reason),
                        text(it.message),
                        text(it.fromVersion),
                        text(it.runningVersion),
                        text(it.runningDigest),
                        text(std::string(domain::nameOf(it.state))),
                        text(it.step),
                        time(it.since),
                        time(it.deadline),
                        time(it.openedAt),
                        flag(it.opened),
                        flag(it.offline),
                        flag(it.inFlight),
                        flag(it.knownBad),
                        real(before.cpuPercent),
                        integer(before.rssBytes),
                        real(it.sample.cpuPercent),
                        integer(it.sample.rssBytes),
                        flag(it.damaged),
                        flag(it.late),
                        time(it.offlineSince),
                        flag(it.retried),
                        integer(it.reportMark),
                        text(pinAction),
                        text(pin.version),
                        text(pin.digest),
                        flag(it.unheard)});
    }
    return upsertAll(connection, "release_machines", {"release_id", "uuid"}, columns(), rows);
}

absl::StatusOr<std::map<std::string, release::MachineProgress>> loadReleaseMachines(
    Connection& connection, const std::string& releaseId) {
    IFRIT_ASSIGN_OR_RETURN(
        auto rows, selectMachines(connection, "release_id = ? ORDER BY uuid", {text(releaseId)}));
    std::map<std::string, release::MachineProgress> out;
    for (release::MachineProgress& row : rows) {
        std::string uuid = row.uuid;
        out.emplace_hint(out.end(), std::move(uuid), std::move(row));
    }
    return out;
}

absl::StatusOr<std::vector<release::MachineProgress>> loadReleaseMachines(
    Connection& connection, const std::string& releaseId, const ProgressPage& page) {
    Values values = {text(releaseId), text(page.after)};
    if (page.outcome) values.push_back(text(std::string(domain::nameOf(*page.outcome))));
    values.push_back(integer(page.limit));
    return selectMachines(connection,
                          fmt::format("release_id = ? AND uuid > ?{} ORDER BY uuid LIMIT ?",
                                      page.outcome ? " AND outcome = ?" : ""),
                          values);
}

absl::StatusOr<std::uint64_t> eraseReleaseMachines(Connection& connection,
                                                   const std::string& releaseId,
                                                   std::size_t limit) {
    // Not every SQLite knows a DELETE with a LIMIT. The table lies in the order of its key.
    std::string last;
    const absl::Status found = connection.each(
        "SELECT uuid FROM release_machines WHERE release_id = ? ORDER BY uuid LIMIT ?",
        {text(releaseId), integer(limit)}, [&last](Row& row) -> absl::Status {
            last = row.text();
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(found);
    return connection.run("DELETE FROM release_machines WHERE release_id = ? AND uuid <= ?",
                          {text(releaseId), text(last)});
}

}  // namespace ifrit::master::storage::sql
