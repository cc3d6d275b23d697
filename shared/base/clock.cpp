// SPDX-License-Identifier: Apache-2.0
#include "shared/base/clock.h"

namespace ifrit::base {

WallTime SystemClock::now() const {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now());
}

SteadyTime SystemClock::steadyNow() const {
    return std::chrono::steady_clock::now();
}

std::int64_t toUnixMillis(WallTime time) {
    return time.time_since_epoch().count();
}

WallTime fromUnixMillis(std::int64_t millis) {
    return WallTime(std::chrono::milliseconds(millis));
}

}  // namespace ifrit::base
