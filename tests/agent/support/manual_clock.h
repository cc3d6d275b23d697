// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include "shared/base/clock.h"

namespace ifrit::tests {

/// Time that moves only when the test says so. Thread-safe.
class ManualClock final : public base::Clock {
public:
    base::WallTime now() const override {
        const absl::MutexLock lock(&m_mutex);
        return m_wall;
    }
    base::SteadyTime steadyNow() const override {
        const absl::MutexLock lock(&m_mutex);
        return m_steady;
    }
    void advance(std::chrono::milliseconds by) {
        const absl::MutexLock lock(&m_mutex);
        m_wall += by;
        m_steady += by;
    }
    /// As an administrator or a time server does; forward or back.
    void setWallClock(std::chrono::milliseconds by) {
        const absl::MutexLock lock(&m_mutex);
        m_wall += by;
    }

private:
    mutable absl::Mutex m_mutex;
    base::WallTime m_wall ABSL_GUARDED_BY(m_mutex) = base::fromUnixMillis(1'764'000'000'000);
    base::SteadyTime m_steady ABSL_GUARDED_BY(m_mutex){std::chrono::hours(1000)};
};

}  // namespace ifrit::tests
