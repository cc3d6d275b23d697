// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/sql_desired_store.h"

#include <map>
#include <utility>
#include <vector>

#include "master/storage/sql/bulk.h"
#include "shared/base/status.h"
#include "shared/domain/enum_names.h"

namespace ifrit::master::storage::sql {
namespace {

constexpr char kGeneration[] = "generation";

absl::Status brokenWord(const std::string& word) {
    return base::makeError(absl::StatusCode::kDataLoss, "DATABASE_BROKEN", word,
                           fmt::format("desired state holds the word '{}', which this "
                                       "ifrit-master does not know",
                                       word));
}

absl::StatusOr<domain::Level> readLevel(Row& row) {
    const std::string name = row.text();
    const auto level = domain::fromName<domain::Level>(name);
    if (!level) return brokenWord(name);
    return *level;
}

absl::StatusOr<compose::DesiredRow> readRow(Row& row) {
    compose::DesiredRow out;
    IFRIT_ASSIGN_OR_RETURN(out.entry.level, readLevel(row));
    out.machineType = row.text();
    out.entry.agent = row.text();
    out.machineUuid = row.text();
    out.batch = row.as<std::uint32_t>();
    const std::string actionName = row.text();
    const auto action = domain::fromName<domain::DesiredAction>(actionName);
    if (!action) return brokenWord(actionName);
    out.entry.action = *action;
    out.entry.version = row.text();
    out.entry.manifestDigest = row.text();
    out.entry.timestamp = row.time();
    out.entry.generation = row.as<std::uint64_t>();
    out.entry.releaseId = row.text();
    out.entry.pilotLimit = row.as<std::uint64_t>();
    out.entry.downloadRate = row.as<std::uint64_t>();
    return out;
}

/// As the keys and then the others of put().
Values valuesOf(const compose::DesiredRow& row) {
    const domain::DesiredEntry& entry = row.entry;
    // One full row for an agent and type; gray and hash rows of releases stand beside each other.
    const std::string keyRelease =
        entry.level == domain::Level::Full ? std::string() : entry.releaseId;
    return {text(std::string(domain::nameOf(entry.level))),
            text(row.machineType),
            text(entry.agent),
            text(row.machineUuid),
            integer(row.batch),
            text(keyRelease),
            text(std::string(domain::nameOf(entry.action))),
            text(entry.version),
            textOrNull(entry.manifestDigest),
            time(entry.timestamp),
            integer(entry.generation),
            text(entry.releaseId),
            integer(entry.pilotLimit),
            integer(entry.downloadRate)};
}

/// The statement was about all of them, and nothing more can be asked in its transaction.
absl::Status unknownPackage(const std::vector<compose::DesiredRow>& rows) {
    std::map<std::string, std::string> named;
    for (const compose::DesiredRow& row : rows) {
        const domain::DesiredEntry& entry = row.entry;
        if (!entry.manifestDigest.empty())
            named[entry.manifestDigest] =
                fmt::format("{} {} ({})", entry.agent, entry.version, entry.manifestDigest);
    }
    std::vector<std::string> packages;
    for (const auto& [digest, package] : named)
        packages.push_back(package);
    return base::failedPrecondition("PACKAGE_UNKNOWN", named.empty() ? "" : named.begin()->first,
                                    "{}{} is not in the package store; publish it again",
                                    packages.size() > 1 ? "one of " : "",
                                    fmt::join(packages, ", "));
}

}  // namespace

absl::StatusOr<std::uint64_t> readCounter(Connection& connection, const char* name) {
    std::uint64_t out = 0;
    const absl::Status status = connection.each("SELECT value FROM counters WHERE name = ?",
                                                {text(name)}, [&out](Row& row) -> absl::Status {
                                                    out = row.as<std::uint64_t>();
                                                    return absl::OkStatus();
                                                });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<std::uint64_t> advanceCounter(Connection& connection, const char* name) {
    const auto moved =
        connection.run("UPDATE counters SET value = value + 1 WHERE name = ?", {text(name)});
    IFRIT_RETURN_IF_ERROR(moved.status());
    return readCounter(connection, name);
}

absl::StatusOr<std::uint64_t> SqlDesiredStore::generation() {
    return readCounter(m_connection, kGeneration);
}

absl::StatusOr<std::uint64_t> SqlDesiredStore::nextGeneration() {
    return advanceCounter(m_connection, kGeneration);
}

absl::StatusOr<compose::DesiredRows> SqlDesiredStore::rows() {
    compose::DesiredRows out;
    IFRIT_ASSIGN_OR_RETURN(out.generation, generation());
    const absl::Status status = m_connection.each(
        "SELECT level, machine_type, agent, machine_uuid, batch, action, version, "
        "COALESCE(digest, ''), timestamp_ms, generation, release_id, COALESCE(pilot_limit, 0), "
        "COALESCE(download_rate, 0) "
        "FROM desired_rows "
        "ORDER BY level, machine_type, agent, machine_uuid, batch, key_release",
        {}, [&out](Row& row) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(compose::DesiredRow desired, readRow(row));
            out.rows.push_back(std::move(desired));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<std::map<std::string, DesiredUse>> SqlDesiredStore::uses() {
    // The index of digests goes on with the key, so that each of these is one step in it.
    const auto first = [](const char* column) {
        return fmt::format(
            "(SELECT {} FROM desired_rows WHERE digest = manifest_digest "
            "ORDER BY level, machine_type, desired_rows.agent, machine_uuid LIMIT 1)",
            column);
    };
    std::map<std::string, DesiredUse> out;
    const absl::Status status =
        m_connection.each(fmt::format("SELECT manifest_digest, {}, {}, {} FROM packages",
                                      first("level"), first("machine_type"), first("machine_uuid")),
                          {}, [&out](Row& row) -> absl::Status {
                              const std::string digest = row.text();
                              if (row.isNull()) return absl::OkStatus();
                              DesiredUse& use = out[digest];
                              IFRIT_ASSIGN_OR_RETURN(use.level, readLevel(row));
                              use.machineType = row.text();
                              use.machineUuid = row.text();
                              return absl::OkStatus();
                          });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::Status SqlDesiredStore::put(const std::vector<compose::DesiredRow>& rows) {
    std::vector<Values> values;
    values.reserve(rows.size());
    for (const compose::DesiredRow& row : rows)
        values.push_back(valuesOf(row));
    const absl::Status status =
        upsertAll(m_connection, "desired_rows",
                  {"level", "machine_type", "agent", "machine_uuid", "batch", "key_release"},
                  {"action", "version", "digest", "timestamp_ms", "generation", "release_id",
                   "pilot_limit", "download_rate"},
                  values);
    if (!isForeignKey(status)) return status;
    return unknownPackage(rows);
}

absl::Status SqlDesiredStore::editAll(const std::vector<release::DesiredEdit>& edits) {
    using Kind = release::DesiredEdit::Kind;
    std::vector<compose::DesiredRow> rows;
    // Machines are no key of the table: each statement reads all gray rows.
    std::vector<std::string> machines;
    const auto flush = [&]() -> absl::Status {
        if (!rows.empty()) IFRIT_RETURN_IF_ERROR(put(std::exchange(rows, {})));
        return machines.empty() ? absl::OkStatus() : eraseOfMachines(std::exchange(machines, {}));
    };
    for (const release::DesiredEdit& change : edits) {
        const bool isPut = change.kind == Kind::Put;
        const bool isErasure = change.kind == Kind::EraseOfMachine;
        // Those of one kind together, and the kinds in their order.
        if ((!isPut && !rows.empty()) || (!isErasure && !machines.empty()))
            IFRIT_RETURN_IF_ERROR(flush());
        if (isPut)
            rows.push_back(change.row);
        else if (isErasure)
            machines.push_back(change.row.machineUuid);
        else
            IFRIT_RETURN_IF_ERROR(edit(change));
    }
    return flush();
}

absl::Status SqlDesiredStore::eraseOfMachines(const std::vector<std::string>& uuids) {
    return runOf(m_connection, "DELETE FROM desired_rows WHERE level = 'gray' AND machine_uuid",
                 uuids)
        .status();
}

absl::Status SqlDesiredStore::edit(const release::DesiredEdit& edit) {
    using Kind = release::DesiredEdit::Kind;
    const std::string& agent = edit.row.entry.agent;
    const std::string& type = edit.row.machineType;
    switch (edit.kind) {
        case Kind::Put:
            return put({edit.row});
        case Kind::EraseOfRelease:
            return m_connection
                .run("DELETE FROM desired_rows WHERE release_id = ? AND level <> 'full'",
                     {text(edit.releaseId)})
                .status();
        case Kind::EraseFull:
            return m_connection
                .run(
                    "DELETE FROM desired_rows WHERE level = 'full' AND machine_type = ? AND "
                    "agent = ?",
                    {text(type), text(agent)})
                .status();
        case Kind::EraseOlderGray:
            return m_connection
                .run(
                    "DELETE FROM desired_rows WHERE level <> 'full' AND machine_type = ? AND "
                    "agent = ? AND timestamp_ms < ?",
                    {text(type), text(agent), time(edit.row.entry.timestamp)})
                .status();
        case Kind::EraseOfMachine:
            return eraseOfMachines({edit.row.machineUuid});
    }
    return base::invalidArgument("DESIRED_EDIT", agent, "an edit of an unknown kind");
}

}  // namespace ifrit::master::storage::sql
