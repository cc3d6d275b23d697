// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <cstdint>
#include <functional>

#include "shared/base/clock.h"

namespace ifrit::agent::package {

/// What all downloads of the machine may bring together. Thread-safe.
class Throttle {
public:
    using Sleep = std::function<void(std::chrono::nanoseconds)>;

    /// 0 bytes a second: no limit. `sleep` blocks its caller for that long.
    Throttle(const base::Clock& clock, std::uint64_t bytesPerSecond, Sleep sleep);

    /// Blocks until these bytes were due; gives how long that was. The sender is held back by the
    /// transport, because nothing more is read meanwhile.
    std::chrono::nanoseconds take(std::size_t bytes) ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    const base::Clock& m_clock;
    const std::uint64_t m_bytesPerSecond;
    const Sleep m_sleep;
    absl::Mutex m_mutex;
    base::SteadyTime m_paidUntil ABSL_GUARDED_BY(m_mutex);
};

/// Blocks the calling thread.
void sleepFor(std::chrono::nanoseconds time);

}  // namespace ifrit::agent::package
