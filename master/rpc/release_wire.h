// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ifrit/v1/releases.pb.h"
#include "master/release/plan.h"
#include "master/services/release_engine.h"

namespace ifrit::master::rpc {

/// With verbs, what it waits for and an etag, as things stand at the engine.
v1::Release toWire(const release::Model& model, base::WallTime now, std::uint64_t clusterMachines,
                   const services::ReleaseEngine& engine);
v1::ReleasePlan toWire(const release::Plan& plan, const std::string& releaseId);
v1::ReleaseMachine toWire(const release::MachineProgress& machine);

}  // namespace ifrit::master::rpc
