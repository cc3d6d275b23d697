// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/platform/process_table.h"
#include "agent/supervise/agent_group.h"
#include "agent/supervise/family_usage.h"
#include "agent/supervise/resource_guard.h"

namespace ifrit::agent::supervise {

/// Reads what the processes of one managed agent use, by its group where there is one and by their
/// family where not, and holds it against the limits. Not thread-safe.
class UsageWatch {
public:
    struct Reading {
        platform::ProcessState state;  ///< of the process itself
        std::vector<AgentGroup::Note> notes;
        std::optional<std::string> violation;  ///< a sentence when a limit is broken
    };

    UsageWatch(const platform::ProcessTable& processes, AgentGroup& group,
               const domain::Limits& limits);

    /// A new process begins, with no family yet.
    void begin();
    /// `sessions` is asked for only where nothing else counts the members of the session that are
    /// in no tree. Nullopt: `process` is gone, and its end is about to be reported.
    std::optional<Reading> read(const platform::ProcessId& process,
                                const std::function<const platform::SessionList&()>& sessions,
                                base::SteadyTime now);
    /// `process`, what hangs below it, and of those that did at the last reading whoever is left.
    std::vector<platform::ProcessId> family(const platform::ProcessId& process) const;
    const domain::ResourceSample& latest() const { return m_resources.latest(); }

private:
    const platform::ProcessTable& m_processes;
    AgentGroup& m_group;
    ResourceGuard m_resources;
    FamilyUsage m_family;
};

}  // namespace ifrit::agent::supervise
