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
/// interval and at once after a change. When the database is away the last snapshot stays, and
/// staleSince() says since when. Thread-safe.
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
    /// nullopt: fresh.
    std::optional<base::WallTime> staleSince() const;

private:
    void run();
    absl::Status composeLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_composing);
    absl::Status writeCache(const Snapshot& next) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_composing);

    const Parts m_parts;
    const std::chrono::milliseconds m_interval;
    absl::Mutex m_composing;
    // What this composer last wrote to the cache; null: unknown, write everything.
    std::shared_ptr<const Snapshot> m_cached ABSL_GUARDED_BY(m_composing);
    std::atomic<std::int64_t> m_staleSinceMs{0};
    absl::Mutex m_mutex;
    bool m_poked ABSL_GUARDED_BY(m_mutex) = false;
    bool m_stopping ABSL_GUARDED_BY(m_mutex) = false;
    std::thread m_thread;
};

}  // namespace ifrit::master::compose
