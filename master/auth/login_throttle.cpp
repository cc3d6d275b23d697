// SPDX-License-Identifier: Apache-2.0
#include "master/auth/login_throttle.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "shared/base/status.h"

namespace ifrit::master::auth {

void LoginThrottle::warnOnce(const absl::Status& status) {
    if (m_isSharing.exchange(status.ok()) == status.ok()) return;
    if (status.ok())
        spdlog::info("failed logins are counted with the other masters again");
    else
        spdlog::warn("failed logins are counted by this master alone: {}", base::messageOf(status));
}

std::chrono::milliseconds LoginThrottle::waitAfter(std::uint32_t failures) const {
    if (failures < m_policy.freeFailures) return std::chrono::milliseconds(0);
    // 2^20 of any first delay is above any sensible cap.
    const std::uint32_t doublings = std::min(failures - m_policy.freeFailures, 20U);
    return std::min(m_policy.cap, m_policy.first * (1U << doublings));
}

std::optional<std::chrono::milliseconds> LoginThrottle::ownWaitOf(const std::string& key) {
    const base::SteadyTime now = m_clock.steadyNow();
    absl::MutexLock lock(&m_mutex);
    const auto found = m_entries.find(key);
    if (found == m_entries.end() || found->second.until <= now) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(found->second.until - now) +
           std::chrono::milliseconds(1);
}

std::optional<std::chrono::milliseconds> LoginThrottle::waitOf(const std::string& key) {
    if (!m_shared) return ownWaitOf(key);
    const auto wait = m_shared->counts.waitOf(m_shared->name + key);
    warnOnce(wait.status());
    if (!wait.ok()) return ownWaitOf(key);
    if (wait->count() == 0) return std::nullopt;
    return std::min(*wait, m_policy.cap);
}

void LoginThrottle::failed(const std::string& key) {
    if (m_shared) {
        warnOnce(m_shared->counts.failed(
            m_shared->name + key, m_policy.forget,
            [this](std::uint32_t failures) { return waitAfter(failures); }));
    }
    const base::SteadyTime now = m_clock.steadyNow();
    absl::MutexLock lock(&m_mutex);
    if (m_entries.size() >= m_policy.keys && m_entries.count(key) == 0) makeRoom();
    Entry& entry = m_entries[key];
    if (now - entry.last > m_policy.forget) entry = {};
    ++entry.failures;
    entry.last = now;
    const std::chrono::milliseconds wait = waitAfter(entry.failures);
    if (wait.count() > 0) entry.until = now + wait;
}

void LoginThrottle::succeeded(const std::string& key) {
    if (m_shared) warnOnce(m_shared->counts.forget(m_shared->name + key));
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
