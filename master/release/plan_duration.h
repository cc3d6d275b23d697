// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/release/plan.h"

namespace ifrit::master::release {

/// Sets how long each stage and the whole is expected to take, and notes what makes it slower:
/// windows and blackout dates, and the cluster's cap on change; and what makes it fail: a rate or a
/// probation that reaches the machines' deadline. Pure.
void foretell(const PlanInput& input, Plan& plan);

}  // namespace ifrit::master::release
