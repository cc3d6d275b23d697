// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/threaded_probe_runner.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include "agent/supervise/probe_check.h"

namespace ifrit::agent::supervise {
namespace {

ProbeResult ending() {
    return ProbeResult::notAsked("ifrit-agent is ending");
}

}  // namespace

ThreadedProbeRunner::ThreadedProbeRunner(platform::CommandRunner& commands,
                                         const base::Clock& clock, const Threads& threads)
    : m_commands(commands), m_clock(clock), m_limits(threads) {
    const absl::MutexLock lock(&m_mutex);
    for (std::size_t i = 0; i < m_limits.kept; ++i)
        addThread();
}

ThreadedProbeRunner::~ThreadedProbeRunner() {
    std::deque<ProbeJob> dropped;
    std::list<std::thread> threads;
    {
        const absl::MutexLock lock(&m_mutex);
        m_stopping = true;
        dropped = m_queue.clear();
        threads.splice(threads.end(), m_threads);
        threads.splice(threads.end(), m_retired);
        m_changed.wakeAll();
    }
    m_stop.request_stop();
    for (const ProbeJob& job : dropped)
        job.done(ending());
    for (std::thread& thread : threads)
        thread.join();
}

void ThreadedProbeRunner::run(ProbeRequest request, Callback done) {
    std::optional<ProbeJob> refused;
    {
        const absl::MutexLock lock(&m_mutex);
        ProbeJob job{std::move(request), std::move(done)};
        refused = m_stopping ? std::move(job) : m_queue.add(std::move(job), m_clock.steadyNow());
        m_changed.wakeAll();
    }
    if (refused) refused->done(ProbeResult::notAsked("its turn did not come"));
}

std::size_t ThreadedProbeRunner::threads() const {
    const absl::MutexLock lock(&m_mutex);
    return m_threads.size();
}

void ThreadedProbeRunner::addThread() {
    for (std::thread& ended : m_retired)
        ended.join();  // it let go of the lock for the last time
    m_retired.clear();
    try {
        m_threads.emplace_back([this] { work(); });
        ++m_free;
    } catch (const std::system_error&) {
        // No more threads for us: the probes wait for those that there are.
        if (m_threads.empty()) throw;
    }
}

// The calling thread is about to end. Its handle stays, because somebody must join it.
void ThreadedProbeRunner::retire() {
    const auto own = std::find_if(m_threads.begin(), m_threads.end(), [](const std::thread& one) {
        return one.get_id() == std::this_thread::get_id();
    });
    if (own != m_threads.end()) m_retired.splice(m_retired.end(), m_threads, own);
    --m_free;
}

// Called by a free thread, which is counted in m_free. While it is the only one, it keeps watch
// over the others and takes a probe only when nothing else can be done.
std::optional<ProbeJob> ThreadedProbeRunner::nextJob() {
    const base::SteadyTime now = m_clock.steadyNow();
    if (m_free > 1) return m_queue.take(ProbeQueue::Open::Everybody, now);
    if (m_threads.size() >= m_limits.most) return m_queue.take(ProbeQueue::Open::Prompt, now);
    const auto since = m_queue.waitingSince(ProbeQueue::Open::Everybody);
    if (!since || now - *since < ProbeQueue::kPrompt) return std::nullopt;
    addThread();
    return m_free > 1 ? m_queue.take(ProbeQueue::Open::Everybody, now)
                      : m_queue.take(ProbeQueue::Open::Prompt, now);
}

void ThreadedProbeRunner::waitForWork() {
    const bool watches = m_free == 1 && m_threads.size() < m_limits.most;
    const auto since = m_queue.waitingSince(ProbeQueue::Open::Everybody);
    if (!watches || !since) {
        m_changed.wait(m_mutex);
        return;
    }
    // It is over when no further thread could be had; then it is tried again after as long.
    base::SteadyTime::duration left = *since + ProbeQueue::kPrompt - m_clock.steadyNow();
    if (left <= left.zero()) left = ProbeQueue::kPrompt;
    m_changed.waitUntil(m_mutex, std::chrono::steady_clock::now() + left);
}

bool ThreadedProbeRunner::isSpare() const {
    return m_threads.size() > m_limits.kept && m_free > 1;
}

void ThreadedProbeRunner::work() {
    for (;;) {
        ProbeJob job;
        {
            const absl::MutexLock lock(&m_mutex);
            for (;;) {
                if (m_stopping) return;
                if (auto next = nextJob()) {
                    job = *std::move(next);
                    --m_free;
                    break;
                }
                if (isSpare()) return retire();
                waitForWork();
            }
            // Another is the last free one now, and must know it where there is something to watch.
            if (m_queue.waitingSince(ProbeQueue::Open::Everybody)) m_changed.wakeAll();
        }
        if (job.request.begun) job.request.begun();
        ProbeResult result = checkProbe(job.request, m_commands, m_stop.get_token());
        // What came of a probe that we ended says nothing of the agent.
        job.done(m_stop.stop_requested() && !result.ok ? ending() : std::move(result));
        const absl::MutexLock lock(&m_mutex);
        m_queue.ended(job.request.agent, m_clock.steadyNow());
        ++m_free;
        if (m_queue.waitingSince(ProbeQueue::Open::Everybody)) m_changed.wakeAll();
    }
}

}  // namespace ifrit::agent::supervise
