// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "shared/base/clock.h"

namespace ifrit::agent::supervise {

/// When what comes each `interval` (over 0) comes next: at a multiple of it on the steady clock, so
/// that what has one interval comes at one time for all agents, and wakes an idle machine once
/// rather than once for each. From half an interval to one and a half away; then each interval.
inline base::SteadyTime nextInRhythm(base::SteadyTime now, std::chrono::milliseconds interval) {
    const base::SteadyTime::duration step = interval;
    const auto earliest = (now + step / 2).time_since_epoch();
    return base::SteadyTime((earliest / step + 1) * step);
}

}  // namespace ifrit::agent::supervise
