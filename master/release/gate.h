// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "shared/domain/release.h"

namespace ifrit::master::release {

struct GateVerdict {
    bool halt = false;
    std::string sentence;  ///< with the figures, for people
};

/// What counts a machine that came out so; nullopt for an outcome that is not bad.
std::optional<domain::GateKind> gateKindOf(domain::Outcome outcome, const std::string& reason);

/// Failed, reverted and silent machines.
std::uint32_t badOf(const domain::StageCounts& stage);
/// Machines that count: not those that are offline and untouched, or skipped.
std::uint32_t denominatorOf(const domain::StageCounts& stage);
/// Machines that are awaited: no outcome yet and reachable.
std::uint32_t awaitedOf(const domain::StageCounts& stage);
/// How many machines the limits let through.
std::uint32_t allowedBy(const domain::GateLimits& limits, const domain::StageCounts& stage);
/// How many bad machines a finished stage may have without a halt: of a small one less than the
/// limits let through, for half of it halts.
std::uint32_t badBudget(const domain::GatePolicy& policy, const domain::StageCounts& stage);

/// All gates of the stage but cost. Besides their limits, half of a finished stage that came out
/// badly halts as well, so that one failure of one machine is not a pass. Pure. `accepted`: bad
/// machines, by kind, that a person has already accepted.
GateVerdict checkGates(const domain::StageCounts& stage,
                       const std::map<domain::GateKind, std::uint32_t>& accepted,
                       const domain::GatePolicy& policy);

}  // namespace ifrit::master::release
