// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

namespace ifrit::master::rpc {

/// Threads for work that may block on the database or a disk, so that gRPC's own never do. The
/// queue is bounded: what does not fit is refused at once instead of growing late. Thread-safe.
class WorkerPool {
public:
    WorkerPool(std::size_t threads, std::size_t queueLimit);
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// False, and `work` never runs, when the queue is full or the pool stops.
    bool submit(std::function<void()> work);
    /// As submit(), but past the limit: for steps of calls that were admitted already. False only
    /// when the pool has stopped.
    bool submitAdmitted(std::function<void()> work);
    /// Runs what is queued, then ends the threads.
    void stop();
    /// Work that no thread has taken yet.
    std::size_t waiting() const;

private:
    void run();

    const std::size_t m_limit;
    mutable absl::Mutex m_mutex;
    std::deque<std::function<void()>> m_queue ABSL_GUARDED_BY(m_mutex);
    bool m_stopping ABSL_GUARDED_BY(m_mutex) = false;
    std::vector<std::thread> m_threads;
};

}  // namespace ifrit::master::rpc
