// SPDX-License-Identifier: Apache-2.0
#include "master/release/neighbours.h"

#include <fmt/format.h>

#include <algorithm>

#include "master/release/model.h"
#include "shared/base/status.h"
#include "shared/domain/enum_names.h"

namespace ifrit::master::release {
namespace {

std::string conflictSentence(std::uint64_t number, const std::string& agent,
                             domain::ReleaseState state) {
    if (state == domain::ReleaseState::RollingBack) {
        return fmt::format(
            "release {} of {} for the same machine types is rolling back; one at a time: let that "
            "end",
            number, agent);
    }
    return fmt::format(
        "release {} of {} for the same machine types is {}; one at a time: let it end, abort or "
        "roll it back",
        number, agent, domain::nameOf(state));
}

}  // namespace

std::string conflictWith(const domain::Release& running) {
    return conflictSentence(running.number, running.spec.agent, running.state);
}

void Neighbours::put(const domain::Release& release, base::WallTime stamp) {
    const Mark mark{stamp, release.number};
    for (const std::string& type : release.spec.machineTypes) {
        Lane& lane = m_lanes[{release.spec.agent, type}];
        if (isRunning(release.state))
            lane.running[release.number] = release.state;
        else
            lane.running.erase(release.number);
        if (release.started && release.state != domain::ReleaseState::RolledBack)
            lane.standing.insert(mark);
        else
            lane.standing.erase(mark);
    }
    if (release.started) {
        m_started[release.number] = {release.spec.agent, release.spec.machineTypes,
                                     release.historyRemoval.has_value()};
    }
}

Neighbours::Mark Neighbours::lastOf(const std::string& agent,
                                    const std::vector<std::string>& machineTypes) const {
    Mark out;
    for (const std::string& type : machineTypes) {
        const auto lane = m_lanes.find({agent, type});
        if (lane == m_lanes.end() || lane->second.standing.empty()) continue;
        out = std::max(out, *lane->second.standing.rbegin());
    }
    return out;
}

bool Neighbours::canGoBack(std::uint64_t number) const {
    const Started& release = m_started.at(number);
    return !release.isForgotten && lastOf(release.agent, release.machineTypes).second == number;
}

absl::Status Neighbours::check(const domain::Release& release, domain::ReleaseVerb verb) const {
    const bool goesBack = verb == domain::ReleaseVerb::Rollback;
    if (!goesBack && verb != domain::ReleaseVerb::Start) return absl::OkStatus();
    for (const std::string& type : release.spec.machineTypes) {
        const auto lane = m_lanes.find({release.spec.agent, type});
        if (lane == m_lanes.end()) continue;
        for (const auto& [number, state] : lane->second.running) {
            if (number == release.number) continue;
            return base::failedPrecondition("RELEASE_CONFLICT", release.id, "{}",
                                            conflictSentence(number, release.spec.agent, state));
        }
    }
    if (!goesBack || !release.started) return absl::OkStatus();
    const std::uint64_t last = lastOf(release.spec.agent, release.spec.machineTypes).second;
    if (last == 0 || last == release.number) return absl::OkStatus();
    if (canGoBack(last)) {
        return base::failedPrecondition("RELEASE_SUPERSEDED", release.id,
                                        "release {} moved these machines since; roll that one "
                                        "back first, or release the wanted version",
                                        last);
    }
    return base::failedPrecondition("RELEASE_SUPERSEDED", release.id,
                                    "release {} moved these machines since, and does not go back "
                                    "either; release the wanted version",
                                    last);
}

}  // namespace ifrit::master::release
