// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "master/compose/snapshot.h"
#include "shared/base/clock.h"
#include "shared/base/published.h"

namespace ifrit::master::compose {

/// The snapshot that machines are served from, and who wants to hear of a new one. Thread-safe.
/// No lock is shared by all of the sync path (base::Published).
class PublishedState {
public:
    using Listener = std::function<void(std::uint64_t generation)>;

    /// Starts with an empty snapshot of generation 0.
    PublishedState();

    std::shared_ptr<const Snapshot> current() const { return m_snapshot.get(); }
    std::uint64_t generation() const { return m_generation.load(std::memory_order_acquire); }

    /// False, and nothing changed, for a generation older than what was already served: a late
    /// composer or a poisoned cache never takes machines back.
    bool publish(std::shared_ptr<const Snapshot> snapshot);

    /// The database was asked at `asked` and said nothing newer than what is served.
    void confirm(base::SteadyTime asked) { m_confirmed = asked; }
    base::SteadyTime confirmedAt() const { return m_confirmed; }

    /// Called after each publish with a new generation, on the publisher's thread and with no lock
    /// held: who comes or goes meanwhile waits for no other's call. A listener may be called once
    /// more by a publish that was on when it unsubscribed, so it holds what it needs itself.
    std::uint64_t subscribe(Listener listener);
    void unsubscribe(std::uint64_t id);

private:
    base::Published<Snapshot> m_snapshot;
    std::atomic<std::uint64_t> m_generation{0};
    std::atomic<base::SteadyTime> m_confirmed{base::SteadyTime{}};
    absl::Mutex m_publishMutex;
    absl::Mutex m_listenerMutex;
    std::uint64_t m_nextListener ABSL_GUARDED_BY(m_listenerMutex) = 1;
    std::map<std::uint64_t, std::shared_ptr<const Listener>> m_listeners
        ABSL_GUARDED_BY(m_listenerMutex);
};

}  // namespace ifrit::master::compose
