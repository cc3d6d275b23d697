// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <poll.h>

#include <chrono>

namespace ifrit::tests {

/// Asks `condition` again and again until it holds; false when that takes over `limit`.
template <typename Condition>
bool waitUntil(const Condition& condition,
               std::chrono::milliseconds limit = std::chrono::seconds(20)) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        ::poll(nullptr, 0, 2);
    }
    return true;
}

}  // namespace ifrit::tests
