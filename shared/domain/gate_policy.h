// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace ifrit::domain {

enum class StageKind { Gray, Pilot, Batch, Full };

/// What a gate counts (docs/protocol.md). `Bad` counts all the other kinds but Cost together, so
/// that a few failures of each kind do not add up to a pass.
enum class GateKind { Bad, Failed, TimedOut, Silent, CrashLooping, Integrity, Cost };

/// A gate of one kind halts once more than `percent` of the machines that count, and more than
/// `count` of them, came out so, and at least `minSample` machines of the stage have an outcome.
struct GateLimits {
    std::uint32_t percent = 5;    ///< 0..100
    std::uint32_t count = 1;      ///< machines
    std::uint32_t minSample = 1;  ///< machines
    bool operator==(const GateLimits&) const = default;
};

/// Machines that are judged together; below it a rank test says nothing.
inline constexpr std::uint32_t kLeastCostSample = 5;

/// When the new version is held to cost too much: its median is above the old version's by
/// `percent` and by the absolute least, and a rank test says that this is no chance.
struct CostLimits {
    bool enabled = true;
    std::uint32_t percent = 50;
    double cpuPoints = 2.0;                      ///< percent of one core
    std::uint64_t rssBytes = 16U << 20U;         ///< bytes
    std::uint32_t minSample = kLeastCostSample;  ///< machines with a sample before and after
    bool operator==(const CostLimits&) const = default;
};

/// That they judge: never fewer than kLeastCostSample.
inline std::uint32_t leastSampleOf(const CostLimits& limits) {
    return std::max(kLeastCostSample, limits.minSample);
}

/// Limits that a release sets itself. `stage` nullopt: for every stage that has no rule of its own.
struct GateRule {
    GateKind kind = GateKind::Bad;
    std::optional<StageKind> stage;
    GateLimits limits;
    bool operator==(const GateRule&) const = default;
};

/// What the agent may cost in one stage.
struct StageCost {
    StageKind stage = StageKind::Gray;
    CostLimits limits;
    bool operator==(const StageCost&) const = default;
};

struct GatePolicy {
    std::vector<GateRule> rules;             ///< at most one for each kind and stage; none for Cost
    CostLimits cost;                         ///< of every stage without limits of its own
    std::vector<StageCost> stageCosts = {};  ///< at most one for each stage
    bool operator==(const GatePolicy&) const = default;
};

/// The rule of kind and stage, else of the kind, else the default. Pure; O(rules).
GateLimits limitsOf(const GatePolicy& policy, GateKind kind, StageKind stage);
/// The stage's own limits; nullptr: it has none, and GatePolicy::cost holds.
const CostLimits* ownCostOf(const GatePolicy& policy, StageKind stage);

}  // namespace ifrit::domain
