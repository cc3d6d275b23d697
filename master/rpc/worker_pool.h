// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <array>
#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

namespace ifrit::master::rpc {

/// Whose work it is. Each has a queue of its own, and neither machines nor operators get all
/// threads: what tens of thousands of machines ask at once must not keep a person from stopping a
/// release. The kill switch has threads that do nothing else: it waits neither for a flood nor for
/// calls that a hanging database keeps. Another master's notice of it has its own, since whoever
/// freezes waits for that. What open streams of machines look for has its own too: it is done in
/// slices, so that however much somebody asks of a stream takes turns with the other streams alone,
/// and none waits for a call.
enum class Lane { Machines, Operators, KillSwitch, KillSwitchNotice, Streams };

/// Threads for work that may block on the database or a disk, so that gRPC's own never do. The
/// queues are bounded: what does not fit is refused at once instead of growing late. Thread-safe.
class WorkerPool {
public:
    /// `threads`: for machines and operators. `queueLimit`: of each lane.
    WorkerPool(std::size_t threads, std::size_t queueLimit);
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// False, and `work` never runs, when the lane's queue is full or the pool stops.
    bool submit(Lane lane, std::function<void()> work);
    /// As submit(), but past the limit: for steps of calls that were admitted already. False only
    /// when the pool has stopped.
    bool submitAdmitted(Lane lane, std::function<void()> work);
    /// Runs what is queued, then ends the threads.
    void stop();
    /// Work that no thread has taken yet.
    std::size_t waiting() const;

private:
    struct Line {
        std::deque<std::function<void()>> queue;
        std::size_t running = 0;
    };
    /// What one thread does. `own`: the lane that it is kept for; nullopt: the two that share.
    void run(std::optional<Lane> own);
    Line& line(Lane lane) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex) {
        return m_lines[static_cast<std::size_t>(lane)];
    }
    /// The lane that a free thread works for next; null: nothing may begin now.
    Line* next(std::optional<Lane> own) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// Whether a thread that is to stop has nothing left to do.
    bool isEmpty(std::optional<Lane> own) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);

    const std::size_t m_limit;
    const std::size_t m_mostOfOne;  ///< threads that one lane may have
    mutable absl::Mutex m_mutex;
    std::array<Line, 5> m_lines ABSL_GUARDED_BY(m_mutex);
    bool m_stopping ABSL_GUARDED_BY(m_mutex) = false;
    std::vector<std::thread> m_threads;
};

}  // namespace ifrit::master::rpc
