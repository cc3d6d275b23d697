// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <poll.h>

#include <algorithm>
#include <chrono>

namespace ifrit::tests {

/// Asks `condition` again and again until it holds; false when that takes over `limit`. What lasts
/// long is asked for less often: a wait becomes longer by a 32nd at most, and by `longestPause`.
template <typename Condition>
bool waitUntil(const Condition& condition,
               std::chrono::milliseconds limit = std::chrono::seconds(20),
               std::chrono::milliseconds longestPause = std::chrono::milliseconds(25)) {
    using std::chrono::milliseconds;
    const auto start = std::chrono::steady_clock::now();
    while (!condition()) {
        const auto waited =
            std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start);
        if (waited > limit) return false;
        const auto pause = std::clamp(waited / 32, milliseconds(2), longestPause);
        ::poll(nullptr, 0, static_cast<int>(pause.count()));
    }
    return true;
}

}  // namespace ifrit::tests
