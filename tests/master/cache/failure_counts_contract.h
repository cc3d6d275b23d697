// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/cache/failure_counts.h"

namespace ifrit::master::cache {

// The contract of FailureCounts, one function for each promise, with keys of its own. `other` is
// another master's view of the same counts. Run from a Qt Test slot.
void checkFailuresOfAllMastersAddUp(FailureCounts& counts, FailureCounts& other);
void checkWaitsAreSeenByAllMasters(FailureCounts& counts, FailureCounts& other);
void checkForgettingForgetsBoth(FailureCounts& counts, FailureCounts& other);

}  // namespace ifrit::master::cache
