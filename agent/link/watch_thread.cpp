// SPDX-License-Identifier: Apache-2.0
#include "agent/link/watch_thread.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace ifrit::agent::link {
WatchThread::WatchThread(Parts parts) : m_parts(std::move(parts)), m_thread([this] { run(); }) {}

WatchThread::~WatchThread() {
    {
        const absl::MutexLock lock(&m_mutex);
        m_stopping = true;
        m_changed.wakeAll();
    }
    m_thread.join();
}

void WatchThread::hold(bool wanted) {
    const absl::MutexLock lock(&m_mutex);
    m_wanted = wanted;
    m_changed.wakeAll();
    if (!m_stop) return;
    const bool isElsewhere = wanted && !m_parts.connection.isCurrent(*m_watched);
    if (wanted && !isElsewhere) return;
    m_isMoving = isElsewhere;
    m_stop->stop();
}

bool WatchThread::waitWanted(std::chrono::milliseconds pause) {
    const absl::MutexLock lock(&m_mutex);
    const auto until = std::chrono::steady_clock::now() + pause;
    while (!m_stopping) {
        if (until > std::chrono::steady_clock::now()) {
            m_changed.waitUntil(m_mutex, until);
        } else if (m_wanted) {
            return true;
        } else {
            m_changed.wait(m_mutex);
        }
    }
    return false;
}

void WatchThread::run() {
    base::Backoff backoff(m_parts.reopen, m_parts.random);
    std::chrono::milliseconds pause{0};
    while (waitWanted(pause)) {
        const absl::Status status = watchOnce(backoff);
        spdlog::debug("watch ended: {}", base::messageOf(status));
        // To another master or with another certificate: nothing broke.
        pause = wasMoved() ? std::chrono::milliseconds(0) : backoff.next();
    }
}

absl::Status WatchThread::watchOnce(base::Backoff& backoff) {
    IFRIT_ASSIGN_OR_RETURN(const std::shared_ptr<MasterClient> client, m_parts.connection.client());
    const auto stop = std::make_shared<WatchStop>();
    {
        const absl::MutexLock lock(&m_mutex);
        if (!m_wanted || m_stopping) return absl::OkStatus();
        m_watched = client.get();
        m_stop = stop;
    }
    const absl::Status status = client->watch(
        m_parts.heldGeneration(),
        [&](GenerationNotice notice) {
            backoff.reset();
            m_parts.notice(notice);
        },
        *stop);
    const absl::MutexLock lock(&m_mutex);
    m_stop.reset();
    m_watched = nullptr;
    return status;
}

bool WatchThread::wasMoved() {
    const absl::MutexLock lock(&m_mutex);
    return std::exchange(m_isMoving, false);
}

}  // namespace ifrit::agent::link
