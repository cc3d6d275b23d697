// SPDX-License-Identifier: Apache-2.0
#include "agent/app/permit_waits.h"

#include <algorithm>

#include "agent/reconcile/reasons.h"

namespace ifrit::agent::app {
namespace {

/// A master that is back gives permits within that time; more would hold a campaign up.
constexpr std::chrono::milliseconds kLongestUnanswered{60'000};

}  // namespace

std::uint32_t PermitWaits::inARow(const std::string& agent, const Asked& asked) const {
    const auto found = m_waits.find(agent);
    if (found == m_waits.end()) return 1;
    const Wait& wait = found->second;
    const bool isSame = wait.digest == asked.digest && wait.releaseId == asked.releaseId &&
                        wait.error.reason == asked.error.reason && wait.why == asked.why;
    return isSame ? wait.inARow + 1 : 1;
}

std::chrono::milliseconds PermitWaits::waited(const std::string& agent, const Asked& asked,
                                              double random) {
    const std::uint32_t times = inARow(agent, asked);
    Wait& wait = m_waits[agent];
    if (wait.digest != asked.digest) wait = {};
    wait.inARow = times;
    wait.why = asked.why;
    wait.digest = asked.digest;
    wait.releaseId = asked.releaseId;
    wait.error = asked.error;
    std::chrono::milliseconds delay{0};
    if (asked.error.reason == reconcile::kPermitRefused) {
        wait.unanswered = 0;
        wait.longestTold = std::max(times > 1 ? wait.longestTold : asked.told, asked.told);
        delay = reconcile::permitPause(asked.told, wait.longestTold, random);
    } else {
        ++wait.unanswered;
        const reconcile::RetryPolicy policy{m_retry.initial,
                                            std::min(m_retry.cap, kLongestUnanswered)};
        delay = std::min(asked.told, m_retry.cap) +
                reconcile::retryDelay(policy, wait.unanswered, random);
    }
    wait.until = m_clock.now() + delay;
    wait.steadyUntil = m_clock.steadyNow() + delay;
    return delay;
}

void PermitWaits::adjust(reconcile::AgentFacts& facts) const {
    const auto found = m_waits.find(facts.agent);
    if (found == m_waits.end() || !facts.desired) return;
    const Wait& wait = found->second;
    if (facts.desired->manifestDigest != wait.digest) return;
    journal::AgentRecord& record = facts.record;
    // Another release may have other windows; the journal does not tell one's wait from the
    // other's.
    if (facts.desired->releaseId != wait.releaseId) {
        if (record.attempts) record.attempts->nextRetry.reset();
        return;
    }
    if (!record.attempts || record.attempts->digest != wait.digest)
        record.attempts = journal::Attempts{wait.digest, 0, std::nullopt, 0};
    // The earlier of both: a clock may be set back, and a machine that slept has waited.
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(wait.steadyUntil - m_clock.steadyNow());
    record.attempts->nextRetry = std::min<base::WallTime>(wait.until, m_clock.now() + left);
    record.lastError = wait.error;
    record.lastError->attempt = record.attempts->count;
}

}  // namespace ifrit::agent::app
