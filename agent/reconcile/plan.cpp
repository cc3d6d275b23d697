// SPDX-License-Identifier: Apache-2.0
#include "agent/reconcile/plan.h"

#include <fmt/format.h>

#include "agent/reconcile/plan_of.h"
#include "agent/reconcile/plan_self.h"
#include "agent/reconcile/probation.h"
#include "agent/reconcile/reasons.h"
#include "agent/reconcile/retry_policy.h"
#include "agent/reconcile/step_positions.h"

namespace ifrit::agent::reconcile {
namespace {

using domain::DesiredAction;
using domain::MachineState;

bool isInstall(const AgentFacts& facts) {
    return facts.desired && facts.desired->action == DesiredAction::Install;
}

/// After a failed attempt to reach the version of `digest`, which is empty for an uninstall.
bool waitsForRetry(const AgentFacts& facts, const std::string& digest, base::WallTime now) {
    const auto& attempts = facts.record.attempts;
    return attempts && attempts->digest == digest && attempts->nextRetry &&
           now < *attempts->nextRetry;
}

AgentPlan planRetry(const AgentFacts& facts) {
    const auto& error = facts.record.lastError;
    AgentPlan plan = planOf(facts, error ? stateAfterFailure(*error) : MachineState::Scheduled,
                            error ? fmt::format("{} failed, waiting to try again", error->step)
                                  : "waiting to try again",
                            {{ActionKind::WaitUntil, facts.record.attempts->nextRetry}});
    plan.nextRetry = facts.record.attempts->nextRetry;
    return plan;
}

/// Supervised, and what is supervised is what the journal says is current.
bool currentIsSupervised(const AgentFacts& facts) {
    return facts.record.current && facts.process &&
           facts.process->digest == facts.record.current->digest &&
           facts.process->phase != supervise::Phase::Stopped;
}

/// Ended, and started again by its supervisor, which does not make what somebody removed.
bool lacksData(const AgentFacts& facts) {
    return !facts.dataOnDisk && currentIsSupervised(facts) &&
           facts.process->phase == supervise::Phase::BackingOff;
}

/// What could not even be started does not stay in the way of what ran before.
AgentPlan planUnjudged(const AgentFacts& facts, MachineState state, const std::string& step) {
    // What failed before this step began may be another version's, and is no reason here.
    const auto& error = facts.record.lastError;
    const bool isOfStep = error && error->at >= facts.record.step->started;
    return planOf(facts, state, step,
                  {{ActionKind::Revert, std::nullopt, std::string(kNoVerdict),
                    unjudged(isOfStep ? error->message : "")}});
}

bool hasMoved(const AgentFacts& facts) {
    return !facts.addressNow.empty() && currentIsSupervised(facts);
}

Action restartOf(const AgentFacts& facts) {
    return {ActionKind::Restart,
            std::nullopt,
            {},
            fmt::format("this machine's address is {} now, and was {}", facts.addressNow,
                        facts.addressUsed)};
}

AgentPlan planWatching(const AgentFacts& facts, base::WallTime now) {
    const journal::StepInProgress& step = *facts.record.step;
    const std::string watching = fmt::format("watching {}", step.target.version);
    if (facts.manifestLost) {
        // It could neither be started nor stopped as it says, and never be judged.
        return planOf(facts, MachineState::Watching, watching,
                      {{ActionKind::Revert, std::nullopt, std::string(kManifestLost),
                        "its manifest was lost from this disk in probation"}});
    }
    if (!currentIsSupervised(facts)) {
        if (isOverdue(facts)) return planUnjudged(facts, MachineState::Watching, watching);
        // Unless we saw it end (Stopped by us never happens here) this is a restart of ours.
        return planOf(facts, MachineState::Watching, watching, {{ActionKind::Start}});
    }
    if (hasMoved(facts) && !isOverdue(facts))
        return planOf(facts, MachineState::Watching, watching, {restartOf(facts)});
    const ProbationVerdict verdict = judgeProbation(facts, now);
    if (verdict.kind == ProbationVerdict::Kind::Failed) {
        return planOf(facts, MachineState::Watching, watching,
                      {{ActionKind::Revert, std::nullopt, verdict.reason, verdict.message}});
    }
    if (verdict.kind == ProbationVerdict::Kind::Passed) {
        return planOf(facts, MachineState::Watching, watching, {{ActionKind::Commit}});
    }
    // Where nobody names the agent any more nothing else waits, and the probation goes on.
    const bool superseded =
        facts.desired && (!isInstall(facts) || facts.desired->manifestDigest != step.target.digest);
    if (superseded) return planOf(facts, MachineState::Watching, watching, {{ActionKind::GiveUp}});
    AgentPlan plan = planOf(facts, MachineState::Watching, watching,
                            {{ActionKind::Watch, verdict.lookAgain}, {ActionKind::Commit}});
    plan.deadline = step.deadline;
    return plan;
}

AgentPlan planBegunStep(const AgentFacts& facts, base::WallTime now) {
    const journal::StepInProgress& step = *facts.record.step;
    if (step.operation == journal::Operation::Uninstall) {
        // Only a failure is waited after: what a kill cut short has left no retry time.
        if (waitsForRetry(facts, step.target.digest, now)) return planRetry(facts);
        return planOf(facts, MachineState::Installing, "uninstalling", {{ActionKind::Uninstall}});
    }
    if (step.position == kWatching) return planWatching(facts, now);
    const std::string text = step.position == kReverting
                                 ? "putting the previous version back"
                                 : fmt::format("switching to {}", step.target.version);
    if (step.position == kStarting && isOverdue(facts))
        return planUnjudged(facts, MachineState::Installing, text);
    return planOf(facts, MachineState::Installing, text, {{ActionKind::Recover}});
}

/// For a person: it may answer at the wrong address.
std::string assumption(const AgentFacts& facts) {
    if (facts.addressUsed.empty() || !facts.addressNow.empty()) return {};
    return fmt::format(
        "runs with the last known address of this machine, {}, until there is a network",
        facts.addressUsed);
}

/// After a restart of ours nobody has looked yet: what was well most likely is so still, and a
/// release must not count our own restart as a failure of the version.
AgentPlan planStart(const AgentFacts& facts) {
    const auto& error = facts.localError;
    if (!facts.process && !error) return planOf(facts, MachineState::Watching, "taking over", {});
    const bool isOfStart = error && (error->step == nameOf(ActionKind::Start) ||
                                     error->step == nameOf(ActionKind::Restart));
    return planOf(facts, MachineState::Degraded,
                  isOfStart ? "starting, after this failed: " + error->message : "starting", {});
}

std::string crashLoop(const supervise::AgentSnapshot& process) {
    return process.lastExit.empty() ? "crash loop" : "crash loop: " + process.lastExit;
}

/// How the version that is there does, where nothing is to be changed. keepRunning() acts.
AgentPlan planSteady(const AgentFacts& facts, MachineState healthy) {
    if (!currentIsSupervised(facts)) return planStart(facts);
    const supervise::AgentSnapshot& process = *facts.process;
    if (process.crashLooping) return planOf(facts, MachineState::Degraded, crashLoop(process), {});
    switch (process.health) {
        case supervise::Health::Healthy:
            return planOf(facts, healthy, assumption(facts), {});
        case supervise::Health::Unknown:
            if (process.phase == supervise::Phase::Running) {
                return planOf(
                    facts, MachineState::Watching,
                    process.unasked ? process.healthMessage : "waiting for its first probe", {});
            }
            [[fallthrough]];
        case supervise::Health::Unhealthy:
            break;
    }
    const bool ended = !process.running() && process.phase != supervise::Phase::Clearing;
    std::string why = ended ? process.lastExit : process.healthMessage;
    AgentPlan plan = planOf(facts, MachineState::Degraded, std::move(why), {});
    plan.nextRetry = process.nextStart;
    return plan;
}

/// The version that is there runs on, whatever is to be said about the one that is not.
AgentPlan keepRunning(const AgentFacts& facts, AgentPlan plan) {
    const bool runs = currentIsSupervised(facts) && !lacksData(facts);
    if (facts.record.current && !runs)
        plan.actions.insert(plan.actions.begin(), Action{ActionKind::Start});
    return plan;
}

AgentPlan planKnownBad(const AgentFacts& facts) {
    const std::string text = fmt::format(
        "{} failed here and is not tried again until it is cleared", facts.desired->version);
    // Of ifrit-agent something always runs: the version that came with the machine, if no other.
    const bool runs = facts.record.current || facts.self;
    const MachineState state = runs ? MachineState::Reverted : MachineState::Failed;
    return planOf(facts, state, text, {});
}

bool isPermitted(const AgentFacts& facts, base::WallTime now) {
    return facts.permit && facts.permit->digest == facts.desired->manifestDigest &&
           facts.permit->releaseId == facts.desired->releaseId &&
           facts.permit->isValid(now, facts.steadyNow);
}

AgentPlan describeNext(const AgentFacts& facts, std::vector<Action> actions) {
    const std::string& version = facts.desired->version;
    switch (actions.front().kind) {
        case ActionKind::FetchManifest:
            return planOf(facts, MachineState::Scheduled, "fetching the manifest",
                          std::move(actions));
        case ActionKind::Preflight:
            return planOf(facts, MachineState::Scheduled, "preflight", std::move(actions));
        case ActionKind::Download:
            return planOf(facts, MachineState::Downloading, "downloading", std::move(actions));
        case ActionKind::Unpack:
            return planOf(facts, MachineState::Verifying, "verifying and unpacking",
                          std::move(actions));
        case ActionKind::AskPermit:
            return planOf(facts, MachineState::WaitingPermit, "asking for a permit",
                          std::move(actions));
        default:
            return planOf(facts, MachineState::Installing, fmt::format("switching to {}", version),
                          std::move(actions));
    }
}

AgentPlan planInstall(const AgentFacts& facts, base::WallTime now) {
    // One that lost its probation to another version and is wanted again has yet to pass it.
    const bool isCurrent = facts.record.current && !facts.record.isUnproved() &&
                           facts.record.current->digest == facts.desired->manifestDigest;
    if (isCurrent) {
        const bool byThisRelease = facts.record.releaseId == facts.desired->releaseId;
        const auto healthy = byThisRelease ? MachineState::Healthy : MachineState::Already;
        return keepRunning(facts, planSteady(facts, healthy));
    }
    if (facts.record.isKnownBad(facts.desired->manifestDigest)) {
        return keepRunning(facts, planKnownBad(facts));
    }
    if (waitsForRetry(facts, facts.desired->manifestDigest, now))
        return keepRunning(facts, planRetry(facts));

    std::vector<Action> actions;
    if (facts.package < PackageProgress::Manifest) actions.push_back({ActionKind::FetchManifest});
    if (!facts.preflightPassed) actions.push_back({ActionKind::Preflight});
    if (facts.package < PackageProgress::Archive) actions.push_back({ActionKind::Download});
    if (facts.package < PackageProgress::Unpacked) actions.push_back({ActionKind::Unpack});
    if (!isPermitted(facts, now)) actions.push_back({ActionKind::AskPermit});
    actions.push_back({ActionKind::Switch});
    actions.push_back({ActionKind::Watch});
    actions.push_back({ActionKind::Commit});
    return keepRunning(facts, describeNext(facts, std::move(actions)));
}

AgentPlan planUninstall(const AgentFacts& facts, base::WallTime now) {
    const bool purge = facts.desired->action == DesiredAction::UninstallPurge;
    const bool anything =
        facts.record.current || facts.versionsOnDisk || (purge && facts.dataOnDisk);
    if (!anything && !facts.self) {
        return planOf(facts, MachineState::Healthy, "not installed", {});
    }
    if (waitsForRetry(facts, facts.desired->manifestDigest, now))
        return keepRunning(facts, planRetry(facts));
    // Refused by who carries it out; no permit is asked for what will not be done.
    if (facts.self) return planOf(facts, MachineState::Failed, "", {{ActionKind::Uninstall}});
    if (!isPermitted(facts, now)) {
        return keepRunning(facts, planOf(facts, MachineState::WaitingPermit, "asking for a permit",
                                         {{ActionKind::AskPermit}, {ActionKind::Uninstall}}));
    }
    return planOf(facts, MachineState::Installing, "uninstalling", {{ActionKind::Uninstall}});
}

AgentPlan planNoStep(const AgentFacts& facts, base::WallTime now) {
    if (!facts.desired) {
        return keepRunning(facts, planOf(facts, MachineState::Unmanaged, "", {}));
    }
    return isInstall(facts) ? planInstall(facts, now) : planUninstall(facts, now);
}

}  // namespace

AgentPlan planAgent(const AgentFacts& facts, base::WallTime now) {
    if (facts.self && (facts.record.step || facts.self->trial == SelfFacts::Trial::Leaving)) {
        return planSelfStep(facts, now);
    }
    if (facts.record.step) return planBegunStep(facts, now);
    AgentPlan plan = planNoStep(facts, now);
    if (hasMoved(facts)) plan.actions.insert(plan.actions.begin(), restartOf(facts));
    // Before a start: what is damaged must not be run.
    if (facts.repairDue) plan.actions.insert(plan.actions.begin(), Action{ActionKind::Repair});
    return plan;
}

std::vector<AgentPlan> planMachine(const std::vector<AgentFacts>& machine, base::WallTime now) {
    std::vector<AgentPlan> plans;
    plans.reserve(machine.size());
    for (const AgentFacts& facts : machine)
        plans.push_back(planAgent(facts, now));
    if (isOnTrial(machine)) {
        for (AgentPlan& plan : plans)
            changeNothing(plan, now);
    }
    return plans;
}

}  // namespace ifrit::agent::reconcile
