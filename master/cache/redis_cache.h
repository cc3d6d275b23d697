// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "master/cache/codec/cached_state_codec.h"
#include "master/cache/listeners.h"
#include "master/cache/redis_connector.h"
#include "master/cache/state_cache.h"

namespace ifrit::master::cache {

class RedisFollower;

/// The cache in a Redis that the masters of a cluster share. Under the cluster's prefix lie the
/// keys of cache_keys.h, and `generation` and `seal`: whatever the seal does not name, or names
/// with another digest, was not written by a master and is not read. A change is one script, which
/// gives way where another master was first.
class RedisCache final : public StateCache {
public:
    /// `sealKey`: 32 random bytes that all masters of the cluster have and nobody else.
    RedisCache(const std::string& cluster, RedisOptions options, std::string sealKey);
    ~RedisCache() override;

    absl::Status put(const CacheState& state) override;
    absl::StatusOr<CacheState> read() const override;
    absl::StatusOr<std::uint64_t> generation() const override;
    Subscription subscribe(Listener listener) override;
    absl::Status putFreeze(const std::optional<domain::FreezeMark>& mark) override;
    absl::StatusOr<std::optional<domain::FreezeMark>> readFreeze() const override;

private:
    /// The seal as it lies there. `bytes` empty: none; no `seal`: not made by a master.
    struct Held {
        std::string bytes;
        std::optional<Seal> seal;
    };
    /// What was last seen to be whole, with its seal.
    struct Known {
        std::string sealBytes;
        CacheState state;
    };

    /// A call of the script, and the seal that it writes.
    struct Change {
        RedisConnection::Command command;
        std::string sealBytes;
    };

    absl::Status use(const std::function<absl::Status(RedisConnection&)>& work) const
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    absl::StatusOr<Held> readSeal(RedisConnection& connection) const;
    absl::StatusOr<Known> readAll(RedisConnection& connection) const;
    absl::StatusOr<CacheState> readValues(RedisConnection& connection, const Seal& seal) const;
    Change changeTo(const CacheState& next, const Held& held) const
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    absl::Status putOnce(RedisConnection& connection, const CacheState& state, bool& lostRace) const
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);

    const std::string m_prefix;
    const std::string m_sealKey;
    const RedisConnector m_connector;
    Listeners m_listeners;
    mutable absl::Mutex m_mutex;
    mutable std::unique_ptr<RedisConnection> m_connection ABSL_GUARDED_BY(m_mutex);
    mutable std::optional<Known> m_known ABSL_GUARDED_BY(m_mutex);
    std::unique_ptr<RedisFollower> m_follower;
};

}  // namespace ifrit::master::cache
