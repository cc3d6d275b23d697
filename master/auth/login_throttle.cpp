// SPDX-License-Identifier: Apache-2.0
#include "master/auth/login_throttle.h"

#include <algorithm>

namespace ifrit::master::auth {

std::optional<std::chrono::milliseconds> LoginThrottle::waitOf(const std::string& key) {
    const base::SteadyTime now = m_clock.steadyNow();
    absl::MutexLock lock(&m_mutex);
    const auto found = m_entries.find(key);
    if (found == m_entries.end() || found->second.until <= now) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(found->second.until - now) +
           std::chrono::milliseconds(1);
}

void LoginThrottle::failed(const std::string& key) {
    const base::SteadyTime now = m_clock.steadyNow();
    absl::MutexLock lock(&m_mutex);
    if (m_entries.size() >= m_policy.keys && m_entries.count(key) == 0) makeRoom();
    Entry& entry = m_entries[key];
    if (now - entry.last > m_policy.forget) entry = {};
    ++entry.failures;
    entry.last = now;
    if (entry.failures < m_policy.freeFailures) return;
    // 2^20 of any first delay is above any sensible cap.
    const std::uint32_t doublings = std::min(entry.failures - m_policy.freeFailures, 20U);
    entry.until = now + std::min(m_policy.cap, m_policy.first * (1U << doublings));
}

void LoginThrottle::succeeded(const std::string& key) {
    absl::MutexLock lock(&m_mutex);
    m_entries.erase(key);
}

void LoginThrottle::makeRoom() {
    const base::SteadyTime now = m_clock.steadyNow();
    for (auto entry = m_entries.begin(); entry != m_entries.end();) {
        const bool old = now - entry->second.last > m_policy.forget;
        entry = old ? m_entries.erase(entry) : std::next(entry);
    }
    if (m_entries.size() < m_policy.keys) return;
    const auto oldest = std::min_element(
        m_entries.begin(), m_entries.end(),
        [](const auto& a, const auto& b) { return a.second.last < b.second.last; });
    m_entries.erase(oldest);
}

}  // namespace ifrit::master::auth
