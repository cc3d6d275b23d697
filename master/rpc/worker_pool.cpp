// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/worker_pool.h"

#include <algorithm>
#include <utility>

namespace ifrit::master::rpc {
namespace {

/// A quarter of the threads, and one at least, is kept for the other lane.
std::size_t mostOfOne(std::size_t threads) {
    return threads > 1 ? threads - std::max<std::size_t>(1, threads / 4) : threads;
}

}  // namespace

WorkerPool::WorkerPool(std::size_t threads, std::size_t queueLimit)
    : m_limit(queueLimit), m_mostOfOne(mostOfOne(threads)) {
    for (std::size_t i = 0; i < threads; ++i)
        m_threads.emplace_back([this] { run(); });
}

WorkerPool::~WorkerPool() {
    stop();
}

bool WorkerPool::submit(Lane lane, std::function<void()> work) {
    absl::MutexLock lock(&m_mutex);
    if (m_stopping || line(lane).queue.size() >= m_limit) return false;
    line(lane).queue.push_back(std::move(work));
    return true;
}

bool WorkerPool::submitAdmitted(Lane lane, std::function<void()> work) {
    absl::MutexLock lock(&m_mutex);
    if (m_stopping) return false;
    line(lane).queue.push_back(std::move(work));
    return true;
}

void WorkerPool::stop() {
    {
        absl::MutexLock lock(&m_mutex);
        m_stopping = true;
    }
    for (auto& thread : m_threads) {
        if (thread.joinable()) thread.join();
    }
}

std::size_t WorkerPool::waiting() const {
    const absl::MutexLock lock(&m_mutex);
    return m_lines[0].queue.size() + m_lines[1].queue.size();
}

WorkerPool::Line* WorkerPool::next() {
    // A person waits for the one, machines ask again for the other.
    for (const Lane lane : {Lane::Operators, Lane::Machines}) {
        Line& one = line(lane);
        if (!one.queue.empty() && one.running < m_mostOfOne) return &one;
    }
    return nullptr;
}

void WorkerPool::run() {
    while (true) {
        std::function<void()> work;
        Line* taken = nullptr;
        {
            absl::MutexLock lock(&m_mutex);
            const auto wanted = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex) {
                const bool isEmpty = m_lines[0].queue.empty() && m_lines[1].queue.empty();
                return next() != nullptr || (m_stopping && isEmpty);
            };
            m_mutex.Await(absl::Condition(&wanted));
            taken = next();
            if (taken == nullptr) return;
            work = std::move(taken->queue.front());
            taken->queue.pop_front();
            ++taken->running;
        }
        work();
        work = nullptr;
        absl::MutexLock lock(&m_mutex);
        --taken->running;
    }
}

}  // namespace ifrit::master::rpc
