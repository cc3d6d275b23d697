// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/threaded_probe_runner.h"

#include <utility>

#include "agent/supervise/probe_check.h"

namespace ifrit::agent::supervise {

ThreadedProbeRunner::ThreadedProbeRunner(platform::CommandRunner& commands, std::size_t threads)
    : m_commands(commands) {
    for (std::size_t i = 0; i < threads; ++i)
        m_threads.emplace_back([this] { work(); });
}

ThreadedProbeRunner::~ThreadedProbeRunner() {
    std::deque<Job> dropped;
    {
        const absl::MutexLock lock(&m_mutex);
        m_stopping = true;
        dropped.swap(m_waiting);
        m_changed.SignalAll();
    }
    for (const Job& job : dropped)
        job.done({false, "not asked: ifrit-agent is ending"});
    for (std::thread& thread : m_threads)
        thread.join();
}

void ThreadedProbeRunner::run(ProbeRequest request, Callback done) {
    {
        const absl::MutexLock lock(&m_mutex);
        if (!m_stopping && m_waiting.size() < kMaxWaiting) {
            m_waiting.push_back({std::move(request), std::move(done)});
            m_changed.Signal();
            return;
        }
    }
    done({false, "not asked: too many probes are waiting"});
}

void ThreadedProbeRunner::work() {
    for (;;) {
        Job job;
        {
            const absl::MutexLock lock(&m_mutex);
            while (!m_stopping && m_waiting.empty())
                m_changed.Wait(&m_mutex);
            if (m_stopping) return;
            job = std::move(m_waiting.front());
            m_waiting.pop_front();
        }
        job.done(checkProbe(job.request, m_commands));
    }
}

}  // namespace ifrit::agent::supervise
