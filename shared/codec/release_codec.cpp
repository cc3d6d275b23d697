// SPDX-License-Identifier: Apache-2.0
#include "shared/codec/release_codec.h"

#include "shared/base/status.h"
#include "shared/codec/enum_codec.h"
#include "shared/codec/limits.h"
#include "shared/domain/names.h"

namespace ifrit::codec {
namespace {

constexpr std::uint64_t kMaxDurationMs = 30ULL * 24 * 3600 * 1000;
constexpr std::size_t kMaxMachineTypes = 32;

absl::StatusOr<std::chrono::milliseconds> durationFromWire(const char* what, std::uint64_t millis) {
    if (millis > kMaxDurationMs) {
        return base::invalidArgument("DURATION_INVALID", what, "{} is longer than 30 days", what);
    }
    return std::chrono::milliseconds(static_cast<std::int64_t>(millis));
}

absl::StatusOr<domain::GraySelection> fromWire(const v1::GraySelection& gray) {
    IFRIT_RETURN_IF_ERROR(checkCount("machines of the gray list",
                                     static_cast<std::size_t>(gray.uuids_size()), kMaxGrayUuids));
    for (const std::string& uuid : gray.uuids()) {
        IFRIT_RETURN_IF_ERROR(domain::checkMachineUuid(uuid));
    }
    IFRIT_RETURN_IF_ERROR(checkText("pin", gray.pin(), domain::kMaxNameBytes));
    IFRIT_RETURN_IF_ERROR(checkLabels(gray.labels()));
    return domain::GraySelection{{gray.uuids().begin(), gray.uuids().end()},
                                 gray.pin(),
                                 {gray.labels().begin(), gray.labels().end()}};
}

absl::Status checkTarget(const v1::ReleaseSpec& spec, domain::DesiredAction action) {
    IFRIT_RETURN_IF_ERROR(domain::checkAgentName(spec.agent()));
    if (action == domain::DesiredAction::Install) {
        IFRIT_RETURN_IF_ERROR(domain::checkVersion(spec.version()));
    } else if (!spec.version().empty()) {
        return base::invalidArgument("VERSION_UNEXPECTED", spec.agent(),
                                     "an uninstall of {} takes no version", spec.agent());
    }
    if (spec.machine_types().empty()) {
        return base::invalidArgument("TYPES_MISSING", spec.agent(),
                                     "name at least one machine type");
    }
    IFRIT_RETURN_IF_ERROR(checkCount(
        "machine types", static_cast<std::size_t>(spec.machine_types_size()), kMaxMachineTypes));
    for (const std::string& type : spec.machine_types()) {
        IFRIT_RETURN_IF_ERROR(domain::checkMachineType(type));
    }
    return absl::OkStatus();
}

}  // namespace

v1::ReleaseSpec toWire(const domain::ReleaseSpec& spec) {
    v1::ReleaseSpec out;
    out.set_agent(spec.agent);
    out.set_action(toWire(spec.action));
    out.set_version(spec.version);
    for (const std::string& type : spec.machineTypes)
        out.add_machine_types(type);
    if (!spec.gray.empty()) {
        v1::GraySelection& gray = *out.mutable_gray();
        for (const std::string& uuid : spec.gray.uuids)
            gray.add_uuids(uuid);
        gray.set_pin(spec.gray.pin);
        for (const auto& [key, value] : spec.gray.labels)
            (*gray.mutable_labels())[key] = value;
    }
    out.set_soak_ms(static_cast<std::uint64_t>(spec.soak.count()));
    out.set_machine_deadline_ms(static_cast<std::uint64_t>(spec.machineDeadline.count()));
    out.set_auto_verify(spec.autoVerify);
    return out;
}

absl::StatusOr<domain::ReleaseSpec> fromWire(const v1::ReleaseSpec& spec) {
    domain::ReleaseSpec out;
    IFRIT_ASSIGN_OR_RETURN(out.action, fromWire(spec.action()));
    IFRIT_RETURN_IF_ERROR(checkTarget(spec, out.action));
    IFRIT_ASSIGN_OR_RETURN(out.gray, fromWire(spec.gray()));
    IFRIT_ASSIGN_OR_RETURN(out.soak, durationFromWire("soak", spec.soak_ms()));
    if (spec.machine_deadline_ms() != 0) {
        IFRIT_ASSIGN_OR_RETURN(out.machineDeadline,
                               durationFromWire("machine deadline", spec.machine_deadline_ms()));
    }
    out.agent = spec.agent();
    out.version = spec.version();
    out.machineTypes = {spec.machine_types().begin(), spec.machine_types().end()};
    out.autoVerify = spec.auto_verify();
    return out;
}

v1::StageProgress toWire(const domain::StageCounts& counts) {
    v1::StageProgress out;
    out.set_kind(toWire(counts.kind));
    out.set_batch(counts.batch);
    out.set_targeted(counts.targeted);
    for (const auto& [outcome, count] : counts.outcomes) {
        (*out.mutable_outcomes())[toWire(outcome)] = count;
    }
    out.set_offline(counts.offline);
    out.set_in_flight(counts.inFlight);
    out.set_opened_ms(timeToWire(counts.opened));
    out.set_closed_ms(timeToWire(counts.closed));
    out.set_soak_until_ms(timeToWire(counts.soakUntil));
    return out;
}

absl::StatusOr<domain::StageCounts> fromWire(const v1::StageProgress& progress) {
    domain::StageCounts out;
    IFRIT_ASSIGN_OR_RETURN(out.kind, fromWire(progress.kind()));
    out.batch = progress.batch();
    out.targeted = progress.targeted();
    for (const auto& [number, count] : progress.outcomes()) {
        IFRIT_ASSIGN_OR_RETURN(domain::Outcome outcome, fromWire(static_cast<v1::Outcome>(number)));
        out.outcomes[outcome] = count;
    }
    out.offline = progress.offline();
    out.inFlight = progress.in_flight();
    out.opened = timeFromWire(progress.opened_ms());
    out.closed = timeFromWire(progress.closed_ms());
    out.soakUntil = timeFromWire(progress.soak_until_ms());
    return out;
}

v1::Release toWire(const domain::Release& release) {
    v1::Release out;
    out.set_id(release.id);
    out.set_number(release.number);
    *out.mutable_spec() = toWire(release.spec);
    out.set_state(toWire(release.state));
    out.set_stage(toWire(release.stage));
    out.set_halt_reason(release.haltReason);
    out.set_created_by(release.createdBy);
    out.set_reason(release.reason);
    out.set_plan_id(release.planId);
    out.set_created_ms(base::toUnixMillis(release.created));
    out.set_started_ms(timeToWire(release.started));
    out.set_ended_ms(timeToWire(release.ended));
    for (const domain::StageCounts& stage : release.stages)
        *out.add_stages() = toWire(stage);
    for (const auto& [type, version] : release.previousVersions) {
        (*out.mutable_previous_versions())[type] = version;
    }
    return out;
}

absl::StatusOr<domain::Release> fromWire(const v1::Release& release) {
    domain::Release out;
    out.id = release.id();
    out.number = release.number();
    IFRIT_ASSIGN_OR_RETURN(out.spec, fromWire(release.spec()));
    IFRIT_ASSIGN_OR_RETURN(out.state, fromWire(release.state()));
    IFRIT_ASSIGN_OR_RETURN(out.stage, fromWire(release.stage()));
    out.haltReason = release.halt_reason();
    out.createdBy = release.created_by();
    out.reason = release.reason();
    out.planId = release.plan_id();
    out.created = base::fromUnixMillis(release.created_ms());
    out.started = timeFromWire(release.started_ms());
    out.ended = timeFromWire(release.ended_ms());
    for (const v1::StageProgress& stage : release.stages()) {
        IFRIT_ASSIGN_OR_RETURN(domain::StageCounts counts, fromWire(stage));
        out.stages.push_back(std::move(counts));
    }
    out.previousVersions = {release.previous_versions().begin(), release.previous_versions().end()};
    return out;
}

}  // namespace ifrit::codec
