// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string_view>

#include "shared/base/clock.h"

namespace ifrit::agent::supervise {

/// The first time after `after` at which what comes each `interval` (over 0) comes: a multiple of
/// it on the steady clock, shifted by `phase`. So what has one interval comes at one time for all
/// agents, and wakes an idle machine once rather than once for each.
inline base::SteadyTime nextInRhythm(base::SteadyTime after, std::chrono::milliseconds interval,
                                     std::chrono::milliseconds phase) {
    const base::SteadyTime::duration step = interval;
    const auto since = (after - phase).time_since_epoch();
    const auto turns = since / step - (since % step < since.zero() ? 1 : 0);
    return base::SteadyTime((turns + 1) * step) + phase;
}

/// The machine's own phase: containers of one host have one steady clock, and would all come at
/// once. Under an hour.
std::chrono::milliseconds phaseOf(std::string_view uuid);

}  // namespace ifrit::agent::supervise
