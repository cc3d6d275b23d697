// SPDX-License-Identifier: Apache-2.0
#include "master/release/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "master/release/gray_list.h"
#include "master/release/plan_digest.h"
#include "master/release/plan_duration.h"
#include "master/release/stages.h"
#include "master/release/verdict.h"
#include "shared/domain/pilot.h"

namespace ifrit::master::release {
namespace {

using domain::StageKind;

constexpr char kAlready[] = "ALREADY";
constexpr char kKnownBad[] = "KNOWN_BAD";
constexpr char kOffline[] = "OFFLINE";

void addToStage(Plan& plan, const MachineProgress& machine, bool changes, std::uint64_t bytes) {
    for (PlanStage& stage : plan.stages) {
        if (stage.kind != machine.stage || stage.batch != machine.batch) continue;
        ++stage.machines[machine.machineType];
        ++stage.fromVersions[machine.fromVersion];
        if (!changes) continue;
        ++stage.changing;
        stage.bytes += bytes;
        if (!machine.offline) continue;
        ++stage.silent;
        stage.silentBytes += bytes;
    }
}

std::optional<PlanRefusal> refusalOf(const PlanMachine& planned, const MachineProgress& machine,
                                     const Target& target, const std::string& agent) {
    if (isOn(target, machine)) return {{machine.uuid, kAlready, "it runs this version already"}};
    if (machine.knownBad) {
        return {
            {machine.uuid, kKnownBad, "this version failed there before; clear it to try again"}};
    }
    if (planned.isFull) return {{machine.uuid, kAgentsFull, sayAgentsFull(agent)}};
    if (planned.refusal) return {{machine.uuid, planned.refusal->reason, planned.refusal->message}};
    if (machine.offline) return {{machine.uuid, kOffline, "it is not reachable now"}};
    return std::nullopt;
}

/// Whoever is told only the first of them reads those that would fail before those that are well.
void sortRefusals(std::vector<PlanRefusal>& refusals) {
    const auto rank = [](const PlanRefusal& refusal) {
        if (refusal.reason == kAlready) return 3;
        if (refusal.reason == kOffline) return 2;
        return refusal.reason == kKnownBad ? 1 : 0;
    };
    std::stable_sort(refusals.begin(), refusals.end(),
                     [&rank](const auto& a, const auto& b) { return rank(a) < rank(b); });
}

/// Why nothing can be made of the draft as it is; empty: it can.
std::string conflictWithRing(const domain::ReleaseSpec& spec, std::uint32_t ringBatches) {
    const domain::BatchPlan& batches = spec.batches;
    if (!batches.enabled || batches.order.empty() || fitsRing(batches.order, ringBatches))
        return {};
    return fmt::format(
        "its own order of batches names {}, and the ring has {} since: make a new draft with an "
        "order of those, or without one",
        batches.order.size(), ringBatches);
}

/// By machine type: the largest pilotHash() that the pilot takes, of the machines that are on no
/// gray list.
std::map<std::string, std::uint64_t> pilotLimitsOf(const PlanInput& input, const GrayList& gray) {
    const domain::Release& release = *input.release;
    if (release.spec.pilot.empty()) return {};
    std::map<std::string, std::vector<std::uint64_t>> hashes;
    for (const PlanMachine& machine : input.machines) {
        if (input.targets.count(machine.facts.machineType) != 0 && !gray.has(machine.facts))
            hashes[machine.facts.machineType].push_back(
                domain::pilotHash(machine.facts.uuid, release.id));
    }
    std::map<std::string, std::uint64_t> out;
    for (auto& [type, values] : hashes) {
        const std::size_t size = domain::pilotSize(release.spec.pilot, values.size());
        if (size == 0) continue;
        const auto last = values.begin() + static_cast<std::ptrdiff_t>(size - 1);
        std::nth_element(values.begin(), last, values.end());
        out[type] = *last;
    }
    return out;
}

StageKey stageOf(const PlanMachine& machine, const PlanInput& input, const GrayList& gray,
                 const std::map<std::string, std::uint64_t>& pilotLimits) {
    const domain::ReleaseSpec& spec = input.release->spec;
    if (gray.has(machine.facts)) return {StageKind::Gray, 0};
    const auto limit = pilotLimits.find(machine.facts.machineType);
    if (limit != pilotLimits.end() &&
        domain::pilotHash(machine.facts.uuid, input.release->id) <= limit->second)
        return {StageKind::Pilot, 0};
    return hashStageOf(spec, machine.ringBatch);
}

/// A stage that was asked for and tries it nowhere. No conflict: a campaign's clusters need not all
/// have the pin, and what comes next waits for a person.
std::string noteOfGray(const domain::GraySelection& gray, const Plan& plan) {
    if (gray.empty() || !plan.stages.front().machines.empty()) return {};
    return "the gray stage has no machine: none of the release's types has such a uuid, pin or "
           "labels, and nothing is tried before the next stage";
}

}  // namespace

MachineProgress progressOf(const PlanMachine& machine, const Target& target) {
    MachineProgress out;
    out.uuid = machine.facts.uuid;
    out.machineType = machine.facts.machineType;
    out.offline = machine.offline;
    out.reportMark = machine.reportMark;
    out.pinned = machine.pinned;
    if (!machine.report) return out;
    out.fromVersion = machine.report->runningVersion;
    out.runningVersion = machine.report->runningVersion;
    out.runningDigest = machine.report->runningDigest;
    out.state = machine.report->state;
    out.step = machine.report->step;
    out.sample = machine.report->sample;
    out.damaged = machine.report->integrity == domain::Integrity::Damaged;
    const auto& bad = machine.report->knownBad;
    out.knownBad = std::find(bad.begin(), bad.end(), target.digest) != bad.end();
    return out;
}

Plan makePlan(const PlanInput& input) {
    const domain::ReleaseSpec& spec = input.release->spec;
    const GrayList gray(spec.gray);
    Plan plan;
    plan.generation = input.generation;
    plan.conflicts = input.conflicts;
    if (std::string conflict = conflictWithRing(spec, input.ringBatches); !conflict.empty())
        plan.conflicts.push_back(std::move(conflict));
    plan.start.targets = input.targets;
    plan.start.previous = input.previous;
    plan.start.newestStamp = input.newestStamp;
    plan.start.stages = stagesOf(spec, input.ringBatches, input.release->number);
    plan.start.pilotLimits = pilotLimitsOf(input, gray);
    for (const StageKey& stage : plan.start.stages)
        plan.stages.push_back({stage.kind, stage.batch, {}, {}, 0, 0, 0, 0, {}});
    for (const PlanMachine& machine : input.machines) {
        const auto target = input.targets.find(machine.facts.machineType);
        if (target == input.targets.end()) continue;
        plan.start.machines.push_back(progressOf(machine, target->second));
        MachineProgress& planned = plan.start.machines.back();
        const StageKey stage = stageOf(machine, input, gray, plan.start.pilotLimits);
        planned.stage = stage.kind;
        planned.batch = stage.batch;
        if (machine.isFull) planned.reason = kAgentsFull;
        if (auto refusal = refusalOf(machine, planned, target->second, spec.agent))
            plan.refusals.push_back(*std::move(refusal));
        const auto archive = input.archiveBytes.find(machine.facts.machineType);
        const bool changes = !isOn(target->second, planned);
        const std::uint64_t bytes =
            changes && archive != input.archiveBytes.end() ? archive->second : 0;
        addToStage(plan, planned, changes, bytes);
        plan.changing += changes ? 1 : 0;
        plan.bytesTotal += bytes;
        if (!changes || !planned.offline) continue;
        ++plan.silent;
        plan.silentBytes += bytes;
    }
    if (std::string note = noteOfGray(spec.gray, plan); !note.empty())
        plan.notes.push_back(std::move(note));
    sortRefusals(plan.refusals);
    std::sort(plan.start.machines.begin(), plan.start.machines.end(),
              [](const auto& a, const auto& b) { return a.uuid < b.uuid; });
    plan.clusterMachines = input.clusterMachines;
    plan.archiveBytes = input.archiveBytes;
    foretell(input, plan);
    plan.id = planDigest(spec, plan.start);
    plan.start.planId = plan.id;
    return plan;
}

}  // namespace ifrit::master::release
