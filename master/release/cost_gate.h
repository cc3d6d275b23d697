// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/release/gate.h"
#include "master/release/model.h"

namespace ifrit::master::release {

/// Compares CPU and RSS of the agent before and after, over the machines of each open stage and
/// over those of all open stages together, which small batches need to reach the least sample.
/// Stages whose costs a person accepted are left out. Pure; O(n log n) in the machines.
GateVerdict checkCosts(const Model& model);

}  // namespace ifrit::master::release
