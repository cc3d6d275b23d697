// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/integrity/agent_integrity.h"
#include "agent/integrity/scan_schedule.h"
#include "agent/journal/event_queue.h"

namespace ifrit::agent::integrity {

/// What the planner and reports are told of one agent.
struct IntegrityView {
    domain::Integrity state = domain::Integrity::Unknown;
    std::string note;
    bool repairDue = false;
};

/// AgentIntegrity of every agent, between the thread that scans, the workers that repair and the
/// loop that plans and reports. Thread-safe; never blocks for long.
class IntegrityBoard {
public:
    explicit IntegrityBoard(RepairPolicy policy);

    /// Changes when a repair of the agent begins or ends; to be asked before a scan.
    std::uint64_t epoch(const std::string& agent) const ABSL_LOCKS_EXCLUDED(m_mutex);
    /// False, and nothing is kept, when a repair was on at any time since `epoch` was asked: what
    /// was seen is half of one and half of the other.
    bool scanned(const Installation& installation, Finding finding, std::uint64_t epoch)
        ABSL_LOCKS_EXCLUDED(m_mutex);
    /// Forgets everything else.
    void keepOnly(const std::set<Installation>& installed) ABSL_LOCKS_EXCLUDED(m_mutex);
    IntegrityView view(const std::string& agent, base::SteadyTime now) const
        ABSL_LOCKS_EXCLUDED(m_mutex);
    /// What is known to be wrong, by manifest digest.
    std::map<std::string, Finding> findings(const std::string& agent) const
        ABSL_LOCKS_EXCLUDED(m_mutex);
    /// Around a repair, whatever comes of it.
    void repairBegins(const std::string& agent) ABSL_LOCKS_EXCLUDED(m_mutex);
    void repairEnds(const std::string& agent) ABSL_LOCKS_EXCLUDED(m_mutex);
    AgentIntegrity::Alert repaired(const std::string& agent, const std::string& digest,
                                   const std::string& what, base::SteadyTime now)
        ABSL_LOCKS_EXCLUDED(m_mutex);
    AgentIntegrity::Alert repairFailed(const std::string& agent, const std::string& reason,
                                       const std::string& message, base::SteadyTime now)
        ABSL_LOCKS_EXCLUDED(m_mutex);

    /// For the loop to write down: who scans must not wait for the journal's disk. At most 64 are
    /// kept, the newest.
    void addEvent(domain::MachineEvent event) ABSL_LOCKS_EXCLUDED(m_mutex);
    journal::EventBatch takeEvents() ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    std::uint64_t epochOf(const std::string& agent) const ABSL_SHARED_LOCKS_REQUIRED(m_mutex);
    AgentIntegrity& of(const std::string& agent) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);

    const RepairPolicy m_policy;
    mutable absl::Mutex m_mutex;
    std::map<std::string, AgentIntegrity> m_agents ABSL_GUARDED_BY(m_mutex);
    std::map<std::string, std::uint64_t> m_epochs
        ABSL_GUARDED_BY(m_mutex);  ///< odd: a repair is on
    journal::EventQueue m_events ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::agent::integrity
