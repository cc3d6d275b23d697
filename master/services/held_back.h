// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "master/release/cluster_rules.h"
#include "master/release/succession.h"
#include "master/services/fleet.h"
#include "shared/domain/desired_state.h"

namespace ifrit::master::services {

/// Why a machine does not run what it should.
struct HeldBack {
    std::string agent;    ///< empty: all that it runs
    std::string reason;   ///< as a permit's refusal, GENERATION_BACKWARDS or PERMIT_REFUSED
    std::string message;  ///< for people
    std::optional<base::WallTime> opens;
    bool operator==(const HeldBack&) const = default;
};

/// It holds something else, newer than what is served; else each agent that does not run what
/// `served` says, and that freeze, release or windows keep from it, or, where limits do that only
/// the leader counts, what the machine itself was told. `headOf` tells a release, or null. Pure.
std::vector<HeldBack> heldBackOf(const MachineView& machine, const domain::DesiredState& served,
                                 const release::Conditions& conditions, base::WallTime now,
                                 const std::function<release::Head(const std::string&)>& headOf);

}  // namespace ifrit::master::services
