// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/linux/linux_process_launcher.h"

#include "agent/platform/linux/checked_program.h"

namespace ifrit::agent::platform {

absl::StatusOr<ProcessId> LinuxProcessLauncher::launch(const LaunchSpec& spec,
                                                       const BeforeProgram& beforeProgram) {
    IFRIT_RETURN_IF_ERROR(checkCommand(spec, &isAbsolutePath));
    if (!spec.checkProgram) return m_held.launch(spec, beforeProgram);
    IFRIT_ASSIGN_OR_RETURN(const CheckedProgram program,
                           CheckedProgram::open(spec.command[0], spec.checkProgram));
    if (!program.isTraceable()) return m_held.launch(spec, beforeProgram);
    const auto process = m_held.launch(spec, beforeProgram, [&program](pid_t pid, auto deadline) {
        return program.release(pid, deadline);
    });
    // Where tracing is forbidden the check before has to do.
    return isTracingRefused(process.status()) ? m_held.launch(spec, beforeProgram) : process;
}

}  // namespace ifrit::agent::platform
