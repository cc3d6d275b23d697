// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>

#include <cerrno>

#include "agent/platform/background_thread.h"

namespace ifrit::agent::platform {

absl::Status becomeBackgroundThread() {
    // Processor, disk and network in one.
    if (::setpriority(PRIO_DARWIN_THREAD, 0, PRIO_DARWIN_BG) == 0) return absl::OkStatus();
    return base::errnoStatus(errno, "setpriority");
}

}  // namespace ifrit::agent::platform
