// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <vector>

#include "agent/install/agent_processes.h"
#include "agent/supervise/supervisor.h"

namespace ifrit::agent::install {

/// AgentProcesses over a Supervisor, which must be driven by another thread and outlive it.
class SupervisedProcesses final : public AgentProcesses {
public:
    /// After SIGKILL the kernel needs a moment, and a process in an uninterruptible sleep longer.
    static constexpr std::chrono::seconds kAfterKill{10};

    explicit SupervisedProcesses(supervise::Supervisor& supervisor,
                                 std::chrono::seconds afterKill = kAfterKill)
        : m_supervisor(supervisor), m_afterKill(afterKill) {}

    absl::Status run(const supervise::RunSpec& spec,
                     const std::optional<journal::RunningProcess>& former,
                     const BeforeStart& beforeStart) override;
    absl::Status stop(const supervise::RunSpec& spec,
                      const std::optional<journal::RunningProcess>& former) override;

    struct Stop {
        supervise::RunSpec spec;
        std::optional<journal::RunningProcess> former;
    };
    /// stop() of many, of which none waits for the end of another: this takes as long as the most
    /// patient of them. One status each, in their order.
    std::vector<absl::Status> stopTogether(const std::vector<Stop>& stops);

private:
    absl::Status start(const supervise::RunSpec& spec, const BeforeStart& beforeStart);
    absl::Status beginStop(const supervise::RunSpec& spec,
                           const std::optional<journal::RunningProcess>& former);
    /// Of what was begun before; `since` is when.
    absl::Status finishStop(const supervise::RunSpec& spec,
                            std::chrono::steady_clock::time_point since);
    absl::Status stopSupervised(const supervise::RunSpec& spec);

    supervise::Supervisor& m_supervisor;
    const std::chrono::seconds m_afterKill;
};

}  // namespace ifrit::agent::install
