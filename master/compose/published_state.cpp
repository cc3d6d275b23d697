// SPDX-License-Identifier: Apache-2.0
#include "master/compose/published_state.h"

#include <utility>
#include <vector>

namespace ifrit::master::compose {

PublishedState::PublishedState()
    : m_snapshot(std::make_shared<const Snapshot>(0, base::WallTime{}, std::vector<DesiredRow>{})) {
}

bool PublishedState::publish(std::shared_ptr<const Snapshot> snapshot) {
    const std::uint64_t generation = snapshot->generation();
    bool isNew = false;
    {
        absl::MutexLock publishing(&m_publishMutex);
        const std::uint64_t held = m_generation.load(std::memory_order_acquire);
        if (generation < held) return false;
        isNew = generation > held;
        m_snapshot.set(std::move(snapshot));
        m_generation.store(generation, std::memory_order_release);
    }
    if (!isNew) return true;
    std::vector<std::shared_ptr<const Listener>> told;
    {
        absl::MutexLock lock(&m_listenerMutex);
        told.reserve(m_listeners.size());
        for (const auto& [id, listener] : m_listeners)
            told.push_back(listener);
    }
    for (const auto& listener : told)
        (*listener)(generation);
    return true;
}

std::uint64_t PublishedState::subscribe(Listener listener) {
    absl::MutexLock lock(&m_listenerMutex);
    const std::uint64_t id = m_nextListener++;
    m_listeners.emplace(id, std::make_shared<const Listener>(std::move(listener)));
    return id;
}

void PublishedState::unsubscribe(std::uint64_t id) {
    absl::MutexLock lock(&m_listenerMutex);
    m_listeners.erase(id);
}

}  // namespace ifrit::master::compose
