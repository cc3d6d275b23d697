// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "master/release/approval.h"
#include "master/release/cost_gate.h"
#include "master/release/gate.h"
#include "master/release/stages.h"
#include "master/release/transition.h"
#include "master/release/verbs.h"
#include "master/release/verdict.h"
#include "shared/base/status.h"
#include "shared/base/wording.h"
#include "shared/domain/enum_names.h"

namespace ifrit::master::release {

using domain::Outcome;
using domain::ReleaseState;
using domain::ReleaseVerb;
using domain::StageKind;

namespace {

constexpr char kMachines[] = "machines";

/// Each machine has to be in a stage of the plan, and to be of a type that it has a target for:
/// nothing would ever count it, nor say what it goes to.
absl::Status checkPlaces(const domain::Release& release, const StartInput& input) {
    std::set<std::pair<StageKind, std::uint32_t>> places;
    for (const StageKey& key : input.stages)
        places.emplace(key.kind, key.batch);
    for (const MachineProgress& machine : input.machines) {
        if (places.count({machine.stage, machine.batch}) != 0 &&
            input.targets.count(machine.machineType) != 0 &&
            input.previous.count(machine.machineType) != 0)
            continue;
        return base::makeError(
            absl::StatusCode::kAborted, "PLAN_CHANGED", release.id,
            fmt::format("the plan has no place for machine {}, of {} in {}; look at a new plan",
                        machine.uuid, machine.machineType,
                        describe(StageKey{machine.stage, machine.batch})));
    }
    return absl::OkStatus();
}

}  // namespace

absl::Status Transition::handle(const VerbGiven& event) {
    if (const auto refusal = verbRefusal(m_model, event.verb, m_now, m_conditions)) {
        return base::failedPrecondition(
            isFrozenFor(event.verb, m_conditions) ? "CLUSTER_FROZEN" : "RELEASE_STATE",
            m_model.release.id, "{}",
            refusalSentence(m_model, event.verb, *refusal, m_now, m_conditions));
    }
    switch (event.verb) {
        case ReleaseVerb::Start:
            return start(event);
        case ReleaseVerb::Verify:
        case ReleaseVerb::Promote:
            openNext(event);
            break;
        case ReleaseVerb::PromoteAll:
            while (m_model.stageIndex + 1 < m_model.release.stages.size())
                openNext(event);
            break;
        case ReleaseVerb::Pause:
            setState(ReleaseState::Paused);
            note("paused", event.actor, event.reason);
            break;
        case ReleaseVerb::Resume:
            resume(event);
            break;
        case ReleaseVerb::RetryFailed:
            retryFailed(event);
            break;
        case ReleaseVerb::Abort:
            abort(event.actor, event.reason);
            break;
        case ReleaseVerb::Rollback:
            rollBack(event);
            break;
        case ReleaseVerb::Approve:
            return approve(event);
    }
    return absl::OkStatus();
}

absl::Status Transition::approve(const VerbGiven& event) {
    IFRIT_RETURN_IF_ERROR(mayApprove(m_model.release, event.actor));
    if (event.planId.empty()) {
        return base::invalidArgument("PLAN_MISSING", m_model.release.id,
                                     "approve needs the id of the plan that was shown; plan first");
    }
    // Else who gave it could have another one give it too, and start.
    const auto& stands = m_model.release.approval;
    if (stands && stands->planId == event.planId && stands->by != event.actor) {
        return base::failedPrecondition(
            "RELEASE_STATE", m_model.release.id,
            "{} has approved this plan of release {}; it needs no other approval", stands->by,
            m_model.release.number);
    }
    m_model.release.approval = domain::Approval{event.actor, m_now, event.planId, event.reason};
    m_model.release.endedApproval.reset();
    note("approved", event.actor, event.reason);
    return absl::OkStatus();
}

absl::Status Transition::handle(const PlanChanged& event) {
    auto& approval = m_model.release.approval;
    if (m_model.release.state != ReleaseState::Draft || !approval ||
        approval->planId == event.planId)
        return absl::OkStatus();
    note("approval ended", {}, "the plan that " + approval->by + " approved no longer holds");
    m_model.release.endedApproval = std::exchange(approval, std::nullopt);
    return absl::OkStatus();
}

absl::Status Transition::start(const VerbGiven& event) {
    if (!event.start || event.start->targets.empty() || event.start->stages.empty())
        return base::invalidArgument("PLAN_MISSING", m_model.release.id,
                                     "start needs the plan that was shown; ask for one first");
    const StartInput& input = *event.start;
    IFRIT_RETURN_IF_ERROR(checkPlaces(m_model.release, input));
    auto& release = m_model.release;
    const bool required = release.spec.approvalRequired ||
                          (m_conditions.rules != nullptr && m_conditions.rules->requireApproval);
    IFRIT_RETURN_IF_ERROR(mayStart(release, required, event.actor, input.planId));
    m_model.targets = input.targets;
    m_model.previous = input.previous;
    // Newer than every standing entry of the agent, also when this clock runs behind the one that
    // stamped them: else the release would lose against what it replaces.
    m_model.stamp = std::max(m_now, input.newestStamp + std::chrono::milliseconds(1));
    m_model.standingStamp = m_model.stamp;
    release.planId = input.planId;
    release.started = m_now;
    release.stages.clear();
    m_model.machines.clear();
    for (const StageKey& key : input.stages) {
        auto& stage = release.stages.emplace_back();
        stage.kind = key.kind;
        stage.batch = key.batch;
    }
    m_model.pilotLimits = input.pilotLimits;
    m_model.acceptedBad.assign(release.stages.size(), {});
    m_model.pinnedDigests.clear();
    for (const MachineProgress& planned : input.machines) {
        if (planned.pinned) m_model.pinnedDigests.insert(planned.pinned->digest);
        MachineProgress& machine = m_model.machines.emplace(planned.uuid, planned).first->second;
        machine.outcome = Outcome::Pending;
        countIn(machine);
    }
    for (const auto& [type, previous] : input.previous)
        release.previousVersions[type] = previous ? previous->version : std::string();
    setState(ReleaseState::Running);
    note("started", event.actor, event.reason);
    openStage(0);
    return absl::OkStatus();
}

void Transition::openNext(const VerbGiven& event) {
    closeStage();
    note(event.verb == ReleaseVerb::Verify ? "verified" : "promoted", event.actor, event.reason);
    openStage(m_model.stageIndex + 1);
}

/// What had halted it does not halt it again: a person knows of it.
void Transition::acceptWhatIsBad() {
    const bool costs = checkCosts(m_model).halt;
    for (std::size_t i = 0; i < m_model.acceptedBad.size(); ++i) {
        auto& accepted = m_model.acceptedBad[i];
        const bool hadCost = accepted.count(domain::GateKind::Cost) != 0;
        accepted = m_model.release.stages[i].bad;
        accepted[domain::GateKind::Bad] = badOf(m_model.release.stages[i]);
        if (hadCost || (costs && i <= m_model.stageIndex)) accepted[domain::GateKind::Cost] = 1;
    }
}

void Transition::resume(const VerbGiven& event) {
    // A person saw what had halted it. In a pause no gate has looked: they do so now.
    if (m_model.release.state == ReleaseState::Halted) acceptWhatIsBad();
    m_model.release.haltReason.clear();
    setState(ReleaseState::Running);
    note("resumed", event.actor, event.reason);
}

void Transition::retryFailed(const VerbGiven& event) {
    std::uint32_t count = 0;
    for (auto& [uuid, machine] : m_model.machines) {
        const bool bad = machine.outcome == Outcome::Failed ||
                         machine.outcome == Outcome::Reverted || machine.outcome == Outcome::Silent;
        // One that was removed since cannot.
        if (!bad || !machine.opened) continue;
        ++count;
        setOutcome(machine, Outcome::Pending, {}, {});
        machine.openedAt = m_now;
        machine.retried = true;
        // What it had begun may be under way yet.
        if (machine.unheard && !machine.offline) setInFlight(machine, true);
        const std::string& digest = targetOf(machine).digest;
        if (!digest.empty()) m_effects.clearKnownBad[uuid] = digest;
    }
    for (auto& accepted : m_model.acceptedBad)
        std::erase_if(accepted, [](const auto& it) { return it.first != domain::GateKind::Cost; });
    // A pause is a person's: resume alone ends it. A halt was for what is tried again.
    if (m_model.release.state != ReleaseState::Paused) {
        m_model.release.haltReason.clear();
        setState(ReleaseState::Running);
    }
    note("retried", event.actor,
         fmt::format("{}: {}", base::countOf(count, kMachines), event.reason));
}

void Transition::pinMachines() {
    for (const auto& [uuid, machine] : m_model.machines) {
        // Who runs it badly stays on it too, and of whom nothing was heard since it changed, or got
        // its permit, nothing better is known.
        const std::string& digest = targetOf(machine).digest;
        const bool moved = machine.outcome == Outcome::Ok || machine.outcome == Outcome::Already ||
                           machine.outcome == Outcome::Silent || machine.inFlight ||
                           machine.unheard || (!digest.empty() && machine.runningDigest == digest);
        if (machine.opened && moved)
            putGray(machine, m_model.standingStamp);
        else if (m_model.fullOpened && machine.pinned)  // full took it away
            putGray(machine, *machine.pinned, m_model.standingStamp);
    }
}

void Transition::abort(const std::string& actor, const std::string& reason) {
    const bool started = m_model.release.started.has_value();
    if (started) {
        m_model.standingStamp =
            std::max(m_now, m_model.standingStamp + std::chrono::milliseconds(1));
        eraseOfRelease();
        if (m_model.fullOpened) {
            for (const auto& [type, previous] : m_model.previous) {
                putFull(type, previous.value_or(Target{}), m_model.standingStamp);
                // Where nothing was settled, nothing is again: no entry leaves machines alone.
                if (!previous) m_effects.desired.back().kind = DesiredEdit::Kind::EraseFull;
            }
        }
        // Every machine stays on what it runs now, until the agent's next release.
        pinMachines();
    }
    for (auto& [uuid, machine] : m_model.machines) {
        if (machine.outcome == Outcome::Pending)
            setOutcome(machine, Outcome::Aborted, "ABORTED", reason);
    }
    setState(ReleaseState::Aborted);
    m_model.release.ended = m_now;
    note("aborted", actor, reason);
}

void Transition::rollBack(const VerbGiven& event) {
    // Those that followed and were rolled back put back what had stood before them, under stamps of
    // their own.
    const bool isBehind = event.rolledBackSince.has_value();
    const base::WallTime newest =
        std::max(m_model.standingStamp, event.rolledBackSince.value_or(base::WallTime{}));
    m_model.standingStamp = std::max(m_now, newest + std::chrono::milliseconds(1));
    eraseOfRelease();
    // Before full, what had settled it still stands under a stamp of its own. Later the entry is
    // this release's, also the one that an abort put back, or that of one which followed: older
    // than the rollback it would get no permit.
    const bool isAnew = m_model.fullOpened || isBehind;
    for (const auto& [type, previous] : m_model.previous) {
        if (previous && !isAnew) continue;
        putFull(type, previous.value_or(Target{domain::DesiredAction::Uninstall, {}, {}}),
                m_model.standingStamp);
        if (isBehind) eraseOlder();
    }
    for (auto& [uuid, machine] : m_model.machines) {
        // What an earlier release left on single machines is put back, whether this one has touched
        // them or not: full took it away, and an entry that is put or uninstalls is newer.
        if (machine.pinned && (isAnew || !m_model.previous.at(machine.machineType)))
            putGray(machine, *machine.pinned, m_model.standingStamp);
        if (machine.outcome == Outcome::Pending)
            setOutcome(machine, Outcome::Aborted, "ROLLED_BACK", event.reason);
        // It may be switching yet: what it ran before is no sign that it went back.
        if (machine.unheard) setInFlight(machine, true);
    }
    m_model.release.ended.reset();
    setState(ReleaseState::RollingBack);
    note("rolling back", event.actor, event.reason);
}

}  // namespace ifrit::master::release
