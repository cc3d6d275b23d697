// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/integrity/drift.h"
#include "shared/base/clock.h"
#include "shared/domain/machine.h"

namespace ifrit::agent::integrity {

struct RepairPolicy {
    std::chrono::milliseconds firstRetry{60'000};  ///< after a repair that failed, then doubled
    std::chrono::milliseconds lastRetry{3'600'000};
    std::size_t recurringAfter = 3;  ///< repairs within the window
    std::chrono::milliseconds window{24 * 3'600'000};
    std::chrono::milliseconds recurringPause{3'600'000};  ///< least time between repairs then
};

/// What was found to be wrong with one version.
struct Finding {
    std::vector<Drift> drifts;
    std::string manifestProblem;  ///< the stored manifest is gone or changed; empty: it is not
    std::string linkProblem;      ///< `current` is gone or points elsewhere; empty: it does not
    bool empty() const { return drifts.empty() && manifestProblem.empty() && linkProblem.empty(); }
    bool operator==(const Finding&) const = default;
};

/// "the manifest is gone; 1 changed: bin/app".
std::string summaryOf(const Finding& finding);

/// What scans and repairs have come to for one managed agent, and what follows from it: may it be
/// repaired now, does somebody work against us, what is told. Pure; all times are the caller's,
/// and steady: a clock that is set neither stops repairs nor lets them come at any pace.
/// Forgotten with the process: a restarted ifrit-agent scans anew.
class AgentIntegrity {
public:
    explicit AgentIntegrity(RepairPolicy policy) : m_policy(policy) {}

    /// A scan of the version with this manifest digest is over.
    void scanned(const std::string& digest, Finding finding);
    /// Drops what is known of other versions.
    void keepOnly(const std::set<std::string>& digests);

    /// By digest; empty: nothing is known to be wrong.
    const std::map<std::string, Finding>& findings() const { return m_findings; }
    bool repairDue(base::SteadyTime now) const;

    enum class Alert { None, Raise };
    /// Raise when this one makes it too many: somebody changes the files again and again.
    Alert repaired(const std::string& digest, const std::string& what, base::SteadyTime now);
    /// Raise when it failed for another reason than the time before.
    Alert repairFailed(const std::string& reason, const std::string& message, base::SteadyTime now);

    domain::Integrity state(base::SteadyTime now) const;
    /// Why the state is not Intact, for people, about 200 bytes at most; empty when it is.
    std::string note(base::SteadyTime now) const;

private:
    std::size_t repairsInWindow(base::SteadyTime now) const;

    RepairPolicy m_policy;
    std::set<std::string> m_scanned;  ///< digests of versions that were looked at at least once
    std::map<std::string, Finding> m_findings;
    std::deque<base::SteadyTime> m_repairs;
    std::string m_lastRepair;
    std::size_t m_failures = 0;
    std::string m_failureReason;
    std::string m_failure;
    std::optional<base::SteadyTime> m_notBefore;
};

}  // namespace ifrit::agent::integrity
