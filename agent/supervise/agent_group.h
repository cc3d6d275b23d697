// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/platform/resource_groups.h"
#include "agent/supervise/agent_snapshot.h"
#include "shared/base/clock.h"
#include "shared/domain/manifest.h"

namespace ifrit::agent::supervise {

/// The group of one managed agent in the system's books: set before each start, looked at while it
/// runs. Where the system gives no groups it says and does nothing. Not thread-safe.
class AgentGroup {
public:
    /// Something that the system did to the agent, or could not do for it.
    struct Note {
        std::string kind;  ///< "throttled", "tasks-refused", "limits-watched"
        std::string message;
    };

    AgentGroup(platform::ResourceGroups& groups, std::string agent, const domain::Limits& limits);

    /// Before a start. A group that cannot be had is no reason not to run: limits are then watched.
    std::optional<Note> prepare();
    /// `process` has not begun yet; an error leaves it outside, and nothing held.
    std::optional<Note> add(const platform::ProcessId& process);
    /// Of a process that runs already, with all that belongs to it.
    std::optional<Note> adopt(const platform::ProcessId& process,
                              const std::vector<platform::ProcessId>& members);

    const platform::HeldLimits& held() const { return m_held; }
    const HeldBack& heldBack() const { return m_heldBack; }
    /// Whatever the agent has started is in it, and ends with it. Not where the system gives no
    /// groups, nor where the agent ran before it had one.
    bool holdsAll() const { return m_isWhole && cpuTime().has_value(); }
    bool isEmpty() const { return m_groups.isEmpty(m_agent); }
    /// More exact than the sum over a family, which misses who came and went between two looks;
    /// nullopt: not known.
    std::optional<std::chrono::nanoseconds> cpuTime() const;
    /// Whether the system holds the limits of memory and tasks that there are. Otherwise they are
    /// watched, over everything that belongs to the agent.
    bool holdsLimits() const;

    /// What happened since the last look.
    std::vector<Note> look(base::SteadyTime now);
    /// A sentence when the system killed something over the memory limit since the start.
    std::optional<std::string> overMemory() const;

    void killAll();
    void remove() { m_groups.remove(m_agent); }

private:
    void begin();
    Note watched(const absl::Status& why);

    platform::ResourceGroups& m_groups;
    const std::string m_agent;
    const domain::Limits m_limits;
    platform::HeldLimits m_held;
    bool m_ready = false;          ///< the group is there
    bool m_isWhole = false;        ///< it was there when the agent began
    platform::GroupUsage m_start;  ///< counters when the process began
    platform::GroupUsage m_last;
    std::optional<base::SteadyTime> m_looked;
    HeldBack m_heldBack;
    int m_throttledLooks = 0;  ///< in a row
    bool m_throttledTold = false;
    bool m_refusalTold = false;
};

}  // namespace ifrit::agent::supervise
