// SPDX-License-Identifier: Apache-2.0
#include "master/cache/memory_cache.h"

#include <utility>

#include "master/cache/merge.h"

namespace ifrit::master::cache {

absl::Status MemoryCache::put(const CacheState& state) {
    {
        absl::MutexLock lock(&m_mutex);
        if (state.generation < m_state.generation)
            return olderWriter(m_state.generation, state.generation);
        m_state = keepUnchanged(state, m_state);
    }
    m_listeners.tell(state.generation);
    return absl::OkStatus();
}

absl::StatusOr<CacheState> MemoryCache::read() const {
    absl::MutexLock lock(&m_mutex);
    return m_state;
}

absl::StatusOr<std::uint64_t> MemoryCache::generation() const {
    absl::MutexLock lock(&m_mutex);
    return m_state.generation;
}

StateCache::Subscription MemoryCache::subscribe(Listener listener) {
    return m_listeners.add(std::move(listener));
}

absl::Status MemoryCache::putFreeze(const std::optional<domain::FreezeMark>& mark) {
    absl::MutexLock lock(&m_mutex);
    m_freeze = mark;
    return absl::OkStatus();
}

absl::StatusOr<std::optional<domain::FreezeMark>> MemoryCache::readFreeze() const {
    absl::MutexLock lock(&m_mutex);
    return m_freeze;
}

}  // namespace ifrit::master::cache
