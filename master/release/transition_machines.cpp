// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "master/release/gate.h"
#include "master/release/transition.h"
#include "master/release/verdict.h"
#include "shared/domain/pilot.h"

namespace ifrit::master::release {

using domain::Outcome;
using domain::ReleaseState;

namespace {

constexpr char kIntegrity[] = "INTEGRITY";
constexpr char kKnownBad[] = "KNOWN_BAD";
constexpr char kRemoved[] = "REMOVED";
constexpr char kDeadline[] = "DEADLINE";

bool wasRemoved(const MachineProgress& machine) {
    return machine.outcome != Outcome::Pending && (!machine.opened || machine.reason == kRemoved);
}

/// An outcome that the machine did not report itself.
bool isUnheard(Outcome outcome, const std::string& reason) {
    return outcome == Outcome::Silent || outcome == Outcome::Aborted ||
           (outcome == Outcome::Failed && reason == kDeadline);
}

/// It has its permit and has not told yet what came of it.
bool isSwitching(domain::MachineState state) {
    return state == domain::MachineState::Installing || state == domain::MachineState::Watching;
}

bool isDamaged(const std::optional<domain::AgentReport>& report) {
    return report && report->integrity == domain::Integrity::Damaged;
}

}  // namespace

domain::StageCounts* Transition::stageOf(const MachineProgress& machine) {
    for (auto& stage : m_model.release.stages) {
        if (stage.kind == machine.stage && stage.batch == machine.batch) return &stage;
    }
    return nullptr;
}

const Target& Transition::targetOf(const MachineProgress& machine) const {
    return m_model.targets.at(machine.machineType);
}

base::WallTime Transition::machineDeadline() const {
    return m_now + std::max(m_model.release.spec.machineDeadline, std::chrono::milliseconds(1'000));
}

void Transition::setOutcome(MachineProgress& machine, Outcome outcome, const std::string& reason,
                            const std::string& message) {
    m_effects.machines.insert(machine.uuid);
    auto* stage = stageOf(machine);
    const auto badBefore = gateKindOf(machine.outcome, machine.reason);
    machine.reason = reason;
    machine.message = message;
    if (const auto bad = gateKindOf(outcome, reason); stage != nullptr && bad != badBefore) {
        if (badBefore && --stage->bad[*badBefore] == 0) stage->bad.erase(*badBefore);
        if (bad) ++stage->bad[*bad];
        if (badBefore) forgive(machine, *badBefore, !bad);
    }
    if (machine.outcome == outcome) return;
    if (machine.outcome != Outcome::Pending) passOver(machine, machine.since);
    if (stage != nullptr) {
        // The offline count is of machines without outcome: those left the denominator.
        const bool wasPending = machine.outcome == Outcome::Pending;
        if (machine.offline && wasPending) --stage->offline;
        if (machine.offline && outcome == Outcome::Pending) ++stage->offline;
        if (--stage->outcomes[machine.outcome] == 0) stage->outcomes.erase(machine.outcome);
        ++stage->outcomes[outcome];
    }
    machine.outcome = outcome;
    machine.since = m_now;
    if (outcome == Outcome::Pending) {
        machine.deadline = machineDeadline();
    } else {
        machine.deadline.reset();
        machine.retried = false;
        machine.unheard = machine.unheard || (machine.inFlight && isUnheard(outcome, reason));
        setInFlight(machine, false);
    }
}

/// What a person accepted was of this machine; what goes bad after it is new, and not accepted.
void Transition::forgive(const MachineProgress& machine, domain::GateKind kind, bool isWell) {
    const std::size_t stages = std::min(m_model.acceptedBad.size(), m_model.release.stages.size());
    for (std::size_t i = 0; i < stages; ++i) {
        const auto& stage = m_model.release.stages[i];
        if (stage.kind != machine.stage || stage.batch != machine.batch) continue;
        auto& accepted = m_model.acceptedBad[i];
        for (const auto counted : {kind, domain::GateKind::Bad}) {
            if (counted == domain::GateKind::Bad && !isWell) continue;
            const auto found = accepted.find(counted);
            if (found != accepted.end() && found->second > 0) --found->second;
        }
    }
}

/// The time since then does not count against the machine.
void Transition::passOver(MachineProgress& machine, base::WallTime from) const {
    if (machine.openedAt) machine.openedAt = std::min(*machine.openedAt + (m_now - from), m_now);
}

void Transition::setOffline(MachineProgress& machine, bool offline) {
    if (machine.offline == offline) return;
    machine.offline = offline;
    machine.offlineSince = offline ? std::optional(m_now) : std::nullopt;
    m_effects.machines.insert(machine.uuid);
    auto* stage = stageOf(machine);
    if (stage == nullptr || machine.outcome != Outcome::Pending) return;
    if (offline)
        ++stage->offline;
    else
        --stage->offline;
}

void Transition::setInFlight(MachineProgress& machine, bool inFlight) {
    if (machine.inFlight == inFlight) return;
    machine.inFlight = inFlight;
    m_effects.machines.insert(machine.uuid);
    auto* stage = stageOf(machine);
    if (stage == nullptr) return;
    if (inFlight)
        ++stage->inFlight;
    else
        --stage->inFlight;
}

void Transition::remember(MachineProgress& machine,
                          const std::optional<domain::AgentReport>& report) {
    const domain::AgentReport seen = report.value_or(domain::AgentReport{});
    const auto& bad = seen.knownBad;
    const bool knownBad = std::find(bad.begin(), bad.end(), targetOf(machine).digest) != bad.end();
    if (machine.runningVersion == seen.runningVersion &&
        machine.runningDigest == seen.runningDigest && machine.state == seen.state &&
        machine.step == seen.step && machine.knownBad == knownBad &&
        machine.damaged == isDamaged(report) && machine.sample == seen.sample)
        return;
    m_effects.machines.insert(machine.uuid);
    machine.runningVersion = seen.runningVersion;
    machine.runningDigest = seen.runningDigest;
    machine.state = seen.state;
    machine.step = seen.step;
    machine.knownBad = knownBad;
    machine.damaged = isDamaged(report);
    machine.sample = seen.sample;
}

/// The order to forget a bad version goes out with the answer to a report that still names it.
void Transition::heardFrom(MachineProgress& machine, bool isNew) {
    if (machine.unheard && isNew && !isSwitching(machine.state)) {
        machine.unheard = false;
        m_effects.machines.insert(machine.uuid);
    }
    if (!machine.retried || !isNew || machine.knownBad) return;
    machine.retried = false;
    m_effects.machines.insert(machine.uuid);
}

absl::Status Transition::handle(const Reported& event) {
    const auto found = m_model.machines.find(event.uuid);
    if (found == m_model.machines.end() || !isRunning(m_model.release.state))
        return absl::OkStatus();
    MachineProgress& machine = found->second;
    // Damage from before the release says nothing about it.
    const bool newlyDamaged = isDamaged(event.report) && !machine.damaged;
    const bool isNew = event.mark == 0 || event.mark != machine.reportMark;
    // Stored with what else changes: who had a permit, was retried or goes back has one that is
    // true.
    machine.reportMark = event.mark;
    remember(machine, event.report);
    heardFrom(machine, isNew);
    if (m_model.release.state == ReleaseState::RollingBack && isNew) setInFlight(machine, false);
    if (!machine.opened || m_model.release.state == ReleaseState::RollingBack)
        return absl::OkStatus();
    // Somebody cleared it: it is one of the stage's machines again.
    if (machine.outcome == Outcome::Skipped && machine.reason == kKnownBad && isNew &&
        !machine.knownBad)
        setOutcome(machine, Outcome::Pending, {}, {});
    if (machine.outcome == Outcome::Skipped || machine.outcome == Outcome::Aborted)
        return absl::OkStatus();
    // From before its permit.
    if (machine.inFlight && !isNew) return absl::OkStatus();
    MachineVerdict verdict = judge(targetOf(machine), m_model.release.id, event.report);
    if (machine.retried && verdict.outcome != Outcome::Ok) return absl::OkStatus();
    const bool staysDamaged =
        machine.damaged && machine.outcome == Outcome::Failed && machine.reason == kIntegrity;
    if (verdict.outcome == Outcome::Ok && (newlyDamaged || staysDamaged))
        verdict = {Outcome::Failed, kIntegrity, event.report->integrityNote};
    if (verdict.outcome == Outcome::Pending) {
        // It was well and no longer is, while the stage is still watched.
        const bool wasWell = machine.outcome == Outcome::Ok || machine.outcome == Outcome::Already;
        if (wasWell && machine.state == domain::MachineState::Degraded)
            setOutcome(machine, Outcome::Failed, "UNHEALTHY", machine.step);
        return absl::OkStatus();
    }
    if (verdict.outcome == Outcome::Ok && machine.outcome == Outcome::Already)
        return absl::OkStatus();
    if (verdict.outcome != machine.outcome)
        setOutcome(machine, verdict.outcome, verdict.reason, verdict.message);
    return absl::OkStatus();
}

absl::Status Transition::handle(const PresenceChanged& event) {
    const auto found = m_model.machines.find(event.uuid);
    if (found == m_model.machines.end() || !isRunning(m_model.release.state))
        return absl::OkStatus();
    MachineProgress& machine = found->second;
    const bool judged = machine.opened && m_model.release.state != ReleaseState::RollingBack;
    if (machine.offline != event.offline && judged) {
        const bool moved =
            machine.outcome == Outcome::Ok ||
            (machine.outcome == Outcome::Pending &&
             (machine.inFlight || (!targetOf(machine).digest.empty() &&
                                   machine.runningDigest == targetOf(machine).digest)));
        if (event.offline && moved) {
            setOutcome(machine, Outcome::Silent, "NO_CONTACT",
                       "it has not been heard of since it changed");
        }
        if (!event.offline && machine.outcome == Outcome::Silent)
            setOutcome(machine, Outcome::Pending, {}, {});
        // One that comes back gets the time that all the others got, and its turn among those that
        // came late.
        if (!event.offline && machine.outcome == Outcome::Pending) {
            // Unknown in a row of an earlier version: then all of it.
            const auto away = machine.offlineSince.value_or(machine.since);
            passOver(machine, std::max(away, machine.since));
            machine.deadline = machineDeadline();
            // What it had begun may be under way yet.
            if (machine.unheard) setInFlight(machine, true);
            machine.late = !machine.inFlight;
        }
    }
    setOffline(machine, event.offline);
    return absl::OkStatus();
}

StageKey Transition::placeOf(const Joined& event) const {
    const auto& spec = m_model.release.spec;
    if (m_model.fullOpened) return {domain::StageKind::Full, 0};
    if (event.gray && !spec.gray.empty()) return {domain::StageKind::Gray, 0};
    const auto limit = m_model.pilotLimits.find(event.machine.machineType);
    if (limit != m_model.pilotLimits.end() &&
        domain::pilotHash(event.machine.uuid, m_model.release.id) <= limit->second)
        return {domain::StageKind::Pilot, 0};
    return hashStageOf(spec, event.ringBatch);
}

absl::Status Transition::handle(const Joined& event) {
    // In a rollback there is no stage left to join: it gets what is settled.
    if (!isRunning(m_model.release.state) || m_model.release.state == ReleaseState::RollingBack ||
        m_model.targets.count(event.machine.machineType) == 0)
        return absl::OkStatus();
    const auto known = m_model.machines.find(event.machine.uuid);
    if (known != m_model.machines.end()) {
        if (wasRemoved(known->second)) rejoin(known->second, event.machine.machineType);
        return absl::OkStatus();
    }
    MachineProgress machine = event.machine;
    const StageKey place = placeOf(event);
    machine.stage = place.kind;
    machine.batch = place.batch;
    // The ring of a release that runs does not change; of a database that was put back it may have.
    if (stageOf(machine) == nullptr) {
        machine.stage = domain::StageKind::Full;
        machine.batch = 0;
    }
    machine.outcome = Outcome::Pending;
    machine.opened = false;
    MachineProgress& stored = m_model.machines.emplace(machine.uuid, machine).first->second;
    countIn(stored);
    openLate(stored);
    return absl::OkStatus();
}

void Transition::countIn(const MachineProgress& machine) {
    m_effects.machines.insert(machine.uuid);
    auto* stage = stageOf(machine);
    if (stage == nullptr) return;
    ++stage->targeted;
    ++stage->outcomes[Outcome::Pending];
    if (machine.offline) ++stage->offline;
}

void Transition::openLate(MachineProgress& machine) {
    const auto* stage = stageOf(machine);
    if (stage == nullptr || !stage->opened) return;
    machine.late = true;
    openMachine(machine);
    if (machine.stage == domain::StageKind::Gray && !m_model.fullOpened)
        putGray(machine, m_model.stamp);
}

/// In the place that it had, but as a machine of which nothing is known yet.
void Transition::rejoin(MachineProgress& machine, const std::string& machineType) {
    setOutcome(machine, Outcome::Pending, {}, {});
    setOffline(machine, false);
    machine.machineType = machineType;
    machine.runningVersion.clear();
    machine.runningDigest.clear();
    machine.state = domain::MachineState::Unknown;
    machine.knownBad = machine.damaged = false;
    openLate(machine);
}

absl::Status Transition::handle(const Removed& event) {
    const auto found = m_model.machines.find(event.uuid);
    if (found == m_model.machines.end()) return absl::OkStatus();
    MachineProgress& machine = found->second;
    // Nor does what went wrong with it stop the others any longer.
    if (machine.outcome == Outcome::Pending || gateKindOf(machine.outcome, machine.reason))
        setOutcome(machine, Outcome::Skipped, kRemoved, "the machine was removed");
    // It may not be touched any more: no abort pins it to a version, no rollback waits for it.
    machine.opened = false;
    machine.unheard = false;
    // Nor does a rollback put back what an earlier release left on it.
    machine.pinned.reset();
    setInFlight(machine, false);
    setOffline(machine, true);
    m_effects.machines.insert(machine.uuid);
    return absl::OkStatus();
}

/// Whoever has a permit is in flight, whatever came out of it before: after a deadline, or a
/// version that was cleared, it tries again and is judged again.
absl::Status Transition::handle(const Permitted& event) {
    const auto found = m_model.machines.find(event.uuid);
    if (found == m_model.machines.end() || !found->second.opened ||
        m_model.release.state != ReleaseState::Running)
        return absl::OkStatus();
    MachineProgress& machine = found->second;
    if (machine.outcome != Outcome::Pending) {
        setOutcome(machine, Outcome::Pending, {}, {});
        machine.openedAt = m_now;
    } else if (m_model.closedSince && !machine.inFlight) {
        // It may change again, and no tick has noticed that yet: what stood until now is over, and
        // from the permit on its time counts.
        machine.deadline = machineDeadline();
        machine.openedAt = m_now;
    }
    setInFlight(machine, true);
    machine.unheard = false;
    // Nobody asks to switch to what he takes for bad.
    machine.retried = false;
    return absl::OkStatus();
}

/// Its time begins anew, at most twice in a deadline: it is stored with each.
absl::Status Transition::handle(const Held& event) {
    const auto found = m_model.machines.find(event.uuid);
    if (found == m_model.machines.end() || m_model.release.state != ReleaseState::Running)
        return absl::OkStatus();
    MachineProgress& machine = found->second;
    if (!machine.opened || machine.outcome != Outcome::Pending || machine.inFlight ||
        !machine.deadline || *machine.deadline - m_now > (machineDeadline() - m_now) / 2)
        return absl::OkStatus();
    machine.deadline = machineDeadline();
    machine.openedAt = m_now;
    m_effects.machines.insert(machine.uuid);
    return absl::OkStatus();
}

/// What it is served after a rollback.
Target Transition::fallbackOf(const MachineProgress& machine) const {
    if (machine.pinned) return *machine.pinned;
    const auto& previous = m_model.previous.at(machine.machineType);
    return previous.value_or(Target{domain::DesiredAction::Uninstall, {}, {}});
}

bool Transition::isReturned(const MachineProgress& machine) const {
    if (!machine.opened || machine.offline) return true;
    // Nor had it room for what there was before.
    if (machine.outcome == Outcome::Skipped && machine.reason == kAgentsFull) return true;
    return !machine.inFlight && isOn(fallbackOf(machine), machine);
}

}  // namespace ifrit::master::release
