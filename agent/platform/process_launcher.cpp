// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/process_launcher.h"

namespace ifrit::agent::platform {

absl::Status checkCommand(const LaunchSpec& spec, IsAbsolute isAbsolute) {
    const std::string program = spec.command.empty() ? "" : spec.command[0];
    if (!isAbsolute(program)) {
        return base::invalidArgument("BAD_COMMAND", program,
                                     "'{}' cannot be started: an absolute path is needed", program);
    }
    for (const std::string& argument : spec.command) {
        if (argument.find('\0') != std::string::npos)
            return base::invalidArgument("BAD_COMMAND", program, "an argument of {} holds a NUL",
                                         program);
    }
    return absl::OkStatus();
}

}  // namespace ifrit::agent::platform
