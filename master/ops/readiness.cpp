// SPDX-License-Identifier: Apache-2.0
#include "master/ops/readiness.h"

#include <fmt/format.h>

namespace ifrit::master::ops {
namespace {

/// It turns ten times a second.
constexpr std::chrono::seconds kLongestTick{60};

double seconds(std::chrono::milliseconds time) {
    return std::chrono::duration<double>(time).count();
}

}  // namespace

Verdict healthOf(const services::ClusterFigures& figures) {
    if (figures.sinceTick > kLongestTick) {
        return {false, fmt::format("the clockwork has stood still for {:.0f} s\n",
                                   seconds(figures.sinceTick))};
    }
    if (figures.sinceRound > services::kLongestRound) {
        return {false, fmt::format("releases have not been seen to for {:.0f} s\n",
                                   seconds(figures.sinceRound))};
    }
    return {true, "ok\n"};
}

Verdict readinessOf(const services::ClusterFigures& figures) {
    if (figures.stopping) return {false, "stopping: running calls end, new ones are not taken\n"};
    const Verdict health = healthOf(figures);
    if (!health.good) return health;
    if (figures.staleFor) {
        return {true, fmt::format("ok, but stale: desired state of generation {} could not be "
                                  "composed anew for {:.0f} s; is the database there?\n",
                                  figures.generation, seconds(*figures.staleFor))};
    }
    return {true, "ok\n"};
}

}  // namespace ifrit::master::ops
