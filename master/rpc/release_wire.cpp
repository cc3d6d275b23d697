// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/release_wire.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "master/release/change_time.h"
#include "master/release/cost_gate.h"
#include "master/release/gate.h"
#include "master/release/verbs.h"
#include "shared/base/hashing.h"
#include "shared/base/status.h"
#include "shared/codec/enum_codec.h"
#include "shared/codec/limits.h"
#include "shared/codec/release_codec.h"
#include "shared/domain/release_reach.h"

namespace ifrit::master::rpc {

v1::Release toWire(const release::Model& model, base::WallTime now, std::uint64_t clusterMachines,
                   const services::ReleaseEngine& engine) {
    const services::ClusterConditions standing = engine.conditions();
    const release::Conditions conditions = standing.get();
    v1::Release out = codec::toWire(model.release);
    out.set_cluster_machines(clusterMachines);
    std::string besides;
    for (const auto verb : release::allVerbs()) {
        auto refusal = release::verbRefusal(model, verb, now, conditions);
        if (!refusal) {
            // Else who looks at it would be offered what is refused.
            const absl::Status beside = engine.checkBeside(model.release, verb);
            if (!beside.ok()) refusal = base::messageOf(beside);
            if (refusal) besides += *refusal;
        }
        if (refusal)
            (*out.mutable_refused_verbs())[codec::toWire(verb)] = *refusal;
        else
            out.add_allowed_verbs(codec::toWire(verb));
        if (refusal || verb == domain::ReleaseVerb::Start || verb == domain::ReleaseVerb::Approve)
            continue;
        (*out.mutable_reached())[codec::toWire(verb)] =
            domain::reachedBy(verb, model.release.stages, model.release.spec.batches);
    }
    for (std::size_t i = 0; i < model.release.stages.size(); ++i) {
        v1::StageProgress& stage = *out.mutable_stages(static_cast<int>(i));
        stage.set_bad_limit(release::badBudget(model.release.spec.gates, model.release.stages[i]));
        if (release::isCostAccepted(model, i)) stage.set_cost_accepted(true);
    }
    // Without what only counts down, so that an etag says that something happened.
    v1::Release stable = codec::toWire(model.release);
    out.set_waits_for(release::waitsFor(model, now, conditions));
    out.set_waits_for_person(release::waitsForPerson(model, now, conditions));
    const bool required = model.release.spec.approvalRequired ||
                          (conditions.rules != nullptr && conditions.rules->requireApproval);
    out.set_approval_required(required);
    const release::ChangeBar bar =
        release::changeBarOf(model.release.spec.windows, conditions, now);
    out.set_change_closed(bar.closed());
    out.set_opens_ms(codec::timeToWire(bar.opens));
    std::string text = fmt::format(
        "{}/{}/{}/{}/{}/{}/{}/{}/{}", model.release.id, static_cast<int>(stable.state()),
        stable.halt_reason(), stable.approval().by(), stable.approval().plan_id(), bar.reason,
        stable.last_change().revision(), stable.has_history_removal(), besides);
    for (const auto& stage : model.release.stages) {
        text += fmt::format("|{},{},{},{},{}", stage.targeted, stage.offline, stage.inFlight,
                            stage.opened.has_value(), stage.closed.has_value());
        for (const auto& [outcome, count] : stage.outcomes)
            text += fmt::format(",{}={}", static_cast<int>(outcome), count);
    }
    out.set_etag(fmt::format("{:x}", base::xxh3(text)));
    return out;
}

namespace {

v1::ReleasePlan::Target targetOf(const release::Plan& plan, const std::string& type,
                                 const release::Target& target) {
    v1::ReleasePlan::Target out;
    out.set_machine_type(type);
    out.set_action(codec::toWire(target.action));
    out.set_version(target.version);
    out.set_manifest_digest(codec::digestToWire(target.digest));
    const auto bytes = plan.archiveBytes.find(type);
    if (bytes != plan.archiveBytes.end()) out.set_archive_bytes(bytes->second);
    const auto previous = plan.start.previous.find(type);
    if (previous != plan.start.previous.end() && previous->second) {
        out.set_had_previous(true);
        out.set_previous_version(previous->second->version);
    }
    return out;
}

}  // namespace

v1::ReleasePlan toWire(const release::Plan& plan, const std::string& releaseId) {
    constexpr std::size_t kRefusalsShown = 1'000;
    v1::ReleasePlan out;
    out.set_plan_id(plan.id);
    out.set_release_id(releaseId);
    out.set_generation(plan.generation);
    for (const auto& stage : plan.stages) {
        auto& wire = *out.add_stages();
        wire.set_kind(codec::toWire(stage.kind));
        wire.set_batch(stage.batch);
        for (const auto& [type, count] : stage.machines)
            (*wire.mutable_machines())[type] = count;
        for (const auto& [version, count] : stage.fromVersions)
            (*wire.mutable_from_versions())[version] = count;
        wire.set_changing(stage.changing);
        wire.set_bytes(stage.bytes);
        wire.set_silent(stage.silent);
        wire.set_silent_bytes(stage.silentBytes);
        wire.set_expected_duration_ms(static_cast<std::uint64_t>(stage.expectedDuration.count()));
    }
    for (const auto& [type, target] : plan.start.targets)
        *out.add_targets() = targetOf(plan, type, target);
    for (std::size_t i = 0; i < std::min(plan.refusals.size(), kRefusalsShown); ++i) {
        auto& wire = *out.add_refusals();
        wire.set_uuid(plan.refusals[i].uuid);
        wire.set_reason(plan.refusals[i].reason);
        wire.set_message(plan.refusals[i].message);
    }
    out.set_refusal_count(plan.refusals.size());
    for (const std::string& conflict : plan.conflicts)
        out.add_conflicts(conflict);
    for (const std::string& note : plan.notes)
        out.add_notes(note);
    out.set_approval_required(plan.approvalRequired);
    if (plan.approval) *out.mutable_approval() = codec::toWire(*plan.approval);
    if (plan.endedApproval) *out.mutable_ended_approval() = codec::toWire(*plan.endedApproval);
    out.set_changing(plan.changing);
    out.set_silent(plan.silent);
    out.set_silent_bytes(plan.silentBytes);
    out.set_bytes_total(plan.bytesTotal);
    out.set_machines_total(plan.start.machines.size());
    out.set_cluster_machines(plan.clusterMachines);
    out.set_expected_duration_ms(static_cast<std::uint64_t>(plan.expectedDuration.count()));
    return out;
}

v1::ResourceSample toWire(const domain::ResourceSample& sample) {
    v1::ResourceSample out;
    out.set_cpu_centipercent(static_cast<std::uint32_t>(std::lround(sample.cpuPercent * 100)));
    out.set_rss_bytes(sample.rssBytes);
    return out;
}

v1::ReleaseMachine toWire(const release::MachineProgress& machine) {
    v1::ReleaseMachine out;
    out.set_uuid(machine.uuid);
    out.set_stage(codec::toWire(machine.stage));
    out.set_batch(machine.batch);
    out.set_outcome(codec::toWire(machine.outcome));
    out.set_reason(machine.reason);
    out.set_message(machine.message);
    out.set_from_version(machine.fromVersion);
    out.set_running_version(machine.runningVersion);
    out.set_state(codec::toWire(machine.state));
    out.set_since_ms(base::toUnixMillis(machine.since));
    out.set_deadline_ms(codec::timeToWire(machine.deadline));
    out.set_step(machine.step);
    out.set_late(machine.late);
    if (machine.before) *out.mutable_before() = toWire(*machine.before);
    if (machine.sample.rssBytes != 0) *out.mutable_sample() = toWire(machine.sample);
    return out;
}

}  // namespace ifrit::master::rpc
