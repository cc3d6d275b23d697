// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/support/scripted_master.h"

namespace ifrit::tests {

using namespace std::chrono_literals;

services::ReleasePlan ScriptedMaster::plan(const std::string& releaseId) const {
    services::ReleasePlan plan;
    plan.planId = "8c1f3a";
    plan.releaseId = releaseId;
    plan.generation = 10'442;
    const auto stage = [&plan](domain::StageKind kind, std::uint32_t batch,
                               const std::map<std::string, std::uint32_t>& byType,
                               std::chrono::seconds duration) {
        services::ReleasePlan::Stage& one = plan.stages.emplace_back();
        one.kind = kind;
        one.batch = batch;
        one.machines = byType;
        for (const auto& [type, count] : byType)
            one.changing += count;
        if (one.changing > 0) one.fromVersions = {{"1.5.0", one.changing}};
        one.bytes = std::uint64_t{one.changing} * 10'312'500;
        one.expectedDuration = duration;
        plan.machinesTotal += one.changing;
        plan.changing += one.changing;
        plan.bytesTotal += one.bytes;
        plan.expectedDuration += duration;
    };
    stage(domain::StageKind::Gray, 0, {{"LINUX", 2}}, 11min + 30s);
    stage(domain::StageKind::Pilot, 0, {{"CONTAINER", 2}, {"LINUX", 2}}, 11min + 30s);
    for (const std::uint32_t batch : {3U, 1U, 2U})
        stage(domain::StageKind::Batch, batch, {{"CONTAINER", 13}, {"LINUX", 49}}, 5min);
    // A master gives time even to the stage that no machine is left for.
    stage(domain::StageKind::Full, 0, {}, 90s);
    plan.clusterMachines = machines.size();
    constexpr std::size_t kAlready = 3;
    constexpr std::size_t kOffline = 9;
    if (machines.size() > kOffline) {
        plan.refusals = {{machines[kAlready].uuid, "ALREADY", "it runs this version already"},
                         {machines[kOffline].uuid, "OFFLINE", "it is not reachable now"}};
    }
    plan.refusalCount = plan.refusals.size();
    return plan;
}

}  // namespace ifrit::tests
