// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <functional>
#include <utility>

namespace ifrit::agent::link {

/// Ends one watch(), from any thread, also before it has begun. Thread-safe.
class WatchStop {
public:
    void stop() ABSL_LOCKS_EXCLUDED(m_mutex) {
        const absl::MutexLock lock(&m_mutex);
        m_isStopped = true;
        if (m_end) m_end();
    }
    /// Who watches says how it is ended: at once where it was stopped already.
    void setEnd(std::function<void()> end) ABSL_LOCKS_EXCLUDED(m_mutex) {
        const absl::MutexLock lock(&m_mutex);
        m_end = std::move(end);
        if (m_isStopped && m_end) m_end();
    }

private:
    absl::Mutex m_mutex;
    bool m_isStopped ABSL_GUARDED_BY(m_mutex) = false;
    std::function<void()> m_end ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::agent::link
