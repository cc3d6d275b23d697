// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/linux/linux_process_launcher.h"

#include "agent/platform/linux/checked_program.h"
#include "agent/platform/posix/held_launch.h"

namespace ifrit::agent::platform {

absl::StatusOr<ProcessId> LinuxProcessLauncher::launch(const LaunchSpec& spec,
                                                       const BeforeProgram& beforeProgram) {
    IFRIT_RETURN_IF_ERROR(checkCommand(spec, &isAbsolutePath));
    if (!spec.checkProgram) return launchHeld(m_processes, spec, beforeProgram);
    IFRIT_ASSIGN_OR_RETURN(const CheckedProgram program,
                           CheckedProgram::open(spec.command[0], spec.checkProgram));
    if (!program.isTraceable()) return launchHeld(m_processes, spec, beforeProgram);
    const auto process = launchHeld(m_processes, spec, beforeProgram,
                                    [&program](pid_t pid) { return program.release(pid); });
    // Where tracing is forbidden the check before has to do.
    return isTracingRefused(process.status()) ? launchHeld(m_processes, spec, beforeProgram)
                                              : process;
}

}  // namespace ifrit::agent::platform
