// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "master/services/records.h"

namespace ifrit::master::services {

/// More than any poll and any drift of a clock that is kept.
inline constexpr std::chrono::minutes kFarApart{5};

/// What operators are shown of an event: all as the machine told it, and behind its message when
/// the master received it, in UTC, where that is further than kFarApart from the machine's own
/// time. Why it is (it waited on the machine, or a clock is wrong) nobody here can tell.
domain::MachineEvent shownEvent(const StoredEvent& event);

}  // namespace ifrit::master::services
