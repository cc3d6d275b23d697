// SPDX-License-Identifier: Apache-2.0
#include "master/services/unsettled_releases.h"

#include <algorithm>

namespace ifrit::master::services {

void UnsettledReleases::settle(const std::string& id, bool isActive) {
    m_unsure.erase(id);
    if (!isActive) m_times.erase(id);
}

void UnsettledReleases::forget(const std::string& id) {
    settle(id, false);
}

void UnsettledReleases::clear() {
    m_unsure.clear();
    m_times.clear();
}

void UnsettledReleases::noteOutage(const std::string& id, base::WallTime since) {
    auto& noted = m_times[id].outageSince;
    if (!noted) noted = since;
}

void UnsettledReleases::noteClockStep(const std::set<std::string>& ids,
                                      std::chrono::milliseconds by) {
    for (const std::string& id : ids)
        m_times[id].step += by;
    // These were read from the clock as it was.
    for (auto& [id, time] : m_times) {
        if (time.outageSince) *time.outageSince += by;
        if (time.attempt) time.attempt->at += by;
    }
}

std::optional<release::Event> UnsettledReleases::timeEvent(const std::string& id,
                                                           base::WallTime now,
                                                           std::chrono::milliseconds hearIn) const {
    const auto found = m_times.find(id);
    if (found == m_times.end()) return std::nullopt;
    const Time& time = found->second;
    if (time.outageSince) {
        return release::StoodStill{
            std::chrono::duration_cast<std::chrono::milliseconds>(now - *time.outageSince), hearIn,
            time.step};
    }
    // Set ahead and back again.
    if (time.step == std::chrono::milliseconds(0)) return std::nullopt;
    return release::ClockSet{time.step};
}

void UnsettledReleases::notCommitted(const std::string& id, std::uint64_t revision,
                                     base::WallTime now) {
    const auto found = m_times.find(id);
    if (found != m_times.end()) found->second.attempt = Attempt{revision, now, found->second.step};
}

void UnsettledReleases::found(const std::string& id, std::uint64_t revision) {
    const auto found = m_times.find(id);
    if (found == m_times.end() || !found->second.attempt) return;
    Time& time = found->second;
    const Attempt attempt = *time.attempt;
    time.attempt.reset();
    if (revision < attempt.revision) return;
    // Only its answer was lost. The outage lasted on, since nobody heard of it.
    if (time.outageSince) time.outageSince = std::max(*time.outageSince, attempt.at);
    time.step -= attempt.step;
}

}  // namespace ifrit::master::services
