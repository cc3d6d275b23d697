// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/process_launcher.h"
#include "agent/platform/process_table.h"

namespace ifrit::agent::platform {

/// fork and exec, with the child held at a gate in between. The table must outlive it.
class LinuxProcessLauncher final : public ProcessLauncher {
public:
    explicit LinuxProcessLauncher(const ProcessTable& processes) : m_processes(processes) {}

    using ProcessLauncher::launch;
    absl::StatusOr<ProcessId> launch(const LaunchSpec& spec,
                                     const BeforeProgram& beforeProgram) override;

private:
    const ProcessTable& m_processes;
};

}  // namespace ifrit::agent::platform
