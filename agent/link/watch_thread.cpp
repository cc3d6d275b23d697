// SPDX-License-Identifier: Apache-2.0
#include "agent/link/watch_thread.h"

#include <absl/time/time.h>
#include <spdlog/spdlog.h>

namespace ifrit::agent::link {
WatchThread::WatchThread(Parts parts) : m_parts(std::move(parts)), m_thread([this] { run(); }) {}

WatchThread::~WatchThread() {
    {
        const absl::MutexLock lock(&m_mutex);
        m_stopping = true;
        m_changed.SignalAll();
    }
    m_thread.join();
}

void WatchThread::hold(bool wanted) {
    const absl::MutexLock lock(&m_mutex);
    m_wanted = wanted;
    m_changed.SignalAll();
}

bool WatchThread::waitWanted(std::chrono::milliseconds pause) {
    const absl::MutexLock lock(&m_mutex);
    const auto until = std::chrono::steady_clock::now() + pause;
    while (!m_stopping) {
        const auto left = until - std::chrono::steady_clock::now();
        if (left > left.zero()) {
            m_changed.WaitWithTimeout(&m_mutex, absl::FromChrono(left));
        } else if (m_wanted) {
            return true;
        } else {
            m_changed.Wait(&m_mutex);
        }
    }
    return false;
}

void WatchThread::run() {
    base::Backoff backoff(m_parts.reopen, m_parts.random);
    std::chrono::milliseconds pause{0};
    while (waitWanted(pause)) {
        const auto client = m_parts.connection.client();
        absl::Status status = client.status();
        if (client.ok()) {
            status = (*client)->watch(m_parts.heldGeneration(), [&](GenerationNotice notice) {
                backoff.reset();
                m_parts.notice(notice);
            });
        }
        spdlog::debug("watch ended: {}", base::messageOf(status));
        pause = backoff.next();
    }
}

}  // namespace ifrit::agent::link
