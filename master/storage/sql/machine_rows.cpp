// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/machine_rows.h"

#include "master/storage/sql/bulk.h"
#include "master/storage/sql/json.h"
#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

const std::vector<std::string>& columns() {
    static const std::vector<std::string> names = {
        "machine_type",    "pin",           "labels_json",  "address",
        "hostname",        "kernel",        "libc",         "architecture",
        "ifrit_version",   "first_seen_ms", "last_seen_ms", "ifrit_cpu_percent",
        "ifrit_rss_bytes", "stream_id",     "acked_seq"};
    return names;
}

absl::StatusOr<Values> machineValues(const StoredMachine& machine) {
    const domain::MachineFacts& facts = machine.facts;
    IFRIT_ASSIGN_OR_RETURN(const std::string labels, mapToJson(facts.labels));
    return Values{text(facts.uuid),
                  text(facts.machineType),
                  text(facts.pin),
                  text(labels),
                  text(facts.address),
                  text(facts.hostname),
                  text(facts.kernel),
                  text(facts.libc),
                  text(facts.architecture),
                  text(facts.ifritVersion),
                  time(machine.firstSeen),
                  time(machine.lastSeen),
                  real(machine.ifrit.cpuPercent),
                  integer(machine.ifrit.rssBytes),
                  text(machine.streamId),
                  integer(machine.ackedSeq)};
}

}  // namespace

const std::string& machineColumns() {
    static const std::string list = "uuid, " + columnList(columns()) + ", poll_ms";
    return list;
}

std::chrono::milliseconds readPoll(Row& row) {
    if (!row.isNull()) return std::chrono::milliseconds(row.integer());
    row.skip();
    return std::chrono::milliseconds(0);
}

absl::StatusOr<StoredMachine> readMachine(Row& row) {
    StoredMachine out;
    out.facts.uuid = row.text();
    out.facts.machineType = row.text();
    out.facts.pin = row.text();
    IFRIT_ASSIGN_OR_RETURN(out.facts.labels, mapFromJson(row.text()));
    out.facts.address = row.text();
    out.facts.hostname = row.text();
    out.facts.kernel = row.text();
    out.facts.libc = row.text();
    out.facts.architecture = row.text();
    out.facts.ifritVersion = row.text();
    out.firstSeen = row.time();
    out.lastSeen = row.time();
    out.ifrit.cpuPercent = row.real();
    out.ifrit.rssBytes = row.as<std::uint64_t>();
    out.streamId = row.text();
    out.ackedSeq = row.as<std::uint64_t>();
    out.poll = readPoll(row);
    return out;
}

absl::Status replaceMachines(Connection& connection, const std::vector<StoredMachine>& machines) {
    std::vector<Values> rows;
    rows.reserve(machines.size());
    for (const StoredMachine& machine : machines) {
        IFRIT_ASSIGN_OR_RETURN(Values row, machineValues(machine));
        rows.push_back(std::move(row));
    }
    return upsertAll(connection, "machines", {"uuid"}, columns(), rows);
}

absl::Status unknownMachine(const std::string& uuid) {
    return base::notFound("MACHINE_UNKNOWN", uuid,
                          "machine {} is not in the database; enrol it with a new join token",
                          uuid);
}

}  // namespace ifrit::master::storage::sql
