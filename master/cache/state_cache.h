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

#include "shared/base/clock.h"
#include "shared/domain/freeze_mark.h"

namespace ifrit::master::cache {

/// What one key holds.
struct CacheValue {
    std::uint64_t generation = 0;  ///< of the change that wrote it
    base::WallTime timestamp{};    ///< when it was composed
    std::string fragment;          ///< serialized ifrit.v1.DesiredFragment
    bool operator==(const CacheValue&) const = default;
};

/// All composed desired state of a cluster at one generation, by key (cache_keys.h).
struct CacheState {
    std::uint64_t generation = 0;  ///< 0: nothing yet
    std::map<std::string, CacheValue> values;
    bool operator==(const CacheState&) const = default;
};

/// Desired state as composed, shared by the masters of a cluster. It holds nothing that cannot be
/// composed anew from the database, and its generation never goes back: an older writer is refused,
/// so that a stalled master cannot undo a newer one's work.
///
/// Thread-safe. Every call may block on I/O and may return UNAVAILABLE (CACHE_AWAY).
class StateCache {
public:
    using Listener = std::function<void(std::uint64_t generation)>;
    /// Ends the subscription when it is destroyed; no call to the listener after that.
    using Subscription = std::unique_ptr<void, std::function<void(void*)>>;

    virtual ~StateCache() = default;

    /// Makes `state` what the cache holds, whole or not at all. A key whose fragment is there
    /// already keeps the generation and timestamp that it has. ABORTED (CACHE_GENERATION) when the
    /// cache holds a newer generation. What no master wrote is replaced, whatever it says of
    /// itself.
    virtual absl::Status put(const CacheState& state) = 0;
    /// Everything of the cluster, as one consistent state. DATA_LOSS (CACHE_POISONED): what is
    /// there is not what a master wrote.
    virtual absl::StatusOr<CacheState> read() const = 0;
    /// The generation as the cache says it, cheaply: a reason to look, and no more than that. 0:
    /// nothing yet.
    virtual absl::StatusOr<std::uint64_t> generation() const = 0;
    /// Called after each change of the generation, by anyone, on a thread of the cache's choosing
    /// and with no lock of it held. Changes may be merged: the newest generation is always told.
    virtual Subscription subscribe(Listener listener) = 0;

    /// That the cluster is frozen, for masters that cannot ask the database; nullopt takes it away.
    /// Beside the composed state and without a generation: the last call wins.
    virtual absl::Status putFreeze(const std::optional<domain::FreezeMark>& mark) = 0;
    /// nullopt: none. DATA_LOSS (CACHE_POISONED): what is there was made by no master.
    virtual absl::StatusOr<std::optional<domain::FreezeMark>> readFreeze() const = 0;
};

}  // namespace ifrit::master::cache
