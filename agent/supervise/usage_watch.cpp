// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/usage_watch.h"

#include <cstdint>
#include <map>
#include <set>

namespace ifrit::agent::supervise {

UsageWatch::UsageWatch(const platform::ProcessTable& processes, AgentGroup& group,
                       const domain::Limits& limits)
    : m_processes(processes), m_group(group), m_resources(limits) {}

void UsageWatch::begin() {
    m_resources.begin(m_group.held());
    m_family.clear();
}

std::optional<UsageWatch::Reading> UsageWatch::read(
    const platform::ProcessId& process,
    const std::function<const platform::SessionList&()>& sessions, base::SteadyTime now) {
    const auto status = m_processes.status(process);
    const auto ofGroup = m_group.cpuTime();
    const bool isTreeEnough = ofGroup && m_group.holdsLimits();
    const auto family =
        m_processes.family(process, m_family.known(), isTreeEnough ? nullptr : &sessions());
    if (!status.ok() || !family.ok()) return std::nullopt;
    platform::TreeUsage usage = m_family.add(*family);
    if (ofGroup) usage.cpuTime = *ofGroup;
    return Reading{status->state, m_group.look(now), m_resources.sample(usage, now)};
}

std::vector<platform::ProcessId> UsageWatch::family(
    const platform::ProcessId& process, const std::vector<platform::ProcessId>& others) const {
    std::vector<platform::ProcessId> known = m_family.known();
    const auto inSession = m_processes.sessionMembers(process);
    known.insert(known.end(), inSession.begin(), inSession.end());
    known.insert(known.end(), others.begin(), others.end());
    std::vector<platform::ProcessId> roots{process};
    roots.insert(roots.end(), known.begin(), known.end());
    for (const platform::ProcessId& root : roots) {
        // With the first who is there come all that are known.
        const auto found = m_processes.family(root, known, nullptr);
        if (found.ok()) return withoutUs(*found);
    }
    return known;
}

// Who tries the program by hand may have started us there: our guard is one of its family then, and
// all other agents hang below us.
std::vector<platform::ProcessId> UsageWatch::withoutUs(
    const std::vector<platform::ProcessUse>& family) const {
    std::map<std::int32_t, std::int32_t> parents;
    for (const platform::ProcessUse& use : family)
        parents.emplace(use.id.pid, use.parentPid);
    std::set<std::int32_t> aboveUs;
    for (auto at = parents.find(m_processes.ownPid());
         at != parents.end() && aboveUs.insert(at->first).second;)
        at = parents.find(at->second);
    std::vector<platform::ProcessId> members;
    std::set<std::int32_t> ours;
    for (const platform::ProcessUse& use : family) {  // no process before its parent
        const std::int32_t pid = use.id.pid;
        if (pid == m_processes.ownPid() || ours.count(use.parentPid) != 0)
            ours.insert(pid);
        else if (aboveUs.count(pid) == 0)
            members.push_back(use.id);
    }
    return members;
}

}  // namespace ifrit::agent::supervise
