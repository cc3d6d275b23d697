// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/agent_report_rows.h"

#include "master/storage/sql/bulk.h"
#include "master/storage/sql/json.h"
#include "shared/base/status.h"
#include "shared/domain/enum_names.h"

namespace ifrit::master::storage::sql {
namespace {

const std::vector<std::string>& columns() {
    static const std::vector<std::string> names = {"running_version",
                                                   "running_digest",
                                                   "desired_version",
                                                   "desired_digest",
                                                   "release_id",
                                                   "state",
                                                   "step",
                                                   "attempt",
                                                   "pid",
                                                   "restarts",
                                                   "crash_looping",
                                                   "since_ms",
                                                   "next_retry_ms",
                                                   "deadline_ms",
                                                   "error_at_ms",
                                                   "error_reason",
                                                   "error_message",
                                                   "error_step",
                                                   "error_attempt",
                                                   "cpu_percent",
                                                   "rss_bytes",
                                                   "integrity",
                                                   "known_bad_json",
                                                   "integrity_note"};
    return names;
}

absl::StatusOr<Values> valuesOf(const std::string& uuid, const domain::AgentReport& report) {
    IFRIT_ASSIGN_OR_RETURN(const std::string knownBad, listToJson(report.knownBad));
    const domain::AgentError* error = report.lastError ? &*report.lastError : nullptr;
    return Values{text(uuid),
                  text(report.agent),
                  text(report.runningVersion),
                  text(report.runningDigest),
                  text(report.desiredVersion),
                  text(report.desiredDigest),
                  text(report.releaseId),
                  text(std::string(domain::nameOf(report.state))),
                  text(report.step),
                  integer(report.attempt),
                  integer(report.pid),
                  integer(report.restarts),
                  integer(report.crashLooping ? 1 : 0),
                  time(report.since),
                  time(report.nextRetry),
                  time(report.deadline),
                  error != nullptr ? time(error->at) : Value(),
                  error != nullptr ? text(error->reason) : Value(),
                  error != nullptr ? text(error->message) : Value(),
                  error != nullptr ? text(error->step) : Value(),
                  error != nullptr ? integer(error->attempt) : Value(),
                  real(report.sample.cpuPercent),
                  integer(report.sample.rssBytes),
                  text(std::string(domain::nameOf(report.integrity))),
                  text(knownBad),
                  text(report.integrityNote)};
}

}  // namespace

const std::string& agentReportColumns() {
    static const std::string list = "agent, " + columnList(columns());
    return list;
}

absl::StatusOr<domain::AgentReport> readAgentReport(Row& row) {
    domain::AgentReport out;
    out.agent = row.text();
    out.runningVersion = row.text();
    out.runningDigest = row.text();
    out.desiredVersion = row.text();
    out.desiredDigest = row.text();
    out.releaseId = row.text();
    out.state =
        domain::fromName<domain::MachineState>(row.text()).value_or(domain::MachineState::Unknown);
    out.step = row.text();
    out.attempt = row.as<std::uint32_t>();
    out.pid = row.as<std::int32_t>();
    out.restarts = row.as<std::uint32_t>();
    out.crashLooping = row.flag();
    out.since = row.time();
    out.nextRetry = row.optionalTime();
    out.deadline = row.optionalTime();
    const auto errorAt = row.optionalTime();
    domain::AgentError error;
    error.reason = row.text();
    error.message = row.text();
    error.step = row.text();
    error.attempt = row.as<std::uint32_t>();
    if (errorAt) {
        error.at = *errorAt;
        out.lastError = std::move(error);
    }
    out.sample.cpuPercent = row.real();
    out.sample.rssBytes = row.as<std::uint64_t>();
    out.integrity =
        domain::fromName<domain::Integrity>(row.text()).value_or(domain::Integrity::Unknown);
    IFRIT_ASSIGN_OR_RETURN(out.knownBad, listFromJson(row.text()));
    out.integrityNote = row.text();
    return out;
}

absl::Status putAgentReports(Connection& connection,
                             const std::vector<const MachineReport*>& reports) {
    std::vector<Values> rows;
    for (const MachineReport* report : reports) {
        for (const domain::AgentReport& agent : report->agents) {
            IFRIT_ASSIGN_OR_RETURN(Values row, valuesOf(report->uuid, agent));
            rows.push_back(std::move(row));
        }
    }
    return upsertAll(connection, "agent_reports", {"uuid", "agent"}, columns(), rows);
}

}  // namespace ifrit::master::storage::sql
