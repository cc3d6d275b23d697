// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/machine_report_rows.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "master/storage/sql/agent_report_rows.h"
#include "master/storage/sql/bulk.h"
#include "master/storage/sql/machine_event_rows.h"
#include "master/storage/sql/machine_rows.h"
#include "master/storage/sql/report_stream_rows.h"
#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

using Reports = std::vector<const MachineReport*>;

struct Given {
    const MachineReport* report;
    ReportOutcome* outcome;
};
using Wave = std::vector<Given>;

/// In each at most one report of a machine, and each machine's in order.
std::vector<Wave> wavesOf(const Reports& reports, std::vector<ReportOutcome>& outcomes) {
    std::vector<Wave> out;
    std::unordered_map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < reports.size(); ++i) {
        const std::size_t wave = seen[reports[i]->uuid]++;
        if (wave == out.size()) out.emplace_back();
        out[wave].push_back({reports[i], &outcomes[i]});
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

/// The machine's row is of another stream.
bool isOfAnother(const StoredMachine& machine, const MachineReport& report) {
    return !machine.streamId.empty() && machine.streamId != report.streamId;
}

/// Up to where the report's stream is stored; 0: nothing of it is known. A report up to it is
/// stored, or a later one is: a master that stood still writes what it took before, and meanwhile
/// the machine went on with another, or in another stream.
std::uint64_t storedUpTo(const StoredMachine& machine, const MachineReport& report,
                         const EndedStreams& ended) {
    if (machine.streamId == report.streamId) return machine.ackedSeq;
    const auto streams = ended.find(report.uuid);
    if (streams == ended.end()) return 0;
    for (const EndedStream& one : streams->second)
        if (one.streamId == report.streamId) return one.ackedSeq;
    return 0;
}

bool isNews(const StoredMachine& machine, const MachineReport& report, std::uint64_t upTo) {
    if (report.seq == 0) return true;
    // What changed since the last one of its stream, which the row says nothing of any more.
    if (isOfAnother(machine, report) && !report.full) return false;
    return report.seq > upTo;
}

void take(const MachineReport& report, StoredMachine& machine) {
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

/// Of the machines whose rows are of another stream than their report: seldom any.
absl::StatusOr<EndedStreams> endedStreamsOf(
    Connection& connection, const Wave& wave,
    const std::unordered_map<std::string, StoredMachine>& known) {
    std::vector<std::string> uuids;
    for (const Given& one : wave) {
        const auto machine = known.find(one.report->uuid);
        if (machine != known.end() && isOfAnother(machine->second, *one.report))
            uuids.push_back(one.report->uuid);
    }
    if (uuids.empty()) return EndedStreams();
    return endedStreams(connection, uuids);
}

absl::Status putWave(Connection& connection, const Wave& wave) {
    std::vector<std::string> uuids;
    for (const Given& one : wave)
        uuids.push_back(one.report->uuid);
    IFRIT_ASSIGN_OR_RETURN(auto known, lockMachines(connection, uuids));
    IFRIT_ASSIGN_OR_RETURN(EndedStreams ended, endedStreamsOf(connection, wave, known));
    Reports fresh;
    std::vector<StoredMachine> machines;
    for (const auto& [report, outcome] : wave) {
        const auto found = known.find(report->uuid);
        if (found == known.end()) return unknownMachine(report->uuid);
        StoredMachine& machine = found->second;
        machine.lastSeen = std::max(machine.lastSeen, report->receivedAt);
        outcome->ackedSeq = storedUpTo(machine, *report, ended);
        // One that is stored already comes again where the commit's answer was lost on its way.
        if (isNews(machine, *report, outcome->ackedSeq)) {
            if (isOfAnother(machine, *report)) {
                IFRIT_RETURN_IF_ERROR(
                    endStream(connection, machine, report->receivedAt, ended[report->uuid]));
            }
            take(*report, machine);
            outcome->ackedSeq = report->seq;
            fresh.push_back(report);
            connection.notes().add(ChangeKind::Machine, report->uuid);
        }
        outcome->isLatest = machine.streamId == report->streamId && machine.ackedSeq == report->seq;
        machines.push_back(std::move(machine));
    }
    IFRIT_RETURN_IF_ERROR(replaceMachines(connection, machines));
    IFRIT_RETURN_IF_ERROR(putAgents(connection, fresh));
    return putMachineEvents(connection, fresh);
}

}  // namespace

absl::StatusOr<std::vector<ReportOutcome>> putMachineReports(Connection& connection,
                                                             const Reports& reports) {
    std::vector<ReportOutcome> out(reports.size());
    for (const Wave& wave : wavesOf(reports, out))
        IFRIT_RETURN_IF_ERROR(putWave(connection, wave));
    return out;
}

}  // namespace ifrit::master::storage::sql
