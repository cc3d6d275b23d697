// SPDX-License-Identifier: Apache-2.0
#include "master/compose/published_state.h"

#include <functional>
#include <thread>
#include <utility>

namespace ifrit::master::compose {

PublishedState::PublishedState() {
    const auto empty =
        std::make_shared<const Snapshot>(0, base::WallTime{}, std::vector<DesiredRow>{});
    for (Slot& slot : m_slots) {
        absl::MutexLock lock(&slot.mutex);
        slot.snapshot = empty;
    }
}

std::shared_ptr<const Snapshot> PublishedState::current() const {
    static thread_local const std::size_t slotIndex =
        std::hash<std::thread::id>()(std::this_thread::get_id()) % kSlots;
    const Slot& slot = m_slots[slotIndex];
    absl::MutexLock lock(&slot.mutex);
    return slot.snapshot;
}

bool PublishedState::publish(std::shared_ptr<const Snapshot> snapshot) {
    const std::uint64_t generation = snapshot->generation();
    bool isNew = false;
    {
        absl::MutexLock publishing(&m_publishMutex);
        const std::uint64_t held = m_generation.load(std::memory_order_acquire);
        if (generation < held) return false;
        isNew = generation > held;
        for (Slot& slot : m_slots) {
            absl::MutexLock lock(&slot.mutex);
            slot.snapshot = snapshot;
        }
        m_generation.store(generation, std::memory_order_release);
    }
    if (!isNew) return true;
    absl::MutexLock lock(&m_listenerMutex);
    for (const auto& [id, listener] : m_listeners)
        listener(generation);
    return true;
}

std::uint64_t PublishedState::subscribe(Listener listener) {
    absl::MutexLock lock(&m_listenerMutex);
    const std::uint64_t id = m_nextListener++;
    m_listeners.emplace(id, std::move(listener));
    return id;
}

void PublishedState::unsubscribe(std::uint64_t id) {
    absl::MutexLock lock(&m_listenerMutex);
    m_listeners.erase(id);
}

}  // namespace ifrit::master::compose
