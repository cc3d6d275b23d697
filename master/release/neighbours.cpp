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
    return fmt::format(
        "release {} of {} for the same machine types is {}; one at a time: let it end, abort or "
        "roll it back",
        number, agent, domain::nameOf(state));
}

}  // namespace

std::string conflictWith(const domain::Release& running) {
    return conflictSentence(running.number, running.spec.agent, running.state);
}

void Neighbours::put(const domain::Release& release) {
    for (const std::string& type : release.spec.machineTypes) {
        Lane& lane = m_lanes[{release.spec.agent, type}];
        if (isRunning(release.state))
            lane.running[release.number] = release.state;
        else
            lane.running.erase(release.number);
        if (release.started) lane.started.insert(release.number);
    }
}

absl::Status Neighbours::check(const domain::Release& release, domain::ReleaseVerb verb) const {
    const bool goesBack = verb == domain::ReleaseVerb::Rollback;
    if (!goesBack && verb != domain::ReleaseVerb::Start) return absl::OkStatus();
    std::uint64_t later = 0;
    for (const std::string& type : release.spec.machineTypes) {
        const auto lane = m_lanes.find({release.spec.agent, type});
        if (lane == m_lanes.end()) continue;
        for (const auto& [number, state] : lane->second.running) {
            if (number == release.number) continue;
            return base::failedPrecondition("RELEASE_CONFLICT", release.id, "{}",
                                            conflictSentence(number, release.spec.agent, state));
        }
        const std::set<std::uint64_t>& started = lane->second.started;
        if (goesBack && !started.empty()) later = std::max(later, *started.rbegin());
    }
    if (later <= release.number) return absl::OkStatus();
    return base::failedPrecondition(
        "RELEASE_SUPERSEDED", release.id,
        "release {} moved these machines since; roll that one back, or release the wanted version",
        later);
}

}  // namespace ifrit::master::release
