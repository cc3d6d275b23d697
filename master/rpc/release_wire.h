// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ifrit/v1/releases.pb.h"
#include "master/release/plan.h"

namespace ifrit::master::rpc {

/// With verbs, what it waits for and an etag.
v1::Release toWire(const release::Model& model, base::WallTime now, std::uint64_t clusterMachines,
                   const release::Conditions& conditions);
v1::ReleasePlan toWire(const release::Plan& plan, const std::string& releaseId);
v1::ReleaseMachine toWire(const release::MachineProgress& machine);

}  // namespace ifrit::master::rpc
