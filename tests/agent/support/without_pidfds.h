// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>

#include "tests/agent/support/without_calls.h"

namespace ifrit::tests {

/// Runs `body` on a thread of its own for which there are no handles of processes: pidfd_open(2)
/// fails with ENFILE, and all else works. What it launches inherits that.
inline void withoutPidfds(const std::function<void()>& body) {
    withoutCalls({SYS_pidfd_open}, ENFILE, body);
}

}  // namespace ifrit::tests
