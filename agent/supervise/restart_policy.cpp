// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/restart_policy.h"

#include <utility>

namespace ifrit::agent::supervise {

RestartHistory::RestartHistory(RestartPolicy policy, base::UniformRandom random)
    : m_policy(policy), m_backoff(policy.backoff, std::move(random)) {}

std::chrono::milliseconds RestartHistory::crashed(base::SteadyTime now) {
    ++m_crashes;
    m_recent.push_back(now);
    while (m_recent.size() > 1 && now - m_recent.front() > m_policy.loopWindow)
        m_recent.pop_front();
    while (m_recent.size() > m_policy.crashesForLoop)
        m_recent.pop_front();
    if (m_recent.size() >= m_policy.crashesForLoop) m_looping = true;
    return m_backoff.next();
}

void RestartHistory::healthy(base::SteadyTime since, base::SteadyTime now) {
    if (now - since < m_policy.stableAfter) return;
    m_recent.clear();
    m_looping = false;
    m_backoff.reset();
}

}  // namespace ifrit::agent::supervise
