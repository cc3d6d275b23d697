// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/install/agent_processes.h"
#include "agent/supervise/supervisor.h"

namespace ifrit::agent::install {

/// AgentProcesses over a Supervisor, which must be driven by another thread and outlive it.
class SupervisedProcesses final : public AgentProcesses {
public:
    explicit SupervisedProcesses(supervise::Supervisor& supervisor) : m_supervisor(supervisor) {}

    absl::Status run(const supervise::RunSpec& spec,
                     const std::optional<journal::RunningProcess>& former) override;
    absl::Status stop(const supervise::RunSpec& spec,
                      const std::optional<journal::RunningProcess>& former) override;

private:
    absl::Status stopSupervised(const supervise::RunSpec& spec);

    supervise::Supervisor& m_supervisor;
};

}  // namespace ifrit::agent::install
