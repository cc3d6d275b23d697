// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/clock.h"

namespace ifrit::master::cache {

/// What one key holds.
struct CacheValue {
    std::uint64_t generation = 0;  ///< of the change that wrote it
    base::WallTime timestamp{};    ///< when it was composed
    std::string fragment;          ///< serialized ifrit.v1.DesiredFragment
    bool operator==(const CacheValue&) const = default;
};

/// One composed difference. Taken whole or not at all.
struct CacheChange {
    std::uint64_t generation = 0;
    std::map<std::string, CacheValue> puts;
    std::vector<std::string> erases;
};

/// Desired state as composed, by key (cache_keys.h), shared by the masters of a cluster. It holds
/// nothing that cannot be composed anew from the database, and its generation never goes back:
/// an older writer is refused, so that a stalled master cannot undo a newer one's work.
///
/// Thread-safe. Every call may block on I/O and may return UNAVAILABLE.
class StateCache {
public:
    using Listener = std::function<void(std::uint64_t generation)>;
    /// Ends the subscription when it is destroyed; no call to the listener after that.
    using Subscription = std::unique_ptr<void, std::function<void(void*)>>;

    virtual ~StateCache() = default;

    /// ABORTED (CACHE_GENERATION) when the cache already holds a newer generation.
    virtual absl::Status apply(const CacheChange& change) = 0;
    /// nullopt: no such key.
    virtual absl::StatusOr<std::optional<CacheValue>> get(const std::string& key) const = 0;
    /// Everything of the cluster, as one consistent state.
    virtual absl::StatusOr<std::map<std::string, CacheValue>> getAll() const = 0;
    /// Highest generation that was applied; 0: nothing yet.
    virtual absl::StatusOr<std::uint64_t> generation() const = 0;
    /// Called after each applied change, by anyone, on a thread of the cache's choosing and with no
    /// lock of it held. Changes may be merged: the newest generation is always told.
    virtual Subscription subscribe(Listener listener) = 0;
};

}  // namespace ifrit::master::cache
