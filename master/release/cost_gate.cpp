// SPDX-License-Identifier: Apache-2.0
#include "master/release/cost_gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "master/release/stages.h"
#include "shared/domain/rank_test.h"

namespace ifrit::master::release {
namespace {

struct Samples {
    std::vector<double> before;
    std::vector<double> after;
    void add(const Samples& other) {
        before.insert(before.end(), other.before.begin(), other.before.end());
        after.insert(after.end(), other.after.begin(), other.after.end());
    }
};

struct Costs {
    Samples cpu;  // percent of one core
    Samples rss;  // MiB
};

constexpr double kMiB = 1024.0 * 1024.0;

bool isRise(const Samples& samples, double percent, double least) {
    return domain::isCostRise(samples.before, samples.after, percent, least);
}

std::string sentence(const char* what, const char* unit, const Samples& samples,
                     const std::string& where) {
    return fmt::format(
        "cost: {} of {} machines of {} rose from {:.1f} to {:.1f} {} in the median "
        "(p = {:.2g}, Mann-Whitney)",
        what, samples.after.size(), where, domain::medianOf(samples.before),
        domain::medianOf(samples.after), unit,
        domain::probabilityOfNoRise(samples.before, samples.after));
}

GateVerdict judge(const Costs& costs, const domain::CostLimits& limits, const std::string& where) {
    if (!limits.enabled) return {};
    const std::size_t sample = std::max(5U, limits.minSample);
    if (costs.rss.after.size() < sample) return {};
    if (isRise(costs.rss, limits.percent, static_cast<double>(limits.rssBytes) / kMiB))
        return {true, sentence("memory", "MiB", costs.rss, where)};
    if (isRise(costs.cpu, limits.percent, limits.cpuPoints))
        return {true, sentence("CPU", "% of a core", costs.cpu, where)};
    return {};
}

void addMachine(Costs& costs, const MachineProgress& machine) {
    costs.cpu.before.push_back(machine.before->cpuPercent);
    costs.cpu.after.push_back(machine.sample.cpuPercent);
    costs.rss.before.push_back(static_cast<double>(machine.before->rssBytes) / kMiB);
    costs.rss.after.push_back(static_cast<double>(machine.sample.rssBytes) / kMiB);
}

}  // namespace

GateVerdict checkCosts(const Model& model) {
    const domain::GatePolicy& gates = model.release.spec.gates;
    if (!gates.cost.enabled && gates.stageCosts.empty()) return {};
    std::map<std::pair<domain::StageKind, std::uint32_t>, Costs> byStage;
    for (const auto& [uuid, machine] : model.machines) {
        const bool measured = machine.outcome == domain::Outcome::Ok && machine.before &&
                              machine.sample.rssBytes != 0 &&
                              machine.runningDigest == model.targets.at(machine.machineType).digest;
        if (measured) addMachine(byStage[{machine.stage, machine.batch}], machine);
    }
    Costs all;
    const auto& stages = model.release.stages;
    for (std::size_t i = 0; i <= model.stageIndex && i < stages.size(); ++i) {
        const auto found = byStage.find({stages[i].kind, stages[i].batch});
        if (found == byStage.end() || model.acceptedBad[i].count(domain::GateKind::Cost) != 0)
            continue;
        const domain::CostLimits* own = domain::ownCostOf(gates, stages[i].kind);
        GateVerdict verdict = judge(found->second, own != nullptr ? *own : gates.cost,
                                    fmt::format("the {} stage", describe(stages[i])));
        if (verdict.halt) return verdict;
        // What has limits of its own is judged by them alone.
        if (own != nullptr) continue;
        all.cpu.add(found->second.cpu);
        all.rss.add(found->second.rss);
    }
    return judge(all, gates.cost, "the open stages");
}

}  // namespace ifrit::master::release
