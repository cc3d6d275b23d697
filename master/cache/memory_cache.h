// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include "master/cache/listeners.h"
#include "master/cache/state_cache.h"

namespace ifrit::master::cache {

/// The embedded default: for one master, in its own memory. Never returns UNAVAILABLE.
class MemoryCache final : public StateCache {
public:
    absl::Status put(const CacheState& state) override;
    absl::StatusOr<CacheState> read() const override;
    absl::StatusOr<std::uint64_t> generation() const override;
    Subscription subscribe(Listener listener) override;
    absl::Status putFreeze(const std::optional<domain::FreezeMark>& mark) override;
    absl::StatusOr<std::optional<domain::FreezeMark>> readFreeze() const override;

private:
    mutable absl::Mutex m_mutex;
    CacheState m_state ABSL_GUARDED_BY(m_mutex);
    std::optional<domain::FreezeMark> m_freeze ABSL_GUARDED_BY(m_mutex);
    Listeners m_listeners;
};

}  // namespace ifrit::master::cache
