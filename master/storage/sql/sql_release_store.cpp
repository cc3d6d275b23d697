// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/sql_release_store.h"

#include "master/storage/sql/json.h"
#include "master/storage/sql/release_machine_rows.h"
#include "master/storage/sql/sql_desired_store.h"
#include "shared/base/status.h"
#include "shared/domain/enum_names.h"

namespace ifrit::master::storage::sql {
namespace {

std::string name(std::string_view of) {
    return std::string(of);
}

absl::StatusOr<release::Model> readRelease(Row& row) {
    release::Model out;
    out.release.id = row.text();
    out.release.number = row.as<std::uint64_t>();
    out.release.spec.agent = row.text();
    out.release.spec.version = row.text();
    const auto state = domain::fromName<domain::ReleaseState>(row.text());
    const auto stage = domain::fromName<domain::StageKind>(row.text());
    if (!state || !stage) {
        return base::makeError(absl::StatusCode::kDataLoss, "DATABASE_BROKEN", out.release.id,
                               fmt::format("release {} is in a state that this ifrit-master does "
                                           "not know",
                                           out.release.number));
    }
    out.release.state = *state;
    out.release.stage = *stage;
    out.release.createdBy = row.text();
    out.release.reason = row.text();
    out.release.haltReason = row.text();
    out.release.planId = row.text();
    out.release.created = row.time();
    out.release.started = row.optionalTime();
    out.release.ended = row.optionalTime();
    IFRIT_RETURN_IF_ERROR(releaseFromJson(row.text(), out));
    if (!row.isNull()) IFRIT_RETURN_IF_ERROR(releaseSpecFromJson(row.text(), out));
    return out;
}

}  // namespace

absl::StatusOr<std::uint64_t> SqlReleaseStore::nextNumber() {
    return advanceCounter(m_connection, "release_number");
}

absl::Status SqlReleaseStore::putHead(const release::Model& model) {
    const domain::Release& it = model.release;
    const bool isDraft = it.state == domain::ReleaseState::Draft;
    IFRIT_ASSIGN_OR_RETURN(const std::string document,
                           releaseToJson(model, isDraft ? GrayUuids::Written : GrayUuids::LeftOut));
    const std::string& sql = m_connection.upsert(
        "releases", {"id"},
        {"number", "agent", "version", "state", "stage", "created_by", "reason", "halt_reason",
         "plan_id", "created_ms", "started_ms", "ended_ms", "document_json"});
    return m_connection
        .run(sql, {text(it.id), integer(it.number), text(it.spec.agent), text(it.spec.version),
                   text(name(domain::nameOf(it.state))), text(name(domain::nameOf(it.stage))),
                   text(it.createdBy), text(it.reason), text(it.haltReason), text(it.planId),
                   time(it.created), time(it.started), time(it.ended), text(document)})
        .status();
}

absl::Status SqlReleaseStore::putSpec(const release::Model& model) {
    IFRIT_ASSIGN_OR_RETURN(const std::string spec, releaseSpecToJson(model.release.spec));
    const std::string& sql = m_connection.upsert("release_specs", {"release_id"}, {"spec_json"});
    return m_connection.run(sql, {text(model.release.id), text(spec)}).status();
}

absl::StatusOr<SqlReleaseStore::Stored> SqlReleaseStore::stored(const std::string& id) {
    Stored out;
    const absl::Status status = m_connection.each(
        "SELECT state, release_id FROM releases LEFT JOIN release_specs ON release_id = id "
        "WHERE id = ?",
        {text(id)}, [&out](Row& row) -> absl::Status {
            out.state = domain::fromName<domain::ReleaseState>(row.text());
            out.hasSpec = !row.isNull();
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::Status SqlReleaseStore::putRunning(const release::Model& model) {
    const std::string& id = model.release.id;
    IFRIT_RETURN_IF_ERROR(
        m_connection.run("DELETE FROM running_releases WHERE release_id = ?", {text(id)}).status());
    if (!release::isRunning(model.release.state)) return absl::OkStatus();
    for (const std::string& type : model.release.spec.machineTypes) {
        const absl::Status status =
            m_connection
                .run(
                    "INSERT INTO running_releases (agent, machine_type, release_id) "
                    "VALUES (?, ?, ?)",
                    {text(model.release.spec.agent), text(type), text(id)})
                .status();
        if (isDuplicate(status)) {
            return base::failedPrecondition(
                "RELEASE_CONFLICT", id,
                "another release of {} for {} is running; end it before this one",
                model.release.spec.agent, type);
        }
        IFRIT_RETURN_IF_ERROR(status);
    }
    return absl::OkStatus();
}

absl::Status SqlReleaseStore::putPackages(const release::Model& model) {
    const std::string& id = model.release.id;
    IFRIT_RETURN_IF_ERROR(
        m_connection.run("DELETE FROM release_packages WHERE release_id = ?", {text(id)}).status());
    if (!release::isActive(model.release.state)) return absl::OkStatus();
    const auto hold = [&](const std::string& type, const char* purpose,
                          const release::Target& target) -> absl::Status {
        if (target.digest.empty()) return absl::OkStatus();
        const absl::Status status =
            m_connection
                .run(
                    "INSERT INTO release_packages (release_id, machine_type, purpose, digest) "
                    "VALUES (?, ?, ?, ?)",
                    {text(id), text(type), text(purpose), text(target.digest)})
                .status();
        if (!isForeignKey(status)) return status;
        return base::failedPrecondition("PACKAGE_UNKNOWN", target.digest,
                                        "{} {} ({}) is not in the package store; publish it again",
                                        model.release.spec.agent, target.version, target.digest);
    };
    for (const auto& [type, target] : model.targets)
        IFRIT_RETURN_IF_ERROR(hold(type, "target", target));
    for (const auto& [type, target] : model.previous) {
        if (target) IFRIT_RETURN_IF_ERROR(hold(type, "previous", *target));
    }
    return absl::OkStatus();
}

absl::Status SqlReleaseStore::put(const release::Model& model) {
    m_connection.notes().add(ChangeKind::Release, model.release.id);
    IFRIT_ASSIGN_OR_RETURN(const Stored before, stored(model.release.id));
    IFRIT_RETURN_IF_ERROR(putHead(model));
    const bool wasFixed = before.hasSpec && before.state != domain::ReleaseState::Draft;
    if (!wasFixed) IFRIT_RETURN_IF_ERROR(putSpec(model));
    // What it holds was fixed by its start and goes with its end: reports in between change none.
    if (wasFixed && before.state == model.release.state && release::isRunning(*before.state))
        return absl::OkStatus();
    IFRIT_RETURN_IF_ERROR(putRunning(model));
    return putPackages(model);
}

absl::StatusOr<std::vector<release::Model>> SqlReleaseStore::select(const std::string& rest,
                                                                    const Values& values) {
    std::vector<release::Model> out;
    const absl::Status status = m_connection.each(
        "SELECT id, number, agent, version, state, stage, created_by, reason, halt_reason, "
        "plan_id, created_ms, started_ms, ended_ms, document_json, spec_json "
        "FROM releases LEFT JOIN release_specs ON release_id = id " +
            rest,
        values, [&out](Row& row) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(release::Model model, readRelease(row));
            out.push_back(std::move(model));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<std::vector<release::Model>> SqlReleaseStore::list() {
    return select("ORDER BY number DESC", {});
}

absl::StatusOr<std::optional<release::Model>> SqlReleaseStore::find(const std::string& id) {
    IFRIT_ASSIGN_OR_RETURN(auto found, select("WHERE id = ?", {text(id)}));
    if (found.empty()) return std::optional<release::Model>();
    return std::optional<release::Model>(std::move(found.front()));
}

absl::StatusOr<std::string> SqlReleaseStore::idOf(std::uint64_t number) {
    std::string out;
    const absl::Status status =
        m_connection.each("SELECT id FROM releases WHERE number = ?", {integer(number)},
                          [&out](Row& row) -> absl::Status {
                              out = row.text();
                              return absl::OkStatus();
                          });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::Status SqlReleaseStore::putProgress(const std::string& releaseId,
                                          const std::vector<release::MachineProgress>& rows) {
    return putReleaseMachines(m_connection, releaseId, rows);
}

absl::Status SqlReleaseStore::moveProgress(
    const std::string& releaseId, const std::map<std::string, release::MachineProgress>& stored,
    const std::vector<release::MachineProgress>& rows) {
    return moveReleaseMachines(m_connection, releaseId, stored, rows);
}

absl::StatusOr<std::map<std::string, release::MachineProgress>> SqlReleaseStore::loadProgress(
    const std::string& releaseId) {
    return loadReleaseMachines(m_connection, releaseId);
}

absl::StatusOr<std::vector<release::MachineProgress>> SqlReleaseStore::loadProgress(
    const std::string& releaseId, const ProgressPage& page) {
    return loadReleaseMachines(m_connection, releaseId, page);
}

absl::StatusOr<std::uint64_t> SqlReleaseStore::countProgress(const std::string& releaseId) {
    std::uint64_t out = 0;
    const absl::Status status =
        m_connection.each("SELECT COUNT(*) FROM release_machines WHERE release_id = ?",
                          {text(releaseId)}, [&out](Row& row) -> absl::Status {
                              out = row.as<std::uint64_t>();
                              return absl::OkStatus();
                          });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<std::uint64_t> SqlReleaseStore::eraseProgress(const std::string& releaseId,
                                                             std::size_t limit) {
    return eraseReleaseMachines(m_connection, releaseId, limit);
}

absl::StatusOr<bool> SqlReleaseStore::hasDependents(const release::Model& model) {
    bool found = false;
    const auto look = [&](const char* sql, const std::string& value) {
        if (found) return absl::OkStatus();
        return m_connection.each(sql, {text(value)}, [&found](Row&) -> absl::Status {
            found = true;
            return absl::OkStatus();
        });
    };
    const std::string& id = model.release.id;
    IFRIT_RETURN_IF_ERROR(look("SELECT 1 FROM desired_rows WHERE release_id = ? LIMIT 1", id));
    IFRIT_RETURN_IF_ERROR(
        look("SELECT 1 FROM campaigns WHERE release_id = ? AND is_open <> 0 LIMIT 1", id));
    for (const auto& [type, target] : model.targets) {
        if (target.digest.empty()) continue;
        IFRIT_RETURN_IF_ERROR(
            look("SELECT 1 FROM known_bad_clears WHERE digest = ? LIMIT 1", target.digest));
    }
    return found;
}

absl::Status SqlReleaseStore::appendTimeline(const std::string& releaseId,
                                             const std::vector<release::TimelineNote>& notes) {
    for (const release::TimelineNote& note : notes) {
        const auto added = m_connection.run(
            "INSERT INTO release_timeline (release_id, at_ms, what, actor, message) "
            "VALUES (?, ?, ?, ?, ?)",
            {text(releaseId), time(note.at), text(note.what), text(note.actor),
             text(note.message)});
        IFRIT_RETURN_IF_ERROR(added.status());
    }
    return absl::OkStatus();
}

absl::StatusOr<std::vector<release::TimelineNote>> SqlReleaseStore::loadTimeline(
    const std::string& releaseId) {
    std::vector<release::TimelineNote> out;
    const absl::Status status = m_connection.each(
        "SELECT at_ms, what, actor, message FROM release_timeline WHERE release_id = ? "
        "ORDER BY id",
        {text(releaseId)}, [&out](Row& row) -> absl::Status {
            release::TimelineNote note;
            note.at = row.time();
            note.what = row.text();
            note.actor = row.text();
            note.message = row.text();
            out.push_back(std::move(note));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

}  // namespace ifrit::master::storage::sql
