// SPDX-License-Identifier: Apache-2.0
#include "agent/app/retry_times.h"

#include <algorithm>

#include "agent/reconcile/retry_policy.h"

namespace ifrit::agent::app {

void RetryTimes::adjust(const std::string& agent, journal::AgentRecord& record) {
    if (!record.attempts || !record.attempts->nextRetry) {
        m_seen.erase(agent);
        return;
    }
    base::WallTime& nextRetry = *record.attempts->nextRetry;
    const base::WallTime now = m_clock.now();
    const base::SteadyTime steadyNow = m_clock.steadyNow();
    Seen& seen = m_seen[agent];
    if (seen.nextRetry != nextRetry) {
        const auto left =
            std::min<std::chrono::milliseconds>(nextRetry - now, reconcile::longestPause(record));
        seen = {nextRetry, steadyNow + left};
    }
    // The earlier of both: a machine that slept has waited, though the steady clock stood.
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(seen.due - steadyNow);
    nextRetry = std::min<base::WallTime>(nextRetry, now + left);
}

}  // namespace ifrit::agent::app
