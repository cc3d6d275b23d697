// SPDX-License-Identifier: Apache-2.0
#include "master/services/cluster_figures.h"

#include "master/services/cluster_services.h"
#include "shared/domain/enum_names.h"

namespace ifrit::master::services {
namespace {

std::optional<std::chrono::milliseconds> since(std::optional<base::WallTime> then,
                                               base::WallTime now) {
    if (!then) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(now - *then);
}

/// All states from the start, so that a graph shows zero and no gap.
std::map<std::string, std::uint64_t> machineStates() {
    std::map<std::string, std::uint64_t> counts;
    for (int state = 0; state <= static_cast<int>(domain::MachineState::Unmanaged); ++state)
        counts[std::string(nameOf(static_cast<domain::MachineState>(state)))] = 0;
    return counts;
}

std::map<std::string, std::uint64_t> releaseStates() {
    using domain::ReleaseState;
    std::map<std::string, std::uint64_t> counts;
    for (const ReleaseState state :
         {ReleaseState::Draft, ReleaseState::Running, ReleaseState::Paused, ReleaseState::Halted,
          ReleaseState::RollingBack})
        counts[std::string(nameOf(state))] = 0;
    return counts;
}

}  // namespace

ClusterFigures figuresOf(ClusterServices& services, base::WallTime now) {
    ClusterFigures figures;
    figures.machinesByState = machineStates();
    for (const MachineView& machine : services.fleet().all()) {
        ++figures.machinesByState[std::string(nameOf(worstState(machine)))];
        if (machine.offline) ++figures.offline;
    }
    figures.openReleases = releaseStates();
    for (const release::Head& head : services.engine().list()) {
        const auto found = figures.openReleases.find(std::string(nameOf(head->release.state)));
        if (found != figures.openReleases.end()) ++found->second;
    }
    figures.removedRows = services.engine().removedRows();
    figures.generation = services.published().generation();
    figures.staleFor = since(services.composer().staleSince(), now);
    figures.cacheAwayFor = since(services.composer().cacheAwaySince(), now);
    figures.waitingReports = services.reports().waiting();
    figures.pollInterval = services.pollPace().current();
    figures.leads = services.isLeading();
    if (const auto standing = services.standing(); standing && !figures.leads)
        figures.leaderAddress = standing->leaderAddress;
    return figures;
}

}  // namespace ifrit::master::services
