// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/ticker.h"

#include <algorithm>
#include <utility>

namespace ifrit::master::rpc {

Ticker::Ticker(std::chrono::milliseconds interval) : m_interval(interval) {}

Ticker::~Ticker() {
    stop();
}

void Ticker::add(std::weak_ptr<Ticked> stream) {
    absl::MutexLock lock(&m_mutex);
    m_streams.push_back(std::move(stream));
}

void Ticker::start() {
    if (!m_thread.joinable()) m_thread = std::thread([this] { run(); });
}

void Ticker::stop() {
    {
        absl::MutexLock lock(&m_mutex);
        m_stopping = true;
        m_changed.wakeAll();
    }
    if (m_thread.joinable()) m_thread.join();
}

void Ticker::run() {
    while (true) {
        std::vector<std::shared_ptr<Ticked>> streams;
        {
            absl::MutexLock lock(&m_mutex);
            const auto next = std::chrono::steady_clock::now() + m_interval;
            while (!m_stopping && std::chrono::steady_clock::now() < next)
                m_changed.waitUntil(m_mutex, next);
            if (m_stopping) return;
            m_streams.erase(std::remove_if(m_streams.begin(), m_streams.end(),
                                           [](const auto& weak) { return weak.expired(); }),
                            m_streams.end());
            for (const auto& weak : m_streams) {
                if (auto stream = weak.lock()) streams.push_back(std::move(stream));
            }
        }
        if (m_work) m_work();
        for (const auto& stream : streams)
            stream->tick();
    }
}

}  // namespace ifrit::master::rpc
