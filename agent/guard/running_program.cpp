// SPDX-License-Identifier: Apache-2.0
#include "agent/guard/running_program.h"

#include <string_view>

namespace ifrit::agent::guard {

absl::StatusOr<std::string> runningProgram(const platform::ProcessId& process,
                                           const platform::Directories& directories) {
    constexpr std::string_view kDeleted = " (deleted)";
    IFRIT_ASSIGN_OR_RETURN(std::string program,
                           directories.readLink(fmt::format("/proc/{}/exe", process.pid)));
    if (program.size() > kDeleted.size() &&
        program.compare(program.size() - kDeleted.size(), kDeleted.size(), kDeleted) == 0)
        program.resize(program.size() - kDeleted.size());
    return program;
}

}  // namespace ifrit::agent::guard
