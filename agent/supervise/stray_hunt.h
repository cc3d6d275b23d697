// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "agent/platform/process_table.h"
#include "agent/platform/signaller.h"
#include "agent/supervise/agent_group.h"

namespace ifrit::agent::supervise {

/// Ends whatever runs of an agent though nobody owns it any more. Not thread-safe.
class StrayHunt {
public:
    struct Found {
        bool any = false;                         ///< something is still there
        std::vector<platform::ProcessId> killed;  ///< of which nobody was told before
    };

    StrayHunt(const platform::ProcessTable& processes, platform::Signaller& signaller,
              AgentGroup& group)
        : m_processes(processes), m_signaller(signaller), m_group(group) {}

    /// Sends SIGKILL to all that carries this variable and to what is in the group.
    Found look(const std::string& variable, const std::string& value);
    /// Until the next look, from 100 ms to 30 s: one that hangs in the kernel may do so for ever,
    /// and each look goes through all processes of the machine.
    std::chrono::milliseconds wait() const;

private:
    const platform::ProcessTable& m_processes;
    platform::Signaller& m_signaller;
    AgentGroup& m_group;
    std::vector<platform::ProcessId> m_told;  ///< of those that were there at the last look
    std::uint32_t m_looks = 0;                ///< in a row that found something
};

}  // namespace ifrit::agent::supervise
