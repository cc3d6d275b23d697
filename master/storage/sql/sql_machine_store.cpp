// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/sql_machine_store.h"

#include "master/storage/sql/agent_report_rows.h"
#include "master/storage/sql/bulk.h"
#include "master/storage/sql/json.h"
#include "master/storage/sql/machine_event_rows.h"
#include "master/storage/sql/machine_report_rows.h"
#include "master/storage/sql/machine_rows.h"
#include "shared/base/status.h"
#include "shared/domain/enum_names.h"

namespace ifrit::master::storage::sql {
namespace {

/// " AND ..." for every field that is given.
std::string conditions(const MachineFilter& filter, Values& values) {
    std::string out;
    const auto add = [&](std::string_view condition, const std::string& value) {
        if (value.empty()) return;
        out += condition;
        values.push_back(text(value));
    };
    add(" AND machine_type = ?", filter.machineType);
    add(" AND pin = ?", filter.pin);
    if (filter.agent.empty()) return out;
    add(" AND EXISTS (SELECT 1 FROM agent_reports r WHERE r.uuid = machines.uuid AND r.agent = ?",
        filter.agent);
    add(" AND r.running_version = ?", filter.agentVersion);
    if (filter.agentState) add(" AND r.state = ?", std::string(domain::nameOf(*filter.agentState)));
    return out + ")";
}

constexpr char kClears[] = "SELECT uuid, digest, COALESCE(clear_id, 0) FROM known_bad_clears";

Connection::OnRow readClears(KnownBadClearsByUuid& out) {
    return [&out](Row& row) -> absl::Status {
        std::string uuid = row.text();
        std::string digest = row.text();
        out[std::move(uuid)].push_back({std::move(digest), row.as<std::uint64_t>()});
        return absl::OkStatus();
    };
}

}  // namespace

absl::Status SqlMachineStore::readAgents(StoredMachine& machine) {
    static const std::string sql = fmt::format(
        "SELECT {} FROM agent_reports WHERE uuid = ? ORDER BY agent", agentReportColumns());
    return m_connection.each(sql, {text(machine.facts.uuid)}, [&](Row& row) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(domain::AgentReport report, readAgentReport(row));
        machine.agents.push_back(std::move(report));
        return absl::OkStatus();
    });
}

absl::Status SqlMachineStore::readAgentsOfPage(std::vector<StoredMachine>& page) {
    if (page.empty()) return absl::OkStatus();
    static const std::string sql = fmt::format(
        "SELECT uuid, {} FROM agent_reports WHERE uuid >= ? AND uuid <= ? ORDER BY uuid, agent",
        agentReportColumns());
    auto machine = page.begin();
    return m_connection.each(sql, {text(page.front().facts.uuid), text(page.back().facts.uuid)},
                             [&](Row& row) -> absl::Status {
                                 const std::string uuid = row.text();
                                 while (machine != page.end() && machine->facts.uuid < uuid)
                                     ++machine;
                                 // A writer's two statements see two states: one may have come in
                                 // between.
                                 if (machine == page.end() || machine->facts.uuid != uuid)
                                     return absl::OkStatus();
                                 IFRIT_ASSIGN_OR_RETURN(domain::AgentReport report,
                                                        readAgentReport(row));
                                 machine->agents.push_back(std::move(report));
                                 return absl::OkStatus();
                             });
}

absl::StatusOr<std::vector<StoredMachine>> SqlMachineStore::list(const MachineFilter& filter,
                                                                 const std::string& afterUuid,
                                                                 std::size_t limit) {
    Values values = {text(afterUuid)};
    const std::string sql =
        fmt::format("SELECT {} FROM machines WHERE uuid > ?{} ORDER BY uuid LIMIT ?",
                    machineColumns(), conditions(filter, values));
    values.push_back(integer(limit));
    std::vector<StoredMachine> out;
    const absl::Status status = m_connection.each(sql, values, [&out](Row& row) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(StoredMachine machine, readMachine(row));
        out.push_back(std::move(machine));
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(status);
    if (values.size() == 2) {
        // No condition but the page: its machines are all between the first and the last.
        IFRIT_RETURN_IF_ERROR(readAgentsOfPage(out));
        return out;
    }
    for (StoredMachine& machine : out)
        IFRIT_RETURN_IF_ERROR(readAgents(machine));
    return out;
}

absl::StatusOr<std::optional<StoredMachine>> SqlMachineStore::find(const std::string& uuid) {
    static const std::string sql =
        fmt::format("SELECT {} FROM machines WHERE uuid = ?", machineColumns());
    std::optional<StoredMachine> out;
    const absl::Status status =
        m_connection.each(sql, {text(uuid)}, [&out](Row& row) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(out, readMachine(row));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    if (out) IFRIT_RETURN_IF_ERROR(readAgents(*out));
    return out;
}

absl::StatusOr<std::vector<StoredMachine>> SqlMachineStore::findAll(
    const std::vector<std::string>& uuids) {
    std::map<std::string, StoredMachine> found;
    absl::Status status =
        eachOf(m_connection, fmt::format("SELECT {} FROM machines WHERE uuid", machineColumns()),
               uuids, "", [&found](Row& row) -> absl::Status {
                   IFRIT_ASSIGN_OR_RETURN(StoredMachine machine, readMachine(row));
                   std::string uuid = machine.facts.uuid;
                   found[std::move(uuid)] = std::move(machine);
                   return absl::OkStatus();
               });
    IFRIT_RETURN_IF_ERROR(status);
    status =
        eachOf(m_connection,
               fmt::format("SELECT uuid, {} FROM agent_reports WHERE uuid", agentReportColumns()),
               uuids, " ORDER BY uuid, agent", [&found](Row& row) -> absl::Status {
                   const auto machine = found.find(row.text());
                   if (machine == found.end()) return absl::OkStatus();
                   IFRIT_ASSIGN_OR_RETURN(domain::AgentReport report, readAgentReport(row));
                   machine->second.agents.push_back(std::move(report));
                   return absl::OkStatus();
               });
    IFRIT_RETURN_IF_ERROR(status);
    std::vector<StoredMachine> out;
    for (auto& [uuid, machine] : found)
        out.push_back(std::move(machine));
    return out;
}

absl::StatusOr<std::vector<MachineStore::LastSeen>> SqlMachineStore::lastSeen() {
    std::vector<LastSeen> out;
    const absl::Status status = m_connection.each(
        "SELECT uuid, last_seen_ms, poll_ms FROM machines", {}, [&out](Row& row) -> absl::Status {
            LastSeen one;
            one.uuid = row.text();
            one.at = row.time();
            one.poll = readPoll(row);
            out.push_back(std::move(one));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::Status SqlMachineStore::enrol(const domain::MachineFacts& facts, base::WallTime now) {
    IFRIT_ASSIGN_OR_RETURN(const std::uint64_t known,
                           m_connection.run("UPDATE machines SET last_seen_ms = ? WHERE uuid = ?",
                                            {time(now), text(facts.uuid)}));
    if (known == 0) {
        const auto added = m_connection.run(
            "INSERT INTO machines (uuid, machine_type, pin, labels_json, address, hostname, "
            "kernel, libc, architecture, ifrit_version, first_seen_ms, last_seen_ms, "
            "ifrit_cpu_percent, ifrit_rss_bytes, stream_id, acked_seq) "
            "VALUES (?, '', '', '{}', '', '', '', '', '', '', ?, ?, 0, 0, '', 0)",
            {text(facts.uuid), time(now), time(now)});
        IFRIT_RETURN_IF_ERROR(added.status());
    }
    m_connection.notes().add(ChangeKind::Machine, facts.uuid);
    return putFacts(facts);
}

absl::Status SqlMachineStore::putFacts(const domain::MachineFacts& facts) {
    IFRIT_ASSIGN_OR_RETURN(const std::string labels, mapToJson(facts.labels));
    return m_connection
        .run(
            "UPDATE machines SET machine_type = ?, pin = ?, labels_json = ?, address = ?, "
            "hostname = ?, kernel = ?, libc = ?, architecture = ?, ifrit_version = ? "
            "WHERE uuid = ?",
            {text(facts.machineType), text(facts.pin), text(labels), text(facts.address),
             text(facts.hostname), text(facts.kernel), text(facts.libc), text(facts.architecture),
             text(facts.ifritVersion), text(facts.uuid)})
        .status();
}

absl::StatusOr<std::vector<ReportOutcome>> SqlMachineStore::putReports(
    const std::vector<const MachineReport*>& reports) {
    return putMachineReports(m_connection, reports);
}

absl::Status SqlMachineStore::putLastSeen(const std::vector<LastSeen>& seen) {
    // Sizes in powers of two: few texts to prepare, whatever the number of machines is.
    for (std::size_t done = 0; done < seen.size();) {
        std::size_t count = 256;
        while (count > seen.size() - done)
            count /= 2;
        Values values;
        for (std::size_t i = 0; i < count; ++i, ++done) {
            values.push_back(text(seen[done].uuid));
            values.push_back(time(seen[done].at));
            values.push_back(integer(seen[done].poll.count()));
        }
        const std::string sql =
            m_connection.dialect().raiseMany("machines", "uuid", "last_seen_ms", "poll_ms", count);
        IFRIT_RETURN_IF_ERROR(m_connection.run(sql, values).status());
    }
    return absl::OkStatus();
}

absl::Status SqlMachineStore::erase(const std::string& uuid) {
    m_connection.notes().add(ChangeKind::Machine, uuid);
    m_connection.notes().add(ChangeKind::Clears, uuid);
    IFRIT_RETURN_IF_ERROR(
        m_connection.run("DELETE FROM known_bad_clears WHERE uuid = ?", {text(uuid)}).status());
    IFRIT_RETURN_IF_ERROR(
        m_connection.run("DELETE FROM presences WHERE uuid = ?", {text(uuid)}).status());
    IFRIT_ASSIGN_OR_RETURN(const std::uint64_t gone,
                           m_connection.run("DELETE FROM machines WHERE uuid = ?", {text(uuid)}));
    return gone == 0 ? unknownMachine(uuid) : absl::OkStatus();
}

absl::StatusOr<std::vector<StoredEvent>> SqlMachineStore::listEvents(const std::string& uuid,
                                                                     std::uint64_t beforeId,
                                                                     std::size_t limit) {
    return listMachineEvents(m_connection, uuid, beforeId, limit);
}

absl::StatusOr<std::uint64_t> SqlMachineStore::pruneEvents(base::WallTime before) {
    return pruneMachineEvents(m_connection, before);
}

std::vector<Values> SqlMachineStore::noted(const KnownBadClearsByUuid& clears) {
    std::vector<Values> out;
    for (const auto& [uuid, ofOne] : clears) {
        m_connection.notes().add(ChangeKind::Clears, uuid);
        for (const domain::KnownBadClear& clear : ofOne)
            out.push_back({text(uuid), text(clear.digest), integer(clear.id)});
    }
    return out;
}

absl::Status SqlMachineStore::putClearsKnownBad(const KnownBadClearsByUuid& clears) {
    return upsertAll(m_connection, "known_bad_clears", {"uuid", "digest"}, {"clear_id"},
                     noted(clears));
}

/// Rows of before clears had ids have none.
absl::Status SqlMachineStore::eraseClearsKnownBad(const KnownBadClearsByUuid& clears) {
    return eraseAll(m_connection, "known_bad_clears", {"uuid", "digest", "COALESCE(clear_id, 0)"},
                    noted(clears));
}

absl::StatusOr<KnownBadClearsByUuid> SqlMachineStore::loadClearKnownBad() {
    KnownBadClearsByUuid out;
    IFRIT_RETURN_IF_ERROR(
        m_connection.each(fmt::format("{} ORDER BY uuid, digest", kClears), {}, readClears(out)));
    return out;
}

absl::StatusOr<KnownBadClearsByUuid> SqlMachineStore::clearsKnownBadOf(
    const std::vector<std::string>& uuids) {
    KnownBadClearsByUuid out;
    IFRIT_RETURN_IF_ERROR(eachOf(m_connection, fmt::format("{} WHERE uuid", kClears), uuids,
                                 " ORDER BY uuid, digest", readClears(out)));
    return out;
}

}  // namespace ifrit::master::storage::sql
