// SPDX-License-Identifier: Apache-2.0
#include "master/cache/listeners.h"

#include <utility>

namespace ifrit::master::cache {

void Listeners::tell(std::uint64_t generation) const {
    absl::MutexLock lock(&m_entries->mutex);
    for (const auto& [id, listener] : m_entries->byId)
        listener(generation);
}

StateCache::Subscription Listeners::add(StateCache::Listener listener) {
    std::uint64_t id = 0;
    {
        absl::MutexLock lock(&m_entries->mutex);
        id = m_entries->nextId++;
        m_entries->byId.emplace(id, std::move(listener));
    }
    auto end = [entries = m_entries, id](void*) {
        absl::MutexLock lock(&entries->mutex);
        entries->byId.erase(id);
    };
    // The pointer is never followed; a null one would not run the deleter.
    return StateCache::Subscription(m_entries.get(), end);
}

}  // namespace ifrit::master::cache
