// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "shared/domain/release.h"

namespace ifrit::domain {

/// How much a change asks of the hand that makes it. 0 and 1 ask nothing, 2 shows what will happen
/// and asks, 3 wants a reason and the number of machines typed, 4 is 3 on a cluster that is marked
/// production.
enum class DangerClass { Local, EasilyReversed, ChangesMachines, Wide, WideInProduction };

/// How far a change goes.
struct Reach {
    std::uint64_t machines = 0;         ///< that it may change, as the master counts them
    std::uint64_t clusterMachines = 0;  ///< all of the cluster; 0: not known
    bool production = false;
};

/// More than 5 % of the cluster, or more than 1,000 machines.
bool isWide(const Reach& reach);

/// The one rule that desktop and command line ask by.
DangerClass dangerOf(ReleaseVerb verb, const Reach& reach);
/// The same for what is wide or destructive whatever it reaches, such as deleting.
DangerClass dangerOfDestruction(const Reach& reach);

/// The verb that brings a release back to state `before` from where `verb` has put it: nothing but
/// EasilyReversed has one, and not where it came from elsewhere, as a halted one that was resumed.
std::optional<ReleaseVerb> reverseOf(ReleaseVerb verb, ReleaseState before, ReleaseState after);

}  // namespace ifrit::domain
