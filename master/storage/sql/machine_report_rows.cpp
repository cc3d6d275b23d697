// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/machine_report_rows.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "master/storage/sql/agent_report_rows.h"
#include "master/storage/sql/bulk.h"
#include "master/storage/sql/machine_event_rows.h"
#include "master/storage/sql/machine_rows.h"
#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

using Reports = std::vector<const MachineReport*>;

/// In each at most one report of a machine, and each machine's in order.
std::vector<Reports> wavesOf(const Reports& reports) {
    std::vector<Reports> out;
    std::unordered_map<std::string, std::size_t> seen;
    for (const MachineReport* report : reports) {
        const std::size_t wave = seen[report->uuid]++;
        if (wave == out.size()) out.emplace_back();
        out[wave].push_back(report);
    }
    return out;
}

/// Their machines' rows, held to the transaction's end.
absl::StatusOr<std::unordered_map<std::string, StoredMachine>> lockMachines(
    Connection& connection, const std::vector<std::string>& uuids) {
    std::unordered_map<std::string, StoredMachine> out;
    const absl::Status status =
        eachOf(connection, fmt::format("SELECT {} FROM machines WHERE uuid", machineColumns()),
               uuids, connection.lockRow(), [&out](Row& row) -> absl::Status {
                   IFRIT_ASSIGN_OR_RETURN(StoredMachine machine, readMachine(row));
                   std::string uuid = machine.facts.uuid;
                   out.emplace(std::move(uuid), std::move(machine));
                   return absl::OkStatus();
               });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

/// Or a later one is: a master that stood still writes what it took before, and meanwhile the
/// machine went on with another.
bool isStored(const StoredMachine& machine, const MachineReport& report) {
    return report.seq != 0 && machine.streamId == report.streamId && report.seq <= machine.ackedSeq;
}

void take(const MachineReport& report, StoredMachine& machine) {
    machine.lastSeen = std::max(machine.lastSeen, report.receivedAt);
    if (isStored(machine, report)) return;
    if (report.facts) {
        machine.facts = *report.facts;
        machine.facts.uuid = report.uuid;
    }
    machine.ifrit = report.ifrit;
    machine.streamId = report.streamId;
    machine.ackedSeq = report.seq;
}

absl::Status putAgents(Connection& connection, const Reports& reports) {
    std::vector<std::string> emptied;
    for (const MachineReport* report : reports) {
        if (report->full) emptied.push_back(report->uuid);
    }
    IFRIT_RETURN_IF_ERROR(
        runOf(connection, "DELETE FROM agent_reports WHERE uuid", emptied).status());
    IFRIT_RETURN_IF_ERROR(putAgentReports(connection, reports));
    for (const MachineReport* report : reports) {
        for (const std::string& agent : report->removedAgents) {
            const auto gone =
                connection.run("DELETE FROM agent_reports WHERE uuid = ? AND agent = ?",
                               {text(report->uuid), text(agent)});
            IFRIT_RETURN_IF_ERROR(gone.status());
        }
    }
    return absl::OkStatus();
}

absl::Status putWave(Connection& connection, const Reports& wave) {
    std::vector<std::string> uuids;
    for (const MachineReport* report : wave)
        uuids.push_back(report->uuid);
    IFRIT_ASSIGN_OR_RETURN(auto known, lockMachines(connection, uuids));
    Reports fresh;
    std::vector<StoredMachine> machines;
    for (const MachineReport* report : wave) {
        const auto machine = known.find(report->uuid);
        if (machine == known.end()) return unknownMachine(report->uuid);
        // One that is stored already comes again where the commit's answer was lost on its way.
        if (!isStored(machine->second, *report)) {
            fresh.push_back(report);
            connection.notes().add(ChangeKind::Machine, report->uuid);
        }
        take(*report, machine->second);
        machines.push_back(std::move(machine->second));
    }
    IFRIT_RETURN_IF_ERROR(replaceMachines(connection, machines));
    IFRIT_RETURN_IF_ERROR(putAgents(connection, fresh));
    return putMachineEvents(connection, fresh);
}

}  // namespace

absl::Status putMachineReports(Connection& connection, const Reports& reports) {
    for (const Reports& wave : wavesOf(reports))
        IFRIT_RETURN_IF_ERROR(putWave(connection, wave));
    return absl::OkStatus();
}

}  // namespace ifrit::master::storage::sql
