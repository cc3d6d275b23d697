// SPDX-License-Identifier: Apache-2.0
#include "agent/app/worker_pool.h"

#include <spdlog/spdlog.h>

#include <system_error>

namespace ifrit::agent::app {

WorkerPool::~WorkerPool() {
    std::list<Worker> workers;
    {
        // The jobs still mark themselves as done: wait for that with the lock released.
        const absl::MutexLock lock(&m_mutex);
        const auto allDone = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex) {
            for (const Worker& worker : m_workers)
                if (!worker.done) return false;
            return true;
        };
        m_mutex.Await(absl::Condition(&allDone));
        workers.swap(m_workers);
    }
    for (Worker& worker : workers)
        worker.thread.join();
}

void WorkerPool::joinDone() {
    for (auto worker = m_workers.begin(); worker != m_workers.end();) {
        if (!worker->done) {
            ++worker;
            continue;
        }
        worker->thread.join();
        worker = m_workers.erase(worker);
    }
}

bool WorkerPool::tryRun(Job job) {
    const absl::MutexLock lock(&m_mutex);
    joinDone();
    if (m_workers.size() + job.keepFree >= m_maxThreads) return false;
    Worker& worker = m_workers.emplace_back();
    try {
        worker.thread = std::thread([this, &worker, job = std::move(job)] {
            job.run();
            {
                const absl::MutexLock doneLock(&m_mutex);
                worker.done = true;
            }
            if (job.after) job.after();
        });
    } catch (const std::system_error& error) {
        // The machine has no more threads or memory. One that never began must not be waited for.
        m_workers.pop_back();
        spdlog::warn("no thread for a job: {}", error.what());
        return false;
    }
    return true;
}

}  // namespace ifrit::agent::app
