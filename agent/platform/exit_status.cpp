// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/exit_status.h"

#include <fmt/format.h>
#include <string.h>

namespace ifrit::agent::platform {

std::string describe(const ExitStatus& status) {
    switch (status.kind) {
        case ExitStatus::Kind::Exited:
            return fmt::format("exited with code {}", status.code);
        case ExitStatus::Kind::Killed: {
#if defined(__GLIBC__)
            if (const char* name = ::sigabbrev_np(status.code))
                return fmt::format("killed by signal {} (SIG{})", status.code, name);
#endif
            return fmt::format("killed by signal {}", status.code);
        }
        case ExitStatus::Kind::Unknown:
            break;
    }
    return "ended (it was started by an earlier ifrit-agent, so its exit code is not known)";
}

}  // namespace ifrit::agent::platform
