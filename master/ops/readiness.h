// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "master/services/cluster_figures.h"

namespace ifrit::master::ops {

/// An answer for a load balancer or a supervisor.
struct Verdict {
    bool good = true;
    std::string text;  ///< for people, ends with a line break
};

/// Whether this process is alive: a master that fails it is to be restarted. Pure.
Verdict healthOf(const services::ClusterFigures& figures);
/// Whether machines and operators may be sent here. A master whose database is away still is: it
/// serves the last composed state, and says that it is stale. Pure.
Verdict readinessOf(const services::ClusterFigures& figures);

}  // namespace ifrit::master::ops
