// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <thread>
#include <vector>

#include "master/cache/state_cache.h"
#include "master/compose/published_state.h"
#include "shared/base/clock.h"
#include "shared/base/steady_cond_var.h"

namespace ifrit::master::compose {

/// Rows of one generation, read in one transaction.
struct DesiredRows {
    std::uint64_t generation = 0;
    std::vector<DesiredRow> rows;
};

/// Where the composer reads. Thread-safe; may block on the database.
class DesiredSource {
public:
    virtual ~DesiredSource() = default;
    virtual absl::StatusOr<std::uint64_t> generation() = 0;
    virtual absl::StatusOr<DesiredRows> read() = 0;
};

/// Turns database rows into cache keys and the snapshot that machines are served from, at a fixed
/// interval and at once after a change: its own, or one that the cache tells of. What another
/// master has composed already is taken from the cache. When the database is away the last snapshot
/// stays, or what another master put into the cache after it, and staleSince() says since when. A
/// cache that is away, was emptied, or holds what no master wrote changes nothing for machines; it
/// is written anew. Thread-safe.
class Composer {
public:
    struct Parts {
        DesiredSource& source;
        cache::StateCache& cache;
        PublishedState& published;
        const base::Clock& clock;
    };

    Composer(const Parts& parts, std::chrono::milliseconds interval);
    ~Composer();
    Composer(const Composer&) = delete;
    Composer& operator=(const Composer&) = delete;

    /// Starts the thread that composes at the interval.
    void start();
    void stop();
    /// Composes soon, on that thread. Called after each commit that changed desired state.
    void poke();
    /// Composes now, on the caller's thread. OK also when nothing had changed.
    absl::Status composeNow();
    /// The database is away since then; nullopt: fresh.
    std::optional<base::WallTime> staleSince() const;
    /// The cache is; machines do not notice.
    std::optional<base::WallTime> cacheAwaySince() const;

private:
    void run();
    absl::Status composeLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_composing);
    absl::Status advance(std::uint64_t generation) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_composing);
    bool takeFromCache(std::uint64_t least, std::uint64_t most)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_composing);
    void keepCache() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_composing);
    absl::Status writeCache(const Snapshot& snapshot) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_composing);
    void noteCache(const absl::Status& status);

    const Parts m_parts;
    const std::chrono::milliseconds m_interval;
    absl::Mutex m_composing;
    // What the cache held when it was last read or written as a whole.
    std::uint64_t m_cached ABSL_GUARDED_BY(m_composing) = 0;
    // What the cache held that was above the database's, while that could be asked.
    std::uint64_t m_unknownToDatabase ABSL_GUARDED_BY(m_composing) = 0;
    base::SteadyTime m_nextCacheCheck ABSL_GUARDED_BY(m_composing){};
    std::atomic<std::int64_t> m_staleSinceMs{0};
    std::atomic<std::int64_t> m_cacheAwaySinceMs{0};
    absl::Mutex m_mutex;
    base::SteadyCondVar m_changed;
    bool m_poked ABSL_GUARDED_BY(m_mutex) = false;
    bool m_stopping ABSL_GUARDED_BY(m_mutex) = false;
    std::thread m_thread;
    cache::StateCache::Subscription m_subscription;
};

}  // namespace ifrit::master::compose
