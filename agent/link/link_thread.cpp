// SPDX-License-Identifier: Apache-2.0
#include "agent/link/link_thread.h"

#include <algorithm>

namespace ifrit::agent::link {

LinkThread::LinkThread(Parts parts, LinkTimes times)
    : m_parts(std::move(parts)), m_times(times), m_thread([this] { run(); }) {}

LinkThread::~LinkThread() {
    finish();
}

void LinkThread::finish() {
    {
        const absl::MutexLock lock(&m_mutex);
        m_stopping = true;
        m_changed.wakeAll();
    }
    if (m_thread.joinable()) m_thread.join();
}

void LinkThread::bringForward(SteadyTime time) {
    if (m_earlier && *m_earlier <= time) return;
    m_earlier = time;
    m_changed.wakeAll();
}

void LinkThread::reportSoon() {
    const absl::MutexLock lock(&m_mutex);
    bringForward(std::max(std::chrono::steady_clock::now(), m_lastPoll + m_times.urgentSpacing));
}

void LinkThread::pollAnyway() {
    const absl::MutexLock lock(&m_mutex);
    m_anyway = true;
    bringForward(std::chrono::steady_clock::now());
}

void LinkThread::pollIn(std::chrono::milliseconds delay) {
    const absl::MutexLock lock(&m_mutex);
    bringForward(std::chrono::steady_clock::now() + delay);
}

bool LinkThread::waitForNext(const SyncLoop::Result& result) {
    const absl::MutexLock lock(&m_mutex);
    const SteadyTime regular = std::chrono::steady_clock::now() + result.wait;
    while (!m_stopping) {
        // Backing off: news can wait, the master cannot be helped by more calls.
        const bool hurry = (result.reached || m_anyway) && m_earlier && *m_earlier < regular;
        const SteadyTime due = hurry ? *m_earlier : regular;
        if (due <= std::chrono::steady_clock::now()) break;
        m_changed.waitUntil(m_mutex, due);
    }
    return !m_stopping;
}

void LinkThread::run() {
    SyncLoop::Result result;
    do {
        {
            const absl::MutexLock lock(&m_mutex);
            m_earlier.reset();
            m_anyway = false;
            m_lastPoll = std::chrono::steady_clock::now();
        }
        result = m_parts.loop.step();
        if (m_parts.watch != nullptr) m_parts.watch->hold(result.keepConnection);
        if (result.reached && m_parts.afterReply) m_parts.afterReply(result);
    } while (waitForNext(result));
}

}  // namespace ifrit::agent::link
