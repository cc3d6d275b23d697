// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <chrono>

namespace ifrit::base {

/// How long who accepts connections waits where acceptsAtOnce() says no.
inline constexpr std::chrono::milliseconds kAcceptPause{100};

/// Whether accept() may be called again right after it failed with `error`: nobody waits, or who
/// did has gone. After all else (no descriptors, no memory, a rule of the system) the caller is
/// still in the queue and poll() tells of it at once: without a pause that burns a processor.
constexpr bool acceptsAtOnce(int error) {
    return error == EINTR || error == EAGAIN || error == ECONNABORTED;
}

}  // namespace ifrit::base
