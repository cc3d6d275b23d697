// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/family_usage.h"

#include <algorithm>
#include <utility>

namespace ifrit::agent::supervise {

void FamilyUsage::clear() {
    m_members.clear();
    m_kept = {};
    m_sum = {};
}

FamilyUsage::Member* FamilyUsage::heirOf(const Member& gone, Members& now) const {
    std::int32_t pid = gone.use.parentPid;
    // Up through those who were there at the last reading; one step for each at most.
    for (std::size_t up = 0; up < m_members.size(); ++up) {
        const auto before = m_members.find(pid);
        if (before == m_members.end()) return nullptr;
        const auto survivor = now.find(pid);
        if (survivor != now.end() && survivor->second.use.id == before->second.use.id)
            return &survivor->second;
        pid = before->second.use.parentPid;
    }
    return nullptr;
}

// `gone`: what had been counted of those who went since the last reading and whose heir it is.
void FamilyUsage::settle(Member& member, Nanoseconds gone) {
    Nanoseconds waitedFor = member.use.childrenCpuTime;
    Nanoseconds owed{0};
    const auto before = m_members.find(member.use.id.pid);
    if (before != m_members.end() && before->second.use.id == member.use.id) {
        waitedFor -= before->second.use.childrenCpuTime;
        owed = before->second.owed;
    }
    // It was read after those went for whom it owes; what is not in its figure now never will be.
    const Nanoseconds paid = std::min(owed, waitedFor);
    m_kept += owed - paid;
    waitedFor -= paid;
    member.owed = std::max(Nanoseconds(0), gone - waitedFor);
}

platform::TreeUsage FamilyUsage::add(const std::vector<platform::ProcessUse>& family) {
    platform::TreeUsage sum;
    for (const platform::ProcessUse& use : family) {
        sum.rssBytes += use.rssBytes;
        sum.tasks += use.threads;
    }
    if (family.size() < platform::ProcessTable::kMostOfFamily) m_sum = cpuTimeOf(family);
    sum.cpuTime = m_sum;
    return sum;
}

FamilyUsage::Nanoseconds FamilyUsage::cpuTimeOf(const std::vector<platform::ProcessUse>& family) {
    Members now;
    for (const platform::ProcessUse& use : family)
        now.insert_or_assign(use.id.pid, Member{use, {}});
    std::map<std::int32_t, Nanoseconds> goneBelow;  // by the heir's pid
    for (const auto& [pid, before] : m_members) {
        const auto survivor = now.find(pid);
        if (survivor != now.end() && survivor->second.use.id == before.use.id) continue;
        const Nanoseconds counted = before.use.cpuTime + before.use.childrenCpuTime + before.owed;
        if (const Member* const heir = heirOf(before, now))
            goneBelow[heir->use.id.pid] += counted;
        else
            m_kept += counted;
    }
    Nanoseconds sum{0};
    for (auto& [pid, member] : now) {
        const auto gone = goneBelow.find(pid);
        settle(member, gone == goneBelow.end() ? Nanoseconds(0) : gone->second);
        sum += member.use.cpuTime + member.use.childrenCpuTime + member.owed;
    }
    sum += m_kept;
    m_members = std::move(now);
    return sum;
}

std::vector<platform::ProcessId> FamilyUsage::known() const {
    std::vector<platform::ProcessId> all;
    for (const auto& [pid, member] : m_members)
        all.push_back(member.use.id);
    return all;
}

}  // namespace ifrit::agent::supervise
