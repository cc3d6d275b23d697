// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "master/release/change_time.h"
#include "master/release/cost_gate.h"
#include "master/release/gate.h"
#include "master/release/stages.h"
#include "master/release/transition.h"
#include "master/release/verdict.h"
#include "shared/base/wording.h"
#include "shared/domain/enum_names.h"

namespace ifrit::master::release {

using domain::Outcome;
using domain::ReleaseState;
using domain::StageKind;

namespace {

constexpr char kMachines[] = "machines";

/// A resume accepted what a gate had halted the stage for.
bool hasAccepted(const std::map<domain::GateKind, std::uint32_t>& accepted) {
    return std::any_of(accepted.begin(), accepted.end(),
                       [](const auto& kind) { return kind.second > 0; });
}

}  // namespace

void Transition::setState(ReleaseState state) {
    if (m_model.closedSince && state != m_model.release.state) {
        // The next state judges anew whether anything may change in it.
        shiftDeadlines(m_now - *m_model.closedSince);
        m_model.closedSince.reset();
    }
    // Time that stood still does not count against machines that were refused a permit.
    const bool stood = m_model.release.state == ReleaseState::Paused ||
                       m_model.release.state == ReleaseState::Halted;
    if (stood) shiftDeadlines(m_now - m_model.stateSince);
    m_model.release.state = state;
    m_model.stateSince = m_now;
    m_effects.releaseChanged = true;
}

void Transition::note(const std::string& what, const std::string& actor,
                      const std::string& message) {
    m_effects.timeline.push_back({m_now, what, actor, message});
    m_effects.releaseChanged = true;
}

void Transition::openMachine(MachineProgress& machine) {
    machine.opened = true;
    machine.openedAt = m_now;
    machine.since = m_now;
    machine.deadline = machineDeadline();
    m_effects.machines.insert(machine.uuid);
    const bool runsAnother =
        !machine.runningDigest.empty() && machine.runningDigest != targetOf(machine).digest;
    if (runsAnother && machine.sample.rssBytes != 0) machine.before = machine.sample;
    if (machine.outcome != Outcome::Pending) return;
    if (isOn(targetOf(machine), machine))
        setOutcome(machine, Outcome::Already, {}, {});
    else if (machine.knownBad)
        setOutcome(machine, Outcome::Skipped, "KNOWN_BAD",
                   "this version failed here before and is not tried again until that is cleared");
    else if (machine.reason == kAgentsFull)
        setOutcome(machine, Outcome::Skipped, kAgentsFull,
                   sayAgentsFull(m_model.release.spec.agent));
}

void Transition::openStage(std::size_t index) {
    m_model.stageIndex = index;
    auto& stage = m_model.release.stages[index];
    m_model.release.stage = stage.kind;
    m_model.release.batch = stage.batch;
    stage.opened = m_now;
    m_model.stageSince = m_now;
    if (stage.kind == StageKind::Batch) {
        // A batch without machines makes nobody wait.
        stage.soakUntil =
            stage.targeted == 0 ? m_now : m_now + m_model.release.spec.batches.interval;
    } else if (stage.kind != StageKind::Full) {
        stage.soakUntil = m_now + m_model.release.spec.soak;
    }
    for (auto& [uuid, machine] : m_model.machines) {
        if (machine.stage != stage.kind || machine.batch != stage.batch) continue;
        // Removed before its stage opened, which it may not be touched by.
        if (machine.outcome != Outcome::Pending) continue;
        openMachine(machine);
        if (stage.kind == StageKind::Gray) putGray(machine, m_model.stamp);
    }
    if (stage.kind == StageKind::Pilot || stage.kind == StageKind::Batch) putHash(stage);
    if (stage.kind == StageKind::Full) settleFull();
    note(fmt::format("{} opened", describe(stage)), {}, base::countOf(stage.targeted, kMachines));
}

void Transition::closeStage() {
    m_model.release.stages[m_model.stageIndex].closed = m_now;
}

void Transition::evaluate(bool ticked) {
    const bool running = m_model.release.state == ReleaseState::Running;
    if (running && ticked && m_now - m_model.costChecked >= kCostInterval && haltOnCosts()) return;
    if (running) evaluateRunning();
    if (ticked && m_model.release.state == ReleaseState::RollingBack) evaluateRollBack();
}

bool Transition::haltOnGates() {
    const auto& release = m_model.release;
    for (std::size_t i = 0; i <= m_model.stageIndex && i < release.stages.size(); ++i) {
        const GateVerdict verdict =
            checkGates(release.stages[i], m_model.acceptedBad[i], release.spec.gates);
        if (!verdict.halt) continue;
        halt(verdict.sentence);
        return true;
    }
    return false;
}

bool Transition::haltOnCosts() {
    m_model.costChecked = m_now;
    const GateVerdict verdict = checkCosts(m_model);
    if (verdict.halt) halt(verdict.sentence);
    return verdict.halt;
}

void Transition::halt(const std::string& sentence) {
    m_model.release.haltReason = sentence;
    setState(ReleaseState::Halted);
    note("halted", {}, sentence);
}

/// Going back waits for no window.
bool Transition::closed() const {
    const bool back = m_model.release.state == ReleaseState::RollingBack;
    return isClosed(m_model.release.spec.windows, m_conditions, m_now,
                    back ? Bound::FreezeOnly : Bound::WindowsToo);
}

void Transition::shiftDeadlines(base::WallTime::duration by) {
    // Who came or began anew in that time did not stand through all of it.
    for (auto& [uuid, machine] : m_model.machines) {
        if (!machine.opened || machine.outcome != Outcome::Pending || !machine.deadline) continue;
        shiftMachine(machine, by);
    }
}

void Transition::shiftMachine(MachineProgress& machine, base::WallTime::duration by) {
    if (machine.deadline) machine.deadline = std::min(*machine.deadline + by, machineDeadline());
    if (machine.openedAt) machine.openedAt = std::min(*machine.openedAt + by, m_now);
    m_effects.machines.insert(machine.uuid);
}

/// While nothing may change no machine can: that time does not count against it.
void Transition::followOpening() {
    const bool now = closed();
    if (now == m_model.closedSince.has_value()) return;
    if (now) {
        m_model.closedSince = m_now;
        note("held", {}, changeBarOf(m_model.release.spec.windows, m_conditions, m_now).message);
        return;
    }
    for (auto& [uuid, machine] : m_model.machines) {
        if (!machine.opened || machine.outcome != Outcome::Pending || machine.inFlight) continue;
        // All of it anew: nobody may have looked at the clock when it closed.
        machine.deadline = machineDeadline();
        machine.openedAt = m_now;
        m_effects.machines.insert(uuid);
    }
    m_model.closedSince.reset();
    m_model.openSince = m_now;
    note("goes on", {}, "machines may change again");
}

/// Whether the master opens the stage after it, all its machines having come out.
bool Transition::goesOnByItself(const domain::StageCounts& stage) const {
    const auto& spec = m_model.release.spec;
    if (stage.soakUntil && m_now < *stage.soakUntil) return false;
    if (closed() || isHearing()) return false;
    if (stage.kind == StageKind::Batch) return spec.batches.advance == domain::BatchAdvance::Auto;
    // A stage in which nobody was reachable has shown nothing.
    return spec.autoVerify && denominatorOf(stage) > 0;
}

void Transition::evaluateRunning() {
    // Several stages in one event where they are empty.
    while (!haltOnGates()) {
        const auto& stage = m_model.release.stages[m_model.stageIndex];
        if (awaitedOf(stage) > 0) return;
        if (stage.kind == StageKind::Full) {
            for (const auto& before : m_model.release.stages) {
                if (awaitedOf(before) > 0) return;
            }
            if (!haltOnCosts()) finishRun();
            return;
        }
        if (!goesOnByItself(stage) || haltOnCosts()) return;
        closeStage();
        if (stage.kind != StageKind::Batch) {
            const bool isLetPass = hasAccepted(m_model.acceptedBad[m_model.stageIndex]);
            note("verified", {},
                 isLetPass ? "soak over; a person let what had halted it pass"
                           : "soak over, gate passed");
        }
        openStage(m_model.stageIndex + 1);
    }
}

void Transition::finishRun() {
    for (auto& [uuid, machine] : m_model.machines) {
        if (machine.outcome == Outcome::Pending) {
            setOutcome(machine, Outcome::Skipped, "OFFLINE",
                       "it was not reachable; it gets the settled version when it returns");
        }
    }
    for (auto& stage : m_model.release.stages) {
        if (!stage.closed) stage.closed = m_now;
    }
    end(ReleaseState::Done, "done", "every reachable machine has its outcome");
}

void Transition::end(ReleaseState state, const char* what, const std::string& message) {
    setState(state);
    m_model.release.ended = m_now;
    note(what, {}, message);
}

void Transition::evaluateRollBack() {
    std::uint32_t away = 0;
    for (const auto& [uuid, machine] : m_model.machines) {
        if (!isReturned(machine)) ++away;
    }
    const auto since = std::max(m_model.stateSince, m_model.openSince.value_or(m_model.stateSince));
    const auto deadline = m_model.closedSince ? *m_model.closedSince + kClosedDeadline
                                              : since + (machineDeadline() - m_now);
    const bool isOver = m_now >= deadline && !isHearing();
    if (away > 0 && !isOver && m_now < m_model.stateSince + kStageDeadline) return;
    std::string how = "every reachable machine runs what it ran before";
    if (away == 1) how = "1 machine had not gone back by the deadline";
    if (away > 1) how = fmt::format("{} machines had not gone back by the deadline", away);
    end(ReleaseState::RolledBack, "rolled back", how);
}

void Transition::failOverdue() {
    if (isHearing()) return;
    const auto& spec = m_model.release.spec;
    for (auto& [uuid, machine] : m_model.machines) {
        if (!machine.opened || machine.outcome != Outcome::Pending || machine.offline) continue;
        if (m_model.closedSince && !machine.inFlight) continue;
        // However often it leaves and comes back, its reachable time is bounded.
        const auto last = *machine.openedAt + kMachineDeadlines * spec.machineDeadline;
        if (machine.deadline && m_now < *machine.deadline && m_now < last) continue;
        setOutcome(machine, Outcome::Failed, "DEADLINE",
                   machine.step.empty() ? std::string("no outcome was reported in time")
                                        : "no outcome in time; last seen: " + machine.step);
    }
}

/// A running release whose time is over.
void Transition::abortOverdue() {
    const auto& stage = m_model.release.stages[m_model.stageIndex];
    // A release of an earlier version has no other time.
    const base::WallTime opened = m_model.stageSince.value_or(*stage.opened);
    if (m_now >= opened + kStageDeadline) {
        abort({}, "a stage was open for 90 days");
        return;
    }
    if (m_model.closedSince) {
        if (m_now >= *m_model.closedSince + kClosedDeadline)
            abort({}, "nothing was allowed to change for 30 days");
        return;
    }
    if (stage.kind == StageKind::Full) return;
    const auto since =
        std::max({opened, stage.soakUntil.value_or(opened), m_model.openSince.value_or(opened)});
    if (m_now >= since + kOperatorDeadline) abort({}, "nobody let it go on within 7 days");
}

absl::Status Transition::handle(const Ticked&) {
    const auto since = m_now - m_model.stateSince;
    switch (m_model.release.state) {
        case ReleaseState::Draft:
            if (m_now - m_model.release.created >= kDraftDeadline)
                abort({}, "the draft was not started within 30 days");
            break;
        case ReleaseState::Paused:
        case ReleaseState::Halted:
            if (since >= kOperatorDeadline) abort({}, "nobody decided within 7 days");
            break;
        case ReleaseState::Running:
            followOpening();
            failOverdue();
            abortOverdue();
            break;
        case ReleaseState::RollingBack:
            followOpening();
            break;
        default:
            break;
    }
    return absl::OkStatus();
}

}  // namespace ifrit::master::release
