// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <condition_variable>

#include "shared/base/clock.h"

namespace ifrit::base {

/// A condition variable over an absl::Mutex that waits by the steady clock. The timed waits of
/// Abseil itself end by the clock of the wall: where that is set back by eight hours, as at the
/// first contact with a time server, who waits for a second waits eight hours longer.
/// Thread-safe; wakes may be spurious.
class SteadyCondVar {
public:
    void wait(absl::Mutex& mutex) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
        Held held{mutex};
        m_any.wait(held);
    }
    /// Also woken when the time has come.
    void waitUntil(absl::Mutex& mutex, SteadyTime time) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
        Held held{mutex};
        m_any.wait_until(held, time);
    }
    void wakeAll() { m_any.notify_all(); }

private:
    /// A mutex that is held, by the names that the standard library has for it.
    struct Held {
        absl::Mutex& mutex;
        void lock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mutex.Lock(); }
        void unlock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mutex.Unlock(); }
    };
    std::condition_variable_any m_any;
};

}  // namespace ifrit::base
