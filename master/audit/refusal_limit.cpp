// SPDX-License-Identifier: Apache-2.0
#include "master/audit/refusal_limit.h"

#include <algorithm>
#include <utility>

namespace ifrit::master::audit {

std::optional<std::uint64_t> RefusalLimit::take(const std::string& key, base::SteadyTime now) {
    absl::MutexLock lock(&m_mutex);
    if (m_entries.count(key) == 0) makeRoom(now);
    Entry& entry = m_entries.emplace(key, Entry{now, 0, 0}).first->second;
    if (now - entry.begun >= kWindow) {
        entry.begun = now;
        entry.taken = 0;
    }
    if (entry.taken >= m_most) {
        ++entry.leftOut;
        return std::nullopt;
    }
    ++entry.taken;
    return std::exchange(entry.leftOut, 0);
}

void RefusalLimit::makeRoom(base::SteadyTime now) {
    if (m_entries.size() < kMostKeys) return;
    std::erase_if(m_entries, [now](const auto& it) { return now - it.second.begun >= kWindow; });
    if (m_entries.size() < kMostKeys) return;
    // So many hosts within a minute: the one that began first is forgotten.
    m_entries.erase(std::min_element(
        m_entries.begin(), m_entries.end(),
        [](const auto& a, const auto& b) { return a.second.begun < b.second.begun; }));
}

}  // namespace ifrit::master::audit
