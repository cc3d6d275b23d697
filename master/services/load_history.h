// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <deque>
#include <optional>
#include <vector>

#include "master/services/call_counts.h"
#include "master/services/load_rule.h"

namespace ifrit::master::services {

/// The load of this master in the last hour, in memory alone: a restarted one begins anew.
/// Thread-safe; no call takes its lock but those that read it.
class LoadHistory {
public:
    static constexpr std::chrono::seconds kInterval{10};
    static constexpr std::size_t kMost = 360;

    explicit LoadHistory(std::chrono::milliseconds interval = kInterval) : m_interval(interval) {}

    /// Called often, by one thread: takes a sample where one is due. The first call only looks.
    void tick(const CallCounts& counts, base::SteadyTime now, base::WallTime at)
        ABSL_LOCKS_EXCLUDED(m_mutex);
    /// Oldest first: those that ended at most `within` before `now`; 0: all.
    std::vector<LoadSample> samples(std::chrono::milliseconds within, base::WallTime now) const
        ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    const std::chrono::milliseconds m_interval;
    // Of the ticking thread.
    std::optional<CallTotals> m_before;
    base::SteadyTime m_since{};
    mutable absl::Mutex m_mutex;
    std::deque<LoadSample> m_samples ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::master::services
