// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "shared/base/steady_cond_var.h"

namespace ifrit::master::services {

/// Machines that speak to this master and that it does not hold: enrolled a moment ago at another
/// one, or removed. They wait here until the thread that follows the database has looked for them.
/// Thread-safe.
class StrangerQueue {
public:
    /// OK: looked for, and now in the fleet if the database has it.
    using Done = std::function<void(const absl::Status& looked)>;
    struct Stranger {
        std::string uuid;
        Done done;
    };
    /// A poll of each is held open meanwhile.
    static constexpr std::size_t kMost = 10'000;

    /// `done` is called once: on the thread that takes, or at once where there is no room
    /// (RESOURCE_EXHAUSTED) or nobody looks any more (UNAVAILABLE).
    void add(std::string uuid, Done done);
    /// All that wait; waits itself for the first one, for `atMost`.
    std::vector<Stranger> take(std::chrono::steady_clock::duration atMost);
    /// Nobody takes any more. Those that wait are told so.
    void close();
    bool isClosed() const;

private:
    bool isWorthWaking() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex) {
        return m_isClosed || !m_waiting.empty();
    }

    mutable absl::Mutex m_mutex;
    base::SteadyCondVar m_changed;
    std::vector<Stranger> m_waiting ABSL_GUARDED_BY(m_mutex);
    bool m_isClosed ABSL_GUARDED_BY(m_mutex) = false;
};

}  // namespace ifrit::master::services
