// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

#include "agent/platform/posix/unique_fd.h"

namespace ifrit::agent::platform {

// By number, because glibc before 2.36 has no wrappers and those of 2.36 lack extern "C".

/// A handle of the process that has this pid now; invalid, with errno, when there is none.
inline UniqueFd openPidfd(std::int32_t pid) {
    return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

/// As kill(2), to the process of the handle, whoever has its pid by now.
inline int sendToPidfd(const UniqueFd& handle, int signal) {
    return static_cast<int>(::syscall(SYS_pidfd_send_signal, handle.get(), signal, nullptr, 0));
}

}  // namespace ifrit::agent::platform
