// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <chrono>

namespace ifrit::base {

/// How long who accepts connections waits where acceptsAtOnce() says no.
inline constexpr std::chrono::milliseconds kAcceptPause{100};

/// Whether accept() may be called again right after it failed with `error`: nobody waits, or who
/// did has gone, also with a network error that its connection had pending (accept(2) of Linux
/// hands those on, and has taken it from the queue). After all else (no descriptors, no memory, a
/// rule of the system) the caller is still in the queue and poll() tells of it at once: without a
/// pause that burns a processor.
constexpr bool acceptsAtOnce(int error) {
    switch (error) {
        case EINTR:
        case EAGAIN:
        case ECONNABORTED:
        case EPROTO:
        case ENOPROTOOPT:
        case EOPNOTSUPP:
        case ENETDOWN:
        case ENETUNREACH:
        case EHOSTDOWN:
        case EHOSTUNREACH:
        case ENONET:
            return true;
        default:
            return false;
    }
}

}  // namespace ifrit::base
