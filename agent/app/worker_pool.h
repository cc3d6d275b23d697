// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <functional>
#include <list>
#include <thread>

namespace ifrit::agent::app {

/// A few short-lived threads ("work") for what takes long: downloads, hooks, stopping programs. An
/// idle machine has none of them. Thread-safe.
class WorkerPool {
public:
    explicit WorkerPool(std::size_t maxThreads) : m_maxThreads(maxThreads) {}
    /// Waits for the jobs that run.
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    struct Job {
        std::function<void()> run;
        /// On the job's thread, which counts as idle by then; may be empty.
        std::function<void()> after{};
        /// Threads that are left to jobs which must not wait behind this one.
        std::size_t keepFree = 0;
    };
    /// False, and nothing happens, when no more than `keepFree` threads are idle, or the system
    /// gives no thread: to be tried again later.
    bool tryRun(Job job) ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    struct Worker {
        std::thread thread;
        bool done = false;
    };
    void joinDone() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);

    const std::size_t m_maxThreads;
    absl::Mutex m_mutex;
    std::list<Worker> m_workers ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::agent::app
