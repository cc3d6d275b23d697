// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/worker_pool.h"

#include <utility>

namespace ifrit::master::rpc {

WorkerPool::WorkerPool(std::size_t threads, std::size_t queueLimit) : m_limit(queueLimit) {
    for (std::size_t i = 0; i < threads; ++i)
        m_threads.emplace_back([this] { run(); });
}

WorkerPool::~WorkerPool() {
    stop();
}

bool WorkerPool::submit(std::function<void()> work) {
    absl::MutexLock lock(&m_mutex);
    if (m_stopping || m_queue.size() >= m_limit) return false;
    m_queue.push_back(std::move(work));
    return true;
}

bool WorkerPool::submitAdmitted(std::function<void()> work) {
    absl::MutexLock lock(&m_mutex);
    if (m_stopping) return false;
    m_queue.push_back(std::move(work));
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
    return m_queue.size();
}

void WorkerPool::run() {
    while (true) {
        std::function<void()> work;
        {
            absl::MutexLock lock(&m_mutex);
            const auto wanted = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex) {
                return !m_queue.empty() || m_stopping;
            };
            m_mutex.Await(absl::Condition(&wanted));
            if (m_queue.empty()) return;
            work = std::move(m_queue.front());
            m_queue.pop_front();
        }
        work();
    }
}

}  // namespace ifrit::master::rpc
