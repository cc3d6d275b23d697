// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "shared/domain/gate_policy.h"

namespace ifrit::domain {

enum class CostMeasure { Memory, Cpu };

/// What an agent costs on machines that run the new version, each before and after.
struct CostSamples {
    struct Pairs {
        std::vector<double> before;
        std::vector<double> after;
    };
    Pairs rss;  ///< bytes
    Pairs cpu;  ///< percent of one core
    const Pairs& of(CostMeasure measure) const { return measure == CostMeasure::Cpu ? cpu : rss; }
    /// Of one machine.
    void add(double rssBefore, double rssAfter, double cpuBefore, double cpuAfter);
    void add(const CostSamples& other);
};

struct StageCosts {
    StageKind stage = StageKind::Full;
    bool accepted = false;  ///< a person resumed the release after its costs had halted it
    CostSamples samples;
};

/// Machines that are judged together.
struct CostGroup {
    std::optional<std::size_t> stage;  ///< which of the given ones; nullopt: several, as one
    bool accepted = false;             ///< what it costs halts nothing
    CostLimits limits;
    CostSamples samples;
};

/// How the cost gate takes the open stages: each that has samples by itself, by its own limits or
/// those of the release; then together, by those of the release, those that have no limits of their
/// own, which small batches need to reach the least sample: the accepted ones apart from the
/// others. In this order. Pure.
std::vector<CostGroup> costGroups(const GatePolicy& policy, std::vector<StageCosts> open);

enum class CostFinding {
    Off,     ///< it has no cost gate
    TooFew,  ///< less than leastSampleOf() its limits
    Within,
    Rise
};
/// By isCostRise(). Pure; O(n log n) in the machines.
CostFinding judgeCost(const CostGroup& group, CostMeasure measure);

/// What the gate says of one measure.
struct CostVerdict {
    enum class Kind {
        Off,       ///< no group has a gate
        TooFew,    ///< of `group`, the last one that has one
        Passes,    ///< `group` nullopt: groups of different limits
        Halts,     ///< because of `group`
        Accepted,  ///< `group` rose, and a person accepted that
    };
    Kind kind = Kind::Off;
    std::optional<std::size_t> group;
};
/// Pure; as judgeCost() for each of them.
CostVerdict costVerdict(const std::vector<CostGroup>& groups, CostMeasure measure);

}  // namespace ifrit::domain
