// SPDX-License-Identifier: Apache-2.0
#include "master/release/plan_duration.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "master/release/change_time.h"
#include "master/release/state_machine.h"
#include "master/release/verdict.h"
#include "shared/base/wording.h"
#include "shared/domain/download_rate.h"
#include "shared/filter/version_order.h"

namespace ifrit::master::release {
namespace {

using domain::StageKind;
using std::chrono::milliseconds;

/// A usual download, start and probation.
constexpr milliseconds kSwitch{30'000};

/// The longest probation of these types' manifests; 0: none is known.
template <typename Types>
milliseconds probationOf(const PlanInput& input, const Types& types) {
    milliseconds out{0};
    for (const auto& type : types) {
        const auto probation = input.probations.find(type);
        if (probation != input.probations.end()) out = std::max(out, probation->second);
    }
    return out;
}

/// What the release's own rate makes the largest of these types' archives take; 0: it has none.
/// Machines download before they ask for a permit, so all of a stage at the same time.
template <typename Types>
milliseconds downloadOf(const PlanInput& input, const Types& types) {
    const std::uint64_t rate = input.release->spec.downloadRate;
    if (rate == 0) return milliseconds(0);
    std::uint64_t largest = 0;
    for (const auto& type : types) {
        const auto archive = input.archiveBytes.find(type);
        if (archive != input.archiveBytes.end()) largest = std::max(largest, archive->second);
    }
    return std::chrono::seconds(static_cast<std::int64_t>((largest + rate - 1) / rate));
}

std::set<std::string> typesOf(const std::map<std::string, std::uint32_t>& machines) {
    std::set<std::string> out;
    for (const auto& [type, count] : machines)
        out.insert(type);
    return out;
}

/// Hearing of it takes up to one poll, telling the outcome another; with a limit of machines in
/// flight they switch in turns.
milliseconds durationOf(const PlanInput& input, const PlanStage& stage) {
    const domain::ReleaseSpec& spec = input.release->spec;
    const bool batch = stage.kind == StageKind::Batch;
    // The release passes an empty one by; an empty pilot soaks all the same.
    const bool soaks = stage.kind == StageKind::Gray || stage.kind == StageKind::Pilot;
    if (stage.machines.empty()) return soaks ? spec.soak : milliseconds(0);
    // Who is silent follows when it is back: nothing waits for it.
    const std::uint32_t changing = stage.changing - stage.silent;
    std::int64_t turns = 1;
    if (spec.maxInFlight != 0 && changing > spec.maxInFlight)
        turns = (changing + spec.maxInFlight - 1) / spec.maxInFlight;
    const std::set<std::string> types = typesOf(stage.machines);
    milliseconds out = 2 * input.pollInterval;
    out += turns * (changing == 0 ? kSwitch : std::max(kSwitch, probationOf(input, types)));
    if (changing != 0) out += downloadOf(input, types);
    if (batch) out = std::max(out, spec.batches.interval);
    if (soaks) out += spec.soak;
    return out;
}

/// Says how long the rate makes a machine download, and where its deadline is too near for that.
void noteRate(const PlanInput& input, Plan& plan) {
    const domain::ReleaseSpec& spec = input.release->spec;
    if (spec.downloadRate == 0 || plan.bytesTotal == 0) return;
    const milliseconds longest = downloadOf(input, spec.machineTypes);
    const std::string sentence =
        fmt::format("each machine downloads at most {}: up to {}",
                    domain::formatDownloadRate(spec.downloadRate), base::sayDuration(longest));
    if (longest < spec.machineDeadline) {
        plan.notes.push_back(sentence);
        return;
    }
    plan.notes.push_back(fmt::format("{}, and its deadline is {}: machines will time out", sentence,
                                     base::sayDuration(spec.machineDeadline)));
}

/// Says where proving itself takes a machine beyond its deadline. Where the download alone does,
/// noteRate() has said so.
void noteProbation(const PlanInput& input, Plan& plan) {
    const domain::ReleaseSpec& spec = input.release->spec;
    if (plan.changing == 0) return;
    const milliseconds probation = probationOf(input, spec.machineTypes);
    const milliseconds download = downloadOf(input, spec.machineTypes);
    const milliseconds all = probation + download;
    if (probation.count() == 0 || download >= spec.machineDeadline || all < spec.machineDeadline)
        return;
    plan.notes.push_back(fmt::format(
        "a machine has to stay well for {}{}, and its deadline is {}: machines will time out",
        base::sayDuration(probation),
        download.count() == 0
            ? std::string()
            : fmt::format(" after a download of up to {}", base::sayDuration(download)),
        base::sayDuration(spec.machineDeadline)));
}

/// A machine keeps what it runs and what it ran right before, and tells no master of the second:
/// who goes back further than that has it no more.
void noteReturn(Plan& plan) {
    const auto goesBack = [&plan](const MachineProgress& machine) {
        const Target& target = plan.start.targets.at(machine.machineType);
        return target.action == domain::DesiredAction::Install && !isOn(target, machine) &&
               !machine.fromVersion.empty() &&
               filter::compareVersions(machine.fromVersion, target.version) > 0;
    };
    const auto& machines = plan.start.machines;
    const auto count = std::count_if(machines.begin(), machines.end(), goesBack);
    if (count == 0) return;
    plan.notes.push_back(
        fmt::format("machines that go back to an older version: {}. What a machine ran right "
                    "before is still on "
                    "its disk, anything older is downloaded again; the plan's bytes are the most "
                    "that it can be",
                    count));
}

/// The least time that the cluster's cap makes it take.
milliseconds capped(const PlanInput& input, Plan& plan) {
    const std::uint64_t changing = plan.changing - plan.silent;
    if (input.rules == nullptr || !input.rules->cap || changing == 0) return milliseconds(0);
    const ChangeCap& cap = *input.rules->cap;
    const std::uint64_t limit = cap.limit(input.clusterMachines);
    const std::uint64_t windows = (input.changedInWindow + changing - 1) / limit;
    if (windows == 0) return milliseconds(0);
    const milliseconds least = static_cast<std::int64_t>(windows) * cap.window;
    plan.notes.push_back(fmt::format(
        "{} may change in {} in this cluster, and {} did: {} more {} at least {}",
        base::countOf(limit, "machines"), base::sayDuration(cap.window), input.changedInWindow,
        changing, changing == 1 ? "takes" : "take", base::sayDuration(least)));
    return least;
}

/// The same in time on the wall, with the windows' closed hours.
milliseconds onTheWall(const PlanInput& input, Plan& plan, milliseconds work) {
    static const domain::ChangeWindows kNone;
    const domain::ChangeWindows& own = input.release->spec.windows;
    const domain::ChangeWindows& cluster = input.rules == nullptr ? kNone : input.rules->blackouts;
    if (own.empty() && cluster.empty()) return work;
    const ChangeTime time = changeTimeAt(own, cluster, input.now);
    const std::string& zone = own.empty() ? cluster.timeZone : own.timeZone;
    if (!time.open && (!time.opens || *time.opens - input.now >= kClosedDeadline)) {
        plan.conflicts.push_back(
            fmt::format("nothing may change {}, and a release that may change nothing for {} days "
                        "is aborted: start it later, or give it other windows",
                        time.opens ? "before " + formatLocal(*time.opens, zone) : "for a year",
                        kClosedDeadline / std::chrono::hours(24)));
        return work;
    }
    if (!time.open) {
        plan.notes.push_back(fmt::format("nothing changes before {}, when the windows open",
                                         formatLocal(*time.opens, zone)));
    } else if (time.open && time.closes && *time.closes - input.now < work) {
        plan.notes.push_back(
            fmt::format("the windows close {}, before it can be done; it goes on when they open",
                        formatLocal(*time.closes, zone)));
    }
    const auto end = endOfWork(own, cluster, input.now, work);
    if (end) return std::chrono::duration_cast<milliseconds>(*end - input.now);
    plan.notes.push_back("the windows do not open long enough for it within 400 days");
    return work;
}

}  // namespace

void foretell(const PlanInput& input, Plan& plan) {
    noteRate(input, plan);
    noteProbation(input, plan);
    noteReturn(plan);
    milliseconds sum{0};
    for (PlanStage& stage : plan.stages) {
        stage.expectedDuration = durationOf(input, stage);
        sum += stage.expectedDuration;
    }
    sum = std::max(sum, capped(input, plan));
    plan.expectedDuration = onTheWall(input, plan, sum);
}

}  // namespace ifrit::master::release
