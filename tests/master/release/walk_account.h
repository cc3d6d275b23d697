// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "master/release/permit.h"
#include "master/release/permit_ledger.h"
#include "master/release/state_machine.h"

namespace ifrit::master::release {

/// By the stage that it was planned for, not by what the machine under test says is open.
inline bool isOpen(const Model& model, const MachineProgress& machine) {
    const auto& stages = model.release.stages;
    for (std::size_t i = 0; i < stages.size() && i <= model.stageIndex; ++i) {
        if (stages[i].kind == machine.stage && stages[i].batch == machine.batch) return true;
    }
    return false;
}

/// An account of its own of what happened to the machines of a random walk, to judge the state
/// machine by. A sentence says what is wrong, an empty one that nothing is.
class WalkAccount {
public:
    /// So much time went by in the model as it is.
    void pass(const Model& model, std::chrono::seconds time) {
        if (model.release.state != domain::ReleaseState::Running) return;
        for (const auto& [uuid, machine] : model.machines) {
            const bool refused = model.closedSince && !machine.inFlight;
            if (isAwaited(machine) && !machine.offline && !refused) {
                m_used[uuid] += time;
                m_all[uuid] += time;
            }
        }
    }

    std::string check(const Model& before, const Event& event, const Model& after) {
        note(before, event, after);
        for (const auto& [uuid, machine] : after.machines) {
            const auto was = before.machines.find(uuid);
            if (was == before.machines.end()) continue;
            const std::string problem = checkMachine(before, was->second, event, after, machine);
            if (!problem.empty()) return problem;
        }
        // What comes while it is over is not taken, and is new to it when it goes on.
        if (isRunning(before.release.state)) m_marks.insert(markOf(event));
        return checkAccepted(before, event, after);
    }

    /// What the release itself serves once it is over or goes back, nobody is refused.
    static std::string checkServed(const Model& model, const MachineProgress& machine,
                                   const domain::DesiredEntry& served) {
        using domain::ReleaseState;
        const ReleaseState state = model.release.state;
        if (!model.release.started || served.releaseId != model.release.id ||
            (isRunning(state) && state != ReleaseState::RollingBack))
            return {};
        const PermitQuestion question{machine.uuid, served.agent, served.releaseId, served.version,
                                      served.manifestDigest};
        const Standing standing{state, model.standingStamp, inFlightOf(model.release), 0};
        const PermitAnswer answer = decidePermit(question, served, standing, &machine);
        if (answer.granted) return {};
        return machine.uuid + " is served what it gets no permit for: " + answer.reason;
    }

private:
    static bool isAwaited(const MachineProgress& machine) {
        return machine.opened && machine.outcome == domain::Outcome::Pending;
    }
    static std::pair<std::string, std::uint64_t> markOf(const Event& event) {
        const auto* reported = std::get_if<Reported>(&event);
        return reported == nullptr ? std::pair<std::string, std::uint64_t>()
                                   : std::pair(reported->uuid, reported->mark);
    }
    static bool isOf(const Event& event, domain::ReleaseVerb verb) {
        const auto* given = std::get_if<VerbGiven>(&event);
        return given != nullptr && given->verb == verb;
    }

    /// Who waits to hear of a retry.
    void note(const Model& before, const Event& event, const Model& after) {
        for (const auto& [uuid, machine] : after.machines) {
            const auto was = before.machines.find(uuid);
            const bool isAgain = was != before.machines.end() && !isAwaited(was->second);
            if (isAgain && isAwaited(machine)) m_used[uuid] = {};
            if (isAgain && isAwaited(machine) && isOf(event, domain::ReleaseVerb::RetryFailed)) {
                m_all[uuid] = {};
                m_unheard.insert(uuid);
            }
        }
        if (const auto* permitted = std::get_if<Permitted>(&event))
            m_unheard.erase(permitted->uuid);
        const auto* reported = std::get_if<Reported>(&event);
        if (reported == nullptr || m_marks.count(markOf(event)) != 0) return;
        const auto machine = after.machines.find(reported->uuid);
        if (machine != after.machines.end() && !machine->second.knownBad)
            m_unheard.erase(reported->uuid);
    }

    std::string checkMachine(const Model& before, const MachineProgress& was, const Event& event,
                             const Model& after, const MachineProgress& machine) {
        const bool ends = isAwaited(was) && !isAwaited(machine);
        const auto deadline = after.release.spec.machineDeadline;
        if (ends && machine.reason == "DEADLINE" && m_used[machine.uuid] < deadline &&
            m_all[machine.uuid] < kMachineDeadlines * deadline)
            return machine.uuid + " was failed for time in which it could do nothing";
        if (ends && machine.outcome == domain::Outcome::Reverted && m_unheard.count(machine.uuid))
            return machine.uuid + " was judged by what it said before it heard of its retry";
        if (!isAwaited(machine)) m_unheard.erase(machine.uuid);
        const bool goesBack = before.release.state == domain::ReleaseState::RollingBack &&
                              after.release.state == domain::ReleaseState::RollingBack;
        const bool isNew = markOf(event).first == machine.uuid && m_marks.count(markOf(event)) == 0;
        const bool isGone = std::holds_alternative<Removed>(event);
        if (goesBack && was.inFlight && !machine.inFlight && !isNew && !isGone)
            return machine.uuid + " is taken to have switched without a word of it";
        return {};
    }

    /// Less is accepted once one of the accepted is bad no more; more only as a person says so.
    static std::string checkAccepted(const Model& before, const Event& event, const Model& after) {
        if (isOf(event, domain::ReleaseVerb::Start) ||
            isOf(event, domain::ReleaseVerb::RetryFailed))
            return {};
        const bool seen = isOf(event, domain::ReleaseVerb::Resume) &&
                          before.release.state == domain::ReleaseState::Halted;
        if (seen) return {};
        for (std::size_t i = 0; i < after.acceptedBad.size(); ++i) {
            for (const auto& [kind, count] : after.acceptedBad[i]) {
                const auto was = before.acceptedBad[i].find(kind);
                if (was == before.acceptedBad[i].end() || was->second < count)
                    return "bad machines were accepted that had halted nothing";
            }
        }
        return {};
    }

    // Time in which it could have come out: since it was awaited anew, and of all its turns.
    std::map<std::string, std::chrono::milliseconds> m_used;
    std::map<std::string, std::chrono::milliseconds> m_all;
    std::set<std::string> m_unheard;
    std::set<std::pair<std::string, std::uint64_t>> m_marks;
};

struct WalkLimits {
    std::uint32_t cap = 0;
    std::chrono::milliseconds capWindow{0};
    std::uint32_t latePerMinute = 0;
};

/// By a recount of all that was given: which limit was passed; empty: none.
inline std::string overLimits(const std::vector<PermitRecord>& given, base::WallTime now,
                              const WalkLimits& limits) {
    std::set<std::string> changed;
    std::set<std::string> late;
    for (const PermitRecord& permit : given) {
        if (permit.at > now - limits.capWindow) changed.insert(permit.uuid);
        if (permit.late && permit.at > now - kLateWindow) late.insert(permit.uuid);
    }
    if (changed.size() > limits.cap) return "more machines changed than the cluster lets";
    if (late.size() > limits.latePerMinute) return "more machines came late than the release lets";
    return {};
}

}  // namespace ifrit::master::release
