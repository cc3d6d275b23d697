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
    /// `process`, the others of its session, those that hung below it at the last reading, and
    /// `others`: whoever of them is left, and what hangs below each; also when `process` itself is
    /// gone. But neither ourselves, nor whom we hang below, nor what hangs below us. O(processes).
    std::vector<platform::ProcessId> family(const platform::ProcessId& process,
                                            const std::vector<platform::ProcessId>& others) const;
    const domain::ResourceSample& latest() const { return m_resources.latest(); }

private:
    std::vector<platform::ProcessId> withoutUs(
        const std::vector<platform::ProcessUse>& family) const;

    const platform::ProcessTable& m_processes;
    AgentGroup& m_group;
    ResourceGuard m_resources;
    FamilyUsage m_family;
};

}  // namespace ifrit::agent::supervise
