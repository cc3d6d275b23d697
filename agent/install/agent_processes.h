// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "agent/journal/journal_state.h"
#include "agent/supervise/run_spec.h"
#include "shared/base/status.h"

namespace ifrit::agent::install {

/// Starts and stops managed agents for the Installer. Thread-safe.
class AgentProcesses {
public:
    virtual ~AgentProcesses() = default;

    /// Called when a program is about to be started; an error keeps it from that. May block.
    using BeforeStart = std::function<absl::Status()>;

    /// Makes sure that the agent runs as `spec` says: adopts `former` if it is that version's and
    /// alive, else starts it. OK when it is supervised so already. Whether the program then lives
    /// is the supervisor's business. `former` of another version is stopped first. `beforeStart`,
    /// which may be empty, is called only where it is started, and not before the starts that the
    /// supervisor makes later by itself; its error is returned.
    virtual absl::Status run(const supervise::RunSpec& spec,
                             const std::optional<journal::RunningProcess>& former,
                             const BeforeStart& beforeStart) = 0;
    /// Returns when nothing of it runs any more; STOP_FAILED when it will not end. OK for an
    /// unknown agent. `spec` says how to stop a `former` that is not supervised yet.
    virtual absl::Status stop(const supervise::RunSpec& spec,
                              const std::optional<journal::RunningProcess>& former) = 0;
};

}  // namespace ifrit::agent::install
