// SPDX-License-Identifier: Apache-2.0
#include "master/auth/login_throttle.h"

#include <algorithm>
#include <utility>

#include "shared/base/status.h"

namespace ifrit::master::auth {
namespace {

// The kinds of keys cannot meet: an address has no NUL.
std::string pairKey(const std::string& user, const std::string& host) {
    return fmt::format("b{}{}{}", host, '\0', user);
}
std::string hostKey(const std::string& host) {
    return "h" + host;
}
std::string userKey(const std::string& user) {
    return "u" + user;
}

absl::Status exhausted(std::string_view reason, const std::string& user,
                       const std::string& message) {
    return base::makeError(absl::StatusCode::kResourceExhausted, reason, user, message);
}

}  // namespace

std::string hostOf(const std::string& address) {
    if (!address.empty() && address.front() == '[') {
        const std::size_t end = address.find(']');
        return end == std::string::npos ? address : address.substr(1, end - 1);
    }
    const std::size_t colon = address.rfind(':');
    return colon == std::string::npos ? address : address.substr(0, colon);
}

LoginThrottle::LoginThrottle(const base::Clock& clock, const Policy& policy)
    : m_clock(clock), m_policy(policy) {}

absl::Status LoginThrottle::begin(const std::string& user, const std::string& address) {
    const std::string host = hostOf(address);
    const absl::MutexLock lock(&m_mutex);
    const base::SteadyTime now = m_clock.steadyNow();
    const base::SteadyTime until = std::max(
        {notBefore(pairKey(user, host)), notBefore(hostKey(host)), notBefore(userKey(user))});
    if (now < until) {
        ++m_refused;
        const auto wait = std::chrono::ceil<std::chrono::seconds>(until - now);
        return exhausted("LOGIN_DELAYED", user,
                         fmt::format("too many failed logins; try again in {} s", wait.count()));
    }
    if (m_running >= m_policy.atOnce) {
        ++m_refused;
        return exhausted("LOGIN_BUSY", user,
                         "too many are signing in at the moment; try again in a second");
    }
    ++m_running;
    return absl::OkStatus();
}

void LoginThrottle::succeeded(const std::string& user, const std::string& address) {
    const absl::MutexLock lock(&m_mutex);
    --m_running;
    // Not the address: one good password must not buy guesses at others'.
    m_entries.erase(pairKey(user, hostOf(address)));
    m_entries.erase(userKey(user));
}

void LoginThrottle::failed(const std::string& user, const std::string& address) {
    const std::string host = hostOf(address);
    const absl::MutexLock lock(&m_mutex);
    --m_running;
    count(pairKey(user, host), m_policy.freePerUserAndAddress);
    count(hostKey(host), m_policy.freePerAddress);
    count(userKey(user), m_policy.freePerUser);
    forgetOld();
}

void LoginThrottle::undecided() {
    const absl::MutexLock lock(&m_mutex);
    --m_running;
}

std::uint64_t LoginThrottle::takeRefused() {
    const absl::MutexLock lock(&m_mutex);
    return std::exchange(m_refused, 0);
}

void LoginThrottle::count(const std::string& key, std::uint32_t freeOnes) {
    const base::SteadyTime now = m_clock.steadyNow();
    Entry& entry = m_entries[key];
    if (now - entry.last > m_policy.forgetAfter) entry.failures = 0;
    ++entry.failures;
    entry.last = now;
    if (entry.failures <= freeOnes) return;
    constexpr std::uint32_t kMaxDoublings = 20;  // a longer shift would overflow
    const auto doublings = std::min(entry.failures - freeOnes - 1, kMaxDoublings);
    entry.notBefore = now + std::min(m_policy.longestWait, m_policy.firstWait * (1 << doublings));
}

void LoginThrottle::forgetOld() {
    if (m_entries.size() <= m_policy.entries) return;
    const base::SteadyTime now = m_clock.steadyNow();
    std::erase_if(m_entries,
                  [&](const auto& e) { return now - e.second.last > m_policy.forgetAfter; });
    // Made-up names fill it: drop those that wait for nothing, then begin anew.
    if (m_entries.size() > m_policy.entries)
        std::erase_if(m_entries, [&](const auto& e) { return now >= e.second.notBefore; });
    if (m_entries.size() > m_policy.entries) m_entries.clear();
}

base::SteadyTime LoginThrottle::notBefore(const std::string& key) const {
    const auto found = m_entries.find(key);
    return found == m_entries.end() ? base::SteadyTime{} : found->second.notBefore;
}

}  // namespace ifrit::master::auth
