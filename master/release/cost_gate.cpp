// SPDX-License-Identifier: Apache-2.0
#include "master/release/cost_gate.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "master/release/stages.h"
#include "shared/domain/cost_rule.h"
#include "shared/domain/rank_test.h"

namespace ifrit::master::release {
namespace {

using domain::CostMeasure;
using domain::CostSamples;

constexpr double kMiB = 1024.0 * 1024.0;

std::string sentence(CostMeasure measure, const CostSamples::Pairs& samples,
                     const std::string& where) {
    const bool isMemory = measure == CostMeasure::Memory;
    const double unit = isMemory ? kMiB : 1;
    return fmt::format(
        "cost: {} of {} machines of {} rose from {:.1f} to {:.1f} {} in the median "
        "(p = {:.2g}, Mann-Whitney)",
        isMemory ? "memory" : "CPU", samples.after.size(), where,
        domain::medianOf(samples.before) / unit, domain::medianOf(samples.after) / unit,
        isMemory ? "MiB" : "% of a core",
        domain::probabilityOfNoRise(samples.before, samples.after));
}

std::vector<domain::StageCosts> openStages(const Model& model) {
    std::map<std::pair<domain::StageKind, std::uint32_t>, CostSamples> byStage;
    for (const auto& [uuid, machine] : model.machines) {
        const bool measured = machine.outcome == domain::Outcome::Ok && machine.before &&
                              machine.sample.rssBytes != 0 &&
                              machine.runningDigest == model.targets.at(machine.machineType).digest;
        if (!measured) continue;
        byStage[{machine.stage, machine.batch}].add(static_cast<double>(machine.before->rssBytes),
                                                    static_cast<double>(machine.sample.rssBytes),
                                                    machine.before->cpuPercent,
                                                    machine.sample.cpuPercent);
    }
    std::vector<domain::StageCosts> out;
    const auto& stages = model.release.stages;
    for (std::size_t i = 0; i <= model.stageIndex && i < stages.size(); ++i) {
        out.push_back({stages[i].kind, isCostAccepted(model, i),
                       std::move(byStage[{stages[i].kind, stages[i].batch}])});
    }
    return out;
}

}  // namespace

bool isCostAccepted(const Model& model, std::size_t stage) {
    return stage < model.acceptedBad.size() &&
           model.acceptedBad[stage].count(domain::GateKind::Cost) != 0;
}

GateVerdict checkCosts(const Model& model) {
    const domain::GatePolicy& gates = model.release.spec.gates;
    if (!gates.cost.enabled && gates.stageCosts.empty()) return {};
    for (const domain::CostGroup& group : domain::costGroups(gates, openStages(model))) {
        if (group.accepted) continue;
        for (const CostMeasure measure : {CostMeasure::Memory, CostMeasure::Cpu}) {
            if (domain::judgeCost(group, measure) != domain::CostFinding::Rise) continue;
            const std::string where =
                group.stage
                    ? fmt::format("the {} stage", describe(model.release.stages[*group.stage]))
                    : std::string("the open stages");
            return {true, sentence(measure, group.samples.of(measure), where)};
        }
    }
    return {};
}

}  // namespace ifrit::master::release
