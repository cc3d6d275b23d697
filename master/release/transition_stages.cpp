// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "master/release/gate.h"
#include "master/release/transition.h"
#include "master/release/verdict.h"
#include "shared/domain/enum_names.h"

namespace ifrit::master::release {

using domain::Outcome;
using domain::ReleaseState;
using domain::StageKind;

void Transition::setState(ReleaseState state) {
    m_model.release.state = state;
    m_model.stateSince = m_now;
    m_effects.releaseChanged = true;
}

void Transition::note(const char* what, const std::string& actor, const std::string& message) {
    m_effects.timeline.push_back({m_now, what, actor, message});
    m_effects.releaseChanged = true;
}

void Transition::putGray(const MachineProgress& machine, base::WallTime stamp) {
    const Target& target = targetOf(machine);
    DesiredEdit edit;
    edit.releaseId = m_model.release.id;
    edit.row.machineUuid = machine.uuid;
    edit.row.machineType = machine.machineType;
    edit.row.entry = {m_model.release.spec.agent,
                      target.action,
                      target.version,
                      target.digest,
                      domain::Level::Gray,
                      stamp,
                      0,
                      m_model.release.id,
                      {}};
    m_effects.desired.push_back(edit);
}

void Transition::putFull(const std::string& type, const Target& target, base::WallTime stamp) {
    DesiredEdit edit;
    edit.releaseId = m_model.release.id;
    edit.row.machineType = type;
    edit.row.entry = {m_model.release.spec.agent,
                      target.action,
                      target.version,
                      target.digest,
                      domain::Level::Full,
                      stamp,
                      0,
                      m_model.release.id,
                      {}};
    m_effects.desired.push_back(edit);
}

void Transition::openMachine(MachineProgress& machine) {
    machine.opened = true;
    machine.openedAt = m_now;
    machine.since = m_now;
    machine.deadline = machineDeadline();
    m_effects.machines.insert(machine.uuid);
    if (machine.outcome != Outcome::Pending) return;
    if (isOn(targetOf(machine), machine))
        setOutcome(machine, Outcome::Already, {}, {});
    else if (machine.knownBad)
        setOutcome(machine, Outcome::Skipped, "KNOWN_BAD",
                   "this version failed here before and is not tried again until that is cleared");
}

void Transition::openStage(std::size_t index) {
    m_model.stageIndex = index;
    auto& stage = m_model.release.stages[index];
    m_model.release.stage = stage.kind;
    stage.opened = m_now;
    if (stage.kind != StageKind::Full) stage.soakUntil = m_now + m_model.release.spec.soak;
    for (auto& [uuid, machine] : m_model.machines) {
        if (machine.stage != stage.kind || machine.batch != stage.batch) continue;
        openMachine(machine);
        if (stage.kind == StageKind::Gray) putGray(machine, m_model.stamp);
    }
    if (stage.kind == StageKind::Full) {
        m_model.fullOpened = true;
        DesiredEdit erase;
        erase.kind = DesiredEdit::Kind::EraseOfRelease;
        erase.releaseId = m_model.release.id;
        m_effects.desired.push_back(erase);
        for (const auto& [type, target] : m_model.targets) {
            putFull(type, target, m_model.stamp);
            // What an aborted release left on single machines has lost to this entry.
            DesiredEdit older = m_effects.desired.back();
            older.kind = DesiredEdit::Kind::EraseOlderGray;
            m_effects.desired.push_back(older);
        }
    }
    note(stage.kind == StageKind::Full ? "full opened" : "gray opened", {},
         fmt::format("{} machines", stage.targeted));
}

void Transition::evaluate(bool ticked) {
    if (m_model.release.state == ReleaseState::Running) evaluateRunning();
    if (ticked && m_model.release.state == ReleaseState::RollingBack) evaluateRollBack();
}

void Transition::evaluateRunning() {
    auto& stages = m_model.release.stages;
    for (std::size_t i = 0; i <= m_model.stageIndex && i < stages.size(); ++i) {
        const GateVerdict verdict = checkGate(stages[i], m_model.acceptedBad[i], GateLimits{});
        if (!verdict.halt) continue;
        m_model.release.haltReason = verdict.sentence;
        setState(ReleaseState::Halted);
        note("halted", {}, verdict.sentence);
        return;
    }
    const auto& stage = stages[m_model.stageIndex];
    if (awaitedOf(stage) > 0) return;
    if (stage.kind == StageKind::Full) {
        for (const auto& before : stages) {
            if (awaitedOf(before) > 0) return;
        }
        finishRun();
        return;
    }
    const bool soaked = !stage.soakUntil || m_now >= *stage.soakUntil;
    if (m_model.release.spec.autoVerify && soaked && denominatorOf(stage) > 0) {
        stages[m_model.stageIndex].closed = m_now;
        note("verified", {}, "soak over, gate passed");
        openStage(m_model.stageIndex + 1);
        evaluateRunning();
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
    const auto deadline = m_model.stateSince + (machineDeadline() - m_now);
    if (away > 0 && m_now < deadline) return;
    end(ReleaseState::RolledBack, "rolled back",
        away == 0 ? std::string("every reachable machine runs what it ran before")
                  : fmt::format("{} machines had not gone back by the deadline", away));
}

void Transition::failOverdue() {
    const auto& spec = m_model.release.spec;
    for (auto& [uuid, machine] : m_model.machines) {
        if (!machine.opened || machine.outcome != Outcome::Pending || machine.offline) continue;
        // However often it leaves and comes back, its time is bounded.
        const auto last = *machine.openedAt + kMachineDeadlines * spec.machineDeadline;
        if (machine.deadline && m_now < *machine.deadline && m_now < last) continue;
        setOutcome(machine, Outcome::Failed, "DEADLINE",
                   machine.step.empty() ? std::string("no outcome was reported in time")
                                        : "no outcome in time; last seen: " + machine.step);
    }
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
        case ReleaseState::Running: {
            failOverdue();
            const auto& stage = m_model.release.stages[m_model.stageIndex];
            const auto soak = std::max(m_model.release.spec.soak, std::chrono::milliseconds(0));
            if (stage.kind != StageKind::Full && m_now >= *stage.opened + soak + kOperatorDeadline)
                abort({}, "nobody verified within 7 days");
            break;
        }
        default:
            break;
    }
    return absl::OkStatus();
}

}  // namespace ifrit::master::release
