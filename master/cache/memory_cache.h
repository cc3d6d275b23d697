// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <map>
#include <memory>
#include <string>

#include "master/cache/state_cache.h"

namespace ifrit::master::cache {

/// The embedded default: for one master, in its own memory. Never returns UNAVAILABLE.
class MemoryCache final : public StateCache {
public:
    explicit MemoryCache(const std::string& cluster);

    absl::Status apply(const CacheChange& change) override;
    absl::StatusOr<std::optional<CacheValue>> get(const std::string& key) const override;
    absl::StatusOr<std::map<std::string, CacheValue>> getAll() const override;
    absl::StatusOr<std::uint64_t> generation() const override;
    Subscription subscribe(Listener listener) override;

private:
    // Calls are made under its own lock, so that an ended subscription is never called; it
    // outlives the cache where a subscription does.
    struct Listeners {
        absl::Mutex mutex;
        std::uint64_t nextId ABSL_GUARDED_BY(mutex) = 1;
        std::map<std::uint64_t, Listener> byId ABSL_GUARDED_BY(mutex);
    };

    const std::string m_prefix;
    mutable absl::Mutex m_mutex;
    std::uint64_t m_generation ABSL_GUARDED_BY(m_mutex) = 0;
    std::map<std::string, CacheValue> m_values ABSL_GUARDED_BY(m_mutex);
    std::shared_ptr<Listeners> m_listeners;
};

}  // namespace ifrit::master::cache
