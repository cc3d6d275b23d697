// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "shared/domain/release.h"

namespace ifrit::master::release {

/// The default gate of a stage. More than `percent` of the machines that count, and more than
/// `count`, came out badly: halt at once. Half of a finished stage came out badly: halt as well,
/// so that one failure of one machine is not a pass.
struct GateLimits {
    std::uint32_t percent = 5;
    std::uint32_t count = 1;
};

struct GateVerdict {
    bool halt = false;
    std::string sentence;  ///< with the figures, for people
};

/// Failed, reverted and silent machines.
std::uint32_t badOf(const domain::StageCounts& stage);
/// Machines that count: not those that are offline and untouched, or skipped.
std::uint32_t denominatorOf(const domain::StageCounts& stage);
/// Machines that are awaited: no outcome yet and reachable.
std::uint32_t awaitedOf(const domain::StageCounts& stage);

/// Pure. `accepted`: bad machines that a person has already accepted.
GateVerdict checkGate(const domain::StageCounts& stage, std::uint32_t accepted,
                      const GateLimits& limits);

}  // namespace ifrit::master::release
