// SPDX-License-Identifier: Apache-2.0
#include "agent/integrity/integrity_board.h"

#include <utility>

namespace ifrit::agent::integrity {
namespace {

constexpr std::size_t kMaxEvents = 64;

}  // namespace

IntegrityBoard::IntegrityBoard(RepairPolicy policy) : m_policy(policy), m_events(kMaxEvents) {}

AgentIntegrity& IntegrityBoard::of(const std::string& agent) {
    return m_agents.try_emplace(agent, m_policy).first->second;
}

std::uint64_t IntegrityBoard::epochOf(const std::string& agent) const {
    const auto found = m_epochs.find(agent);
    return found == m_epochs.end() ? 0 : found->second;
}

std::uint64_t IntegrityBoard::epoch(const std::string& agent) const {
    const absl::MutexLock lock(&m_mutex);
    return epochOf(agent);
}

bool IntegrityBoard::scanned(const Installation& installation, Finding finding,
                             std::uint64_t epoch) {
    const absl::MutexLock lock(&m_mutex);
    const bool isRepairing = epoch % 2 == 1;
    if (isRepairing || epochOf(installation.agent) != epoch) return false;
    of(installation.agent).scanned(installation.version.digest, std::move(finding));
    return true;
}

void IntegrityBoard::repairBegins(const std::string& agent) {
    const absl::MutexLock lock(&m_mutex);
    ++m_epochs[agent];
}

void IntegrityBoard::repairEnds(const std::string& agent) {
    const absl::MutexLock lock(&m_mutex);
    ++m_epochs[agent];
}

void IntegrityBoard::keepOnly(const std::set<Installation>& installed) {
    std::map<std::string, std::set<std::string>> digests;
    for (const Installation& one : installed)
        digests[one.agent].insert(one.version.digest);
    const absl::MutexLock lock(&m_mutex);
    for (auto agent = m_agents.begin(); agent != m_agents.end();) {
        const auto kept = digests.find(agent->first);
        if (kept == digests.end()) {
            agent = m_agents.erase(agent);
            continue;
        }
        agent->second.keepOnly(kept->second);
        ++agent;
    }
}

IntegrityView IntegrityBoard::view(const std::string& agent, base::SteadyTime now) const {
    const absl::MutexLock lock(&m_mutex);
    const auto found = m_agents.find(agent);
    if (found == m_agents.end()) return {};
    const AgentIntegrity& one = found->second;
    return {one.state(now), one.note(now), one.repairDue(now)};
}

std::map<std::string, Finding> IntegrityBoard::findings(const std::string& agent) const {
    const absl::MutexLock lock(&m_mutex);
    const auto found = m_agents.find(agent);
    return found == m_agents.end() ? std::map<std::string, Finding>() : found->second.findings();
}

AgentIntegrity::Alert IntegrityBoard::repaired(const std::string& agent, const std::string& digest,
                                               const std::string& what, base::SteadyTime now) {
    const absl::MutexLock lock(&m_mutex);
    return of(agent).repaired(digest, what, now);
}

AgentIntegrity::Alert IntegrityBoard::repairFailed(const std::string& agent,
                                                   const std::string& reason,
                                                   const std::string& message,
                                                   base::SteadyTime now) {
    const absl::MutexLock lock(&m_mutex);
    return of(agent).repairFailed(reason, message, now);
}

void IntegrityBoard::addEvent(domain::MachineEvent event) {
    const absl::MutexLock lock(&m_mutex);
    m_events.add(std::move(event));
}

journal::EventBatch IntegrityBoard::takeEvents() {
    const absl::MutexLock lock(&m_mutex);
    return m_events.take();
}

}  // namespace ifrit::agent::integrity
