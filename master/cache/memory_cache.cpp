// SPDX-License-Identifier: Apache-2.0
#include "master/cache/memory_cache.h"

#include <utility>

#include "master/cache/cache_keys.h"
#include "shared/base/status.h"

namespace ifrit::master::cache {

MemoryCache::MemoryCache(const std::string& cluster)
    : m_prefix(keyPrefix(cluster)), m_listeners(std::make_shared<Listeners>()) {}

absl::Status MemoryCache::apply(const CacheChange& change) {
    {
        absl::MutexLock lock(&m_mutex);
        if (change.generation < m_generation) {
            return base::makeError(
                absl::StatusCode::kAborted, "CACHE_GENERATION", m_prefix,
                fmt::format(
                    "the cache holds generation {} and does not go back to {}; compose anew",
                    m_generation, change.generation));
        }
        for (const auto& key : change.erases)
            m_values.erase(m_prefix + key);
        for (const auto& [key, value] : change.puts)
            m_values.insert_or_assign(m_prefix + key, value);
        m_generation = change.generation;
    }
    absl::MutexLock lock(&m_listeners->mutex);
    for (const auto& [id, listener] : m_listeners->byId)
        listener(change.generation);
    return absl::OkStatus();
}

absl::StatusOr<std::optional<CacheValue>> MemoryCache::get(const std::string& key) const {
    absl::MutexLock lock(&m_mutex);
    const auto found = m_values.find(m_prefix + key);
    if (found == m_values.end()) return std::optional<CacheValue>();
    return std::optional<CacheValue>(found->second);
}

absl::StatusOr<std::map<std::string, CacheValue>> MemoryCache::getAll() const {
    absl::MutexLock lock(&m_mutex);
    std::map<std::string, CacheValue> out;
    for (const auto& [key, value] : m_values)
        out.emplace(key.substr(m_prefix.size()), value);
    return out;
}

absl::StatusOr<std::uint64_t> MemoryCache::generation() const {
    absl::MutexLock lock(&m_mutex);
    return m_generation;
}

StateCache::Subscription MemoryCache::subscribe(Listener listener) {
    std::uint64_t id = 0;
    {
        absl::MutexLock lock(&m_listeners->mutex);
        id = m_listeners->nextId++;
        m_listeners->byId.emplace(id, std::move(listener));
    }
    auto end = [listeners = m_listeners, id](void*) {
        absl::MutexLock lock(&listeners->mutex);
        listeners->byId.erase(id);
    };
    return Subscription(this, end);
}

}  // namespace ifrit::master::cache
