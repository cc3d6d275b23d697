// SPDX-License-Identifier: Apache-2.0
#include "master/services/plan_preflight.h"

#include <algorithm>
#include <unordered_set>

#include "shared/base/status.h"

namespace ifrit::master::services {
namespace {

using domain::MachineState;

/// Its switch has begun: as good as there.
bool isArriving(const HeldAgent& agent) {
    return agent.state == MachineState::Installing || agent.state == MachineState::Watching;
}

/// Nothing is running of one that is there and stopped: it was well before.
bool isThere(const HeldAgent& agent) {
    return !agent.names->runningDigest.empty() || agent.state == MachineState::Degraded ||
           isArriving(agent);
}

/// What it runs has proved itself.
bool isProved(const HeldAgent& agent) {
    return agent.state == MachineState::Healthy || agent.state == MachineState::Degraded;
}

bool names(const std::vector<std::string>& conflicts, const std::string& agent) {
    return std::find(conflicts.begin(), conflicts.end(), agent) != conflicts.end();
}

}  // namespace

absl::Status PlanPreflight::read(storage::Transaction& in,
                                 const std::map<std::string, release::Target>& targets,
                                 const std::vector<MachineView>& machines) {
    m_targets.clear();
    for (const auto& [type, target] : targets) {
        if (target.action != domain::DesiredAction::Install) continue;
        IFRIT_ASSIGN_OR_RETURN(auto manifest, m_manifests.find(in, target.digest));
        if (manifest != nullptr) m_targets[type] = std::move(manifest);
    }
    // Of an uninstall nothing stands against anything.
    return m_targets.empty() ? absl::OkStatus() : readInstalled(in, machines);
}

absl::Status PlanPreflight::readInstalled(storage::Transaction& in,
                                          const std::vector<MachineView>& machines) {
    // Machines that run the same share these names.
    std::unordered_set<const AgentNames*> seen;
    for (const MachineView& view : machines) {
        if (m_targets.count(view.record->stored.facts.machineType) == 0) continue;
        for (const HeldAgent& agent : view.record->stored.agents)
            seen.insert(&agent.names.get());
    }
    for (const AgentNames* agent : seen) {
        const bool isOwn = agent->agent == m_agent;
        IFRIT_RETURN_IF_ERROR(readOne(in, agent->runningDigest, isOwn));
        if (!isOwn) IFRIT_RETURN_IF_ERROR(readOne(in, agent->desiredDigest, isOwn));
    }
    return absl::OkStatus();
}

absl::Status PlanPreflight::readOne(storage::Transaction& in, const std::string& digest,
                                    bool isOwn) {
    if (digest.empty()) return absl::OkStatus();
    IFRIT_ASSIGN_OR_RETURN(const auto manifest, m_manifests.find(in, digest));
    if (manifest == nullptr) return absl::OkStatus();
    if (isOwn && manifest->withdrawsBelow != 0) m_withdrawals[digest] = manifest->withdrawsBelow;
    if (!isOwn && names(manifest->preflight.conflicts, m_agent)) m_refusing.insert(digest);
    return absl::OkStatus();
}

std::optional<domain::PreflightRefusal> PlanPreflight::refusalOf(const HeldMachine& machine) const {
    const auto target = m_targets.find(machine.facts.machineType);
    if (target == m_targets.end()) return std::nullopt;
    const domain::Manifest& manifest = *target->second;
    domain::KnownOfMachine known;
    known.machineType = machine.facts.machineType.get();
    // One that has joined and told nothing yet has neither.
    if (!machine.facts.kernel.empty()) {
        known.kernel = machine.facts.kernel.get();
        known.libc = machine.facts.libc.get();
    }
    for (const HeldAgent& agent : machine.agents) {
        const std::string& name = agent.names->agent;
        const std::string& running = agent.names->runningDigest;
        if (name == m_agent) {
            const auto withdrawal = m_withdrawals.find(running);
            if (withdrawal != m_withdrawals.end() && isProved(agent))
                known.withdrawnBelow = withdrawal->second;
            continue;
        }
        if (!isThere(agent)) continue;
        if (names(manifest.preflight.conflicts, name)) known.installed.insert(name);
        if (m_refusing.count(running) != 0 ||
            (isArriving(agent) && m_refusing.count(agent.names->desiredDigest) != 0))
            known.refusedBy.insert(name);
    }
    return domain::preflightRefusal(manifest, known);
}

std::map<std::string, std::chrono::milliseconds> PlanPreflight::probations() const {
    std::map<std::string, std::chrono::milliseconds> out;
    for (const auto& [type, manifest] : m_targets)
        out[type] = manifest->probation;
    return out;
}

}  // namespace ifrit::master::services
