// SPDX-License-Identifier: Apache-2.0
#include "master/services/stranger_queue.h"

#include <utility>

#include "shared/base/status.h"

namespace ifrit::master::services {
namespace {

absl::Status refusal(const std::string& uuid, bool isClosed) {
    if (isClosed) {
        return base::makeError(absl::StatusCode::kUnavailable, "STOPPING", uuid,
                               "this master is stopping; another one serves");
    }
    return base::makeError(absl::StatusCode::kResourceExhausted, "OVERLOADED", uuid,
                           "too many machines that this master does not know wait for it");
}

}  // namespace

void StrangerQueue::add(std::string uuid, Done done) {
    absl::Status refused;
    {
        const absl::MutexLock lock(&m_mutex);
        if (!m_isClosed && m_waiting.size() < kMost) {
            m_waiting.push_back({std::move(uuid), std::move(done)});
            m_changed.wakeAll();
            return;
        }
        refused = refusal(uuid, m_isClosed);
    }
    done(refused);
}

std::vector<StrangerQueue::Stranger> StrangerQueue::take(
    std::chrono::steady_clock::duration atMost) {
    const absl::MutexLock lock(&m_mutex);
    const auto end = std::chrono::steady_clock::now() + atMost;
    while (!isWorthWaking() && std::chrono::steady_clock::now() < end)
        m_changed.waitUntil(m_mutex, end);
    return std::exchange(m_waiting, {});
}

void StrangerQueue::close() {
    std::vector<Stranger> left;
    {
        const absl::MutexLock lock(&m_mutex);
        m_isClosed = true;
        m_changed.wakeAll();
        left = std::exchange(m_waiting, {});
    }
    for (const Stranger& stranger : left)
        stranger.done(refusal(stranger.uuid, true));
}

bool StrangerQueue::isClosed() const {
    const absl::MutexLock lock(&m_mutex);
    return m_isClosed;
}

}  // namespace ifrit::master::services
