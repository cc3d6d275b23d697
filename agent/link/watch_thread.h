// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <functional>
#include <memory>
#include <thread>

#include "agent/link/connection.h"
#include "shared/base/backoff.h"
#include "shared/base/steady_cond_var.h"

namespace ifrit::agent::link {

/// After a stream that broke. A master that goes away breaks those of its whole fleet at one
/// instant, and each new one may be a TLS handshake: they come back over as long as polls are
/// apart, which is how soon a machine without a stream hears of news anyway.
inline constexpr base::Backoff::Policy kWatchReopen{std::chrono::milliseconds(30'000),
                                                    std::chrono::milliseconds(60'000),
                                                    std::chrono::milliseconds(200)};

/// The thread "watch": while told to, holds the stream on which a master announces newer
/// generations, and opens it again when it breaks. Shut the Connection down before destroying it.
class WatchThread {
public:
    struct Parts {
        Connection& connection;
        std::function<std::uint64_t()> heldGeneration;
        /// On the thread "watch".
        std::function<void(GenerationNotice)> notice;
        base::UniformRandom random;
        base::Backoff::Policy reopen = kWatchReopen;
    };

    explicit WatchThread(Parts parts);
    ~WatchThread();
    WatchThread(const WatchThread&) = delete;
    WatchThread& operator=(const WatchThread&) = delete;

    /// False ends the stream that is open, so that its line can close. True also ends one that is
    /// not on the connection's line of now, and opens it there at once.
    void hold(bool wanted) ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    void run();
    absl::Status watchOnce(base::Backoff& backoff) ABSL_LOCKS_EXCLUDED(m_mutex);
    /// True: hold() ended the stream because the line is another one now.
    bool wasMoved() ABSL_LOCKS_EXCLUDED(m_mutex);
    /// False when it is time to end.
    bool waitWanted(std::chrono::milliseconds pause) ABSL_LOCKS_EXCLUDED(m_mutex);

    const Parts m_parts;
    absl::Mutex m_mutex;
    base::SteadyCondVar m_changed;
    bool m_stopping ABSL_GUARDED_BY(m_mutex) = false;
    bool m_wanted ABSL_GUARDED_BY(m_mutex) = false;
    bool m_isMoving ABSL_GUARDED_BY(m_mutex) = false;  ///< ended to be opened elsewhere
    const MasterClient* m_watched ABSL_GUARDED_BY(m_mutex) = nullptr;
    std::shared_ptr<WatchStop> m_stop ABSL_GUARDED_BY(m_mutex);  ///< of the stream that is open
    std::thread m_thread;
};

}  // namespace ifrit::agent::link
