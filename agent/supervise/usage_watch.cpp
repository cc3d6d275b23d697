// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/usage_watch.h"

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

std::vector<platform::ProcessId> UsageWatch::family(const platform::ProcessId& process) const {
    const auto found = m_processes.family(process, m_family.known(), nullptr);
    if (!found.ok()) return m_family.known();
    std::vector<platform::ProcessId> members;
    for (const platform::ProcessUse& use : *found)
        members.push_back(use.id);
    return members;
}

}  // namespace ifrit::agent::supervise
