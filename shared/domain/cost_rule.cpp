// SPDX-License-Identifier: Apache-2.0
#include "shared/domain/cost_rule.h"

#include <array>
#include <utility>

#include "shared/domain/rank_test.h"

namespace ifrit::domain {
namespace {

void append(CostSamples::Pairs& to, const CostSamples::Pairs& from) {
    to.before.insert(to.before.end(), from.before.begin(), from.before.end());
    to.after.insert(to.after.end(), from.after.begin(), from.after.end());
}

}  // namespace

void CostSamples::add(double rssBefore, double rssAfter, double cpuBefore, double cpuAfter) {
    rss.before.push_back(rssBefore);
    rss.after.push_back(rssAfter);
    cpu.before.push_back(cpuBefore);
    cpu.after.push_back(cpuAfter);
}

void CostSamples::add(const CostSamples& other) {
    append(rss, other.rss);
    append(cpu, other.cpu);
}

std::vector<CostGroup> costGroups(const GatePolicy& policy, std::vector<StageCosts> open) {
    std::vector<CostGroup> out;
    struct Together {
        CostGroup group;
        std::size_t stages = 0;
    };
    std::array<Together, 2> together;  // those that were accepted, the others
    for (std::size_t i = 0; i < open.size(); ++i) {
        StageCosts& stage = open[i];
        if (stage.samples.rss.after.empty()) continue;
        const CostLimits* own = ownCostOf(policy, stage.stage);
        if (own == nullptr) {
            Together& with = together[stage.accepted ? 0 : 1];
            with.group.samples.add(stage.samples);
            ++with.stages;
        }
        out.push_back(
            {i, stage.accepted, own != nullptr ? *own : policy.cost, std::move(stage.samples)});
    }
    together[0].group.accepted = true;
    for (Together& with : together) {
        // Of one alone nothing else could be said.
        if (with.stages < 2) continue;
        with.group.limits = policy.cost;
        out.push_back(std::move(with.group));
    }
    return out;
}

CostFinding judgeCost(const CostGroup& group, CostMeasure measure) {
    const CostLimits& limits = group.limits;
    if (!limits.enabled) return CostFinding::Off;
    const CostSamples::Pairs& pairs = group.samples.of(measure);
    if (pairs.after.size() < leastSampleOf(limits)) return CostFinding::TooFew;
    const double least =
        measure == CostMeasure::Memory ? static_cast<double>(limits.rssBytes) : limits.cpuPoints;
    return isCostRise(pairs.before, pairs.after, limits.percent, least) ? CostFinding::Rise
                                                                        : CostFinding::Within;
}

CostVerdict costVerdict(const std::vector<CostGroup>& groups, CostMeasure measure) {
    using Kind = CostVerdict::Kind;
    std::optional<std::size_t> accepted;
    std::optional<std::size_t> within;
    std::optional<std::size_t> few;
    bool hasSeveralLimits = false;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        switch (judgeCost(groups[i], measure)) {
            case CostFinding::Rise:
                if (!groups[i].accepted) return {Kind::Halts, i};
                if (!accepted) accepted = i;
                break;
            case CostFinding::Within:
                hasSeveralLimits =
                    hasSeveralLimits || (within && groups[*within].limits != groups[i].limits);
                within = i;
                break;
            case CostFinding::TooFew:
                few = i;
                break;
            case CostFinding::Off:
                break;
        }
    }
    if (accepted) return {Kind::Accepted, accepted};
    if (within) return {Kind::Passes, hasSeveralLimits ? std::nullopt : within};
    return few ? CostVerdict{Kind::TooFew, few} : CostVerdict{};
}

}  // namespace ifrit::domain
