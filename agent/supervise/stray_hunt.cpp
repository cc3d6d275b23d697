// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/stray_hunt.h"

#include <algorithm>
#include <utility>

namespace ifrit::agent::supervise {
namespace {

constexpr std::chrono::milliseconds kFirstWait(100);
constexpr std::chrono::milliseconds kLongestWait(30'000);

}  // namespace

StrayHunt::Found StrayHunt::look(const std::string& variable, const std::string& value) {
    Found found;
    std::vector<platform::ProcessId> told;
    for (const platform::ProcessId& stray : m_processes.withEnvironment(variable, value)) {
        found.any = true;
        const bool killed = m_signaller.signal(stray, platform::Signal::Kill).ok();
        const bool known = std::find(m_told.begin(), m_told.end(), stray) != m_told.end();
        if (killed && !known) found.killed.push_back(stray);
        if (killed || known) told.push_back(stray);
    }
    m_told = std::move(told);
    if (!m_group.isEmpty()) {
        found.any = true;
        m_group.killAll();
    }
    m_looks = found.any ? m_looks + 1 : 0;
    return found;
}

std::chrono::milliseconds StrayHunt::wait() const {
    const std::uint32_t doublings = std::min<std::uint32_t>(m_looks == 0 ? 0 : m_looks - 1, 16);
    return std::min(kFirstWait * (1U << doublings), kLongestWait);
}

}  // namespace ifrit::agent::supervise
