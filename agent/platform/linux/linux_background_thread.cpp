// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "agent/platform/background_thread.h"

namespace ifrit::agent::platform {
namespace {

constexpr int kLowestPriority = 19;
// linux/ioprio.h, which older kernel headers lack.
constexpr int kIoprioWhoProcess = 1;
constexpr int kIoprioIdle = 3 << 13;

}  // namespace

absl::Status becomeBackgroundThread() {
    const auto thread = static_cast<id_t>(::syscall(SYS_gettid));
    if (::setpriority(PRIO_PROCESS, thread, kLowestPriority) != 0) {
        return base::errnoStatus(errno, "setpriority");
    }
    if (::syscall(SYS_ioprio_set, kIoprioWhoProcess, 0, kIoprioIdle) != 0) {
        return base::errnoStatus(errno, "ioprio_set");
    }
    return absl::OkStatus();
}

}  // namespace ifrit::agent::platform
