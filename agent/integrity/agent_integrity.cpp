// SPDX-License-Identifier: Apache-2.0
#include "agent/integrity/agent_integrity.h"

#include <fmt/format.h>

#include <algorithm>

namespace ifrit::agent::integrity {

std::string summaryOf(const Finding& finding) {
    std::string out;
    for (const std::string& part :
         {finding.manifestProblem, finding.linkProblem, summaryOf(finding.drifts)}) {
        if (!part.empty()) out += (out.empty() ? "" : "; ") + part;
    }
    return out;
}

void AgentIntegrity::scanned(const std::string& digest, Finding finding) {
    m_scanned.insert(digest);
    if (finding.empty()) {
        m_findings.erase(digest);
    } else {
        m_findings[digest] = std::move(finding);
    }
    if (!m_findings.empty()) return;
    // Mended by somebody else, or it never was: the next failure is a new one.
    m_failures = 0;
    m_failure.clear();
    m_failureReason.clear();
}

void AgentIntegrity::keepOnly(const std::set<std::string>& digests) {
    for (auto finding = m_findings.begin(); finding != m_findings.end();)
        finding =
            digests.count(finding->first) > 0 ? std::next(finding) : m_findings.erase(finding);
    for (auto digest = m_scanned.begin(); digest != m_scanned.end();)
        digest = digests.count(*digest) > 0 ? std::next(digest) : m_scanned.erase(digest);
}

bool AgentIntegrity::repairDue(base::SteadyTime now) const {
    return !m_findings.empty() && (!m_notBefore || *m_notBefore <= now);
}

std::size_t AgentIntegrity::repairsInWindow(base::SteadyTime now) const {
    return static_cast<std::size_t>(
        std::count_if(m_repairs.begin(), m_repairs.end(),
                      [&](base::SteadyTime at) { return now - at < m_policy.window; }));
}

AgentIntegrity::Alert AgentIntegrity::repaired(const std::string& digest, const std::string& what,
                                               base::SteadyTime now) {
    const bool wasRecurring = repairsInWindow(now) >= m_policy.recurringAfter;
    m_findings.erase(digest);
    m_failures = 0;
    m_failure.clear();
    m_failureReason.clear();
    m_notBefore.reset();
    m_repairs.push_back(now);
    while (m_repairs.size() > m_policy.recurringAfter)
        m_repairs.pop_front();
    m_lastRepair = what;
    if (repairsInWindow(now) < m_policy.recurringAfter) return Alert::None;
    // Who works against us at our own pace would make us write and restart without end.
    m_notBefore = now + m_policy.recurringPause;
    return wasRecurring ? Alert::None : Alert::Raise;
}

AgentIntegrity::Alert AgentIntegrity::repairFailed(const std::string& reason,
                                                   const std::string& message,
                                                   base::SteadyTime now) {
    const bool isNews = m_failures == 0 || m_failureReason != reason;
    auto delay = m_policy.firstRetry;
    for (std::size_t i = 0; i < m_failures && delay < m_policy.lastRetry; ++i)
        delay *= 2;
    ++m_failures;
    m_failureReason = reason;
    m_failure = message;
    m_notBefore = now + std::min(delay, m_policy.lastRetry);
    return isNews ? Alert::Raise : Alert::None;
}

domain::Integrity AgentIntegrity::state(base::SteadyTime now) const {
    const std::size_t repairs = repairsInWindow(now);
    if (!m_findings.empty() || repairs >= m_policy.recurringAfter) {
        return domain::Integrity::Damaged;
    }
    if (repairs > 0) return domain::Integrity::Repaired;
    return m_scanned.empty() ? domain::Integrity::Unknown : domain::Integrity::Intact;
}

std::string AgentIntegrity::note(base::SteadyTime now) const {
    std::string note;
    if (!m_findings.empty()) {
        note = summaryOf(m_findings.begin()->second);
        if (!m_failure.empty()) note += "; cannot be repaired: " + m_failure;
    } else if (repairsInWindow(now) > 0) {
        note = m_lastRepair;
    }
    if (repairsInWindow(now) >= m_policy.recurringAfter) {
        note = "changed again and again; " + note;
    }
    return note;
}

}  // namespace ifrit::agent::integrity
