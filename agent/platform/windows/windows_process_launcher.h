// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/process_launcher.h"
#include "agent/platform/process_table.h"

namespace ifrit::agent::platform {

/// CreateProcess with the first thread held until the caller agrees. A program that is to be
/// checked is kept open from before its check until it runs, in a way that lets nobody write,
/// rename or remove it, so there is nothing that could be swapped. Limits of open files and core
/// dumps do not exist here and are not looked at.
class WindowsProcessLauncher final : public ProcessLauncher {
public:
    explicit WindowsProcessLauncher(const ProcessTable& processes) : m_processes(processes) {}

    using ProcessLauncher::launch;
    absl::StatusOr<ProcessId> launch(const LaunchSpec& spec,
                                     const BeforeProgram& beforeProgram) override;

private:
    absl::Status release(const LaunchSpec& spec, const struct HeldProgram& program,
                         const ProcessId& process, const BeforeProgram& beforeProgram) const;

    const ProcessTable& m_processes;
};

}  // namespace ifrit::agent::platform
