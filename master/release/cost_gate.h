// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "master/release/gate.h"
#include "master/release/model.h"

namespace ifrit::master::release {

/// By domain::costGroups() and domain::judgeCost(). Compares CPU and RSS of the agent before and
/// after, over the machines of each open stage and over those of all open stages together, which
/// small batches need to reach the least sample. Stages whose costs a person accepted are left out.
/// Pure; O(n log n) in the machines.
GateVerdict checkCosts(const Model& model);
/// Whether a person accepted what the agent costs in that stage. Needs no machines.
bool isCostAccepted(const Model& model, std::size_t stage);

}  // namespace ifrit::master::release
