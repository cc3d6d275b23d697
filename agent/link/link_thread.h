// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <functional>
#include <optional>
#include <thread>

#include "agent/link/sync_loop.h"
#include "agent/link/watch_thread.h"
#include "shared/base/steady_cond_var.h"

namespace ifrit::agent::link {

/// The thread "link": drives a SyncLoop, and comes earlier when asked to, but never while it backs
/// off from a failure. Shut the Connection down before destroying it, or wait for a call's timeout.
class LinkThread {
public:
    struct Parts {
        SyncLoop& loop;
        WatchThread* watch = nullptr;  ///< told whether to hold a watch; may be null
        /// Called on the thread after each answer.
        std::function<void(const SyncLoop::Result&)> afterReply;
    };

    LinkThread(Parts parts, LinkTimes times);
    ~LinkThread();
    LinkThread(const LinkThread&) = delete;
    LinkThread& operator=(const LinkThread&) = delete;

    /// Ends the thread; what the Parts name may then go. Also done by the destructor.
    void finish() ABSL_LOCKS_EXCLUDED(m_mutex);
    /// There is news of ours to report: poll soon, but keep LinkTimes::urgentSpacing.
    void reportSoon() ABSL_LOCKS_EXCLUDED(m_mutex);
    /// Something that may mend a failure has changed: poll at once, also while backing off.
    void pollAnyway() ABSL_LOCKS_EXCLUDED(m_mutex);
    /// The master has news: poll after `delay`.
    void pollIn(std::chrono::milliseconds delay) ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    using SteadyTime = base::SteadyTime;

    void run();
    void bringForward(SteadyTime time) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// False when it is time to end.
    bool waitForNext(const SyncLoop::Result& result) ABSL_LOCKS_EXCLUDED(m_mutex);

    const Parts m_parts;
    const LinkTimes m_times;
    absl::Mutex m_mutex;
    base::SteadyCondVar m_changed;
    bool m_stopping ABSL_GUARDED_BY(m_mutex) = false;
    bool m_anyway ABSL_GUARDED_BY(m_mutex) = false;
    SteadyTime m_lastPoll ABSL_GUARDED_BY(m_mutex){};
    std::optional<SteadyTime> m_earlier ABSL_GUARDED_BY(m_mutex);
    std::thread m_thread;
};

}  // namespace ifrit::agent::link
