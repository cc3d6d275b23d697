// SPDX-License-Identifier: Apache-2.0
// ReleaseEngine after time in which no master turned releases, or none of it could be kept: it
// counts against no machine, and for no soak.
#include <algorithm>

#include "master/services/release_engine.h"

namespace ifrit::master::services {
namespace {

/// Less lies between two ticks anyway.
constexpr std::chrono::seconds kLeastStand{2};

}  // namespace

std::set<std::string> ReleaseEngine::mayRun() const {
    // An ended one may be going back, and one that memory ended may run on.
    std::set<std::string> ids = m_unsettled.unsure();
    for (const auto& [id, model] : m_models)
        if (release::isRunning(model.release.state)) ids.insert(id);
    return ids;
}

void ReleaseEngine::standSince(base::WallTime since) {
    absl::MutexLock lock(&m_mutex);
    if (!m_leadership.stands()) return;
    for (const std::string& id : mayRun())
        m_unsettled.noteOutage(id, since);
}

void ReleaseEngine::turnedAt(base::WallTime at) {
    absl::MutexLock lock(&m_mutex);
    if (!m_leadership.stands() || !m_turned) m_turned = at;
}

void ReleaseEngine::standSinceLastTurn() {
    if (!m_turned || m_parts.clock.now() - *m_turned < kLeastStand) return;
    for (const auto& [id, model] : m_models) {
        if (release::isRunning(model.release.state)) m_unsettled.noteOutage(id, *m_turned);
    }
}

void ReleaseEngine::endHearings() {
    const base::WallTime now = m_parts.clock.now();
    std::vector<std::string> heard;
    for (const auto& [id, model] : m_models) {
        if (!model.hearing || now >= model.hearing->until) continue;
        const base::WallTime since = model.hearing->since;
        const bool isHeard = std::all_of(model.machines.begin(), model.machines.end(),
                                         [this, since](const auto& machine) {
                                             if (!machine.second.opened || machine.second.offline)
                                                 return true;
                                             const auto view = m_parts.fleet.find(machine.first);
                                             return !view || view->lastSeen > since;
                                         });
        if (isHeard) heard.push_back(id);
    }
    for (const std::string& id : heard)
        applyInPlace(id, {release::AllHeard{}});
}

}  // namespace ifrit::master::services
