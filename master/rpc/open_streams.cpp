// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/open_streams.h"

#include <algorithm>
#include <utility>

namespace ifrit::master::rpc {
namespace {

constexpr std::chrono::seconds kInterval{1};

}  // namespace

void OpenStreams::add(const Principal& machine, std::weak_ptr<Endable> stream) {
    absl::MutexLock lock(&m_mutex);
    m_held.push_back({machine.name, machine.serialHex, std::move(stream)});
}

void OpenStreams::tick() {
    const base::SteadyTime now = m_clock.steadyNow();
    if (now - m_asked < kInterval) return;
    m_asked = now;
    std::vector<std::pair<std::shared_ptr<Endable>, absl::Status>> refused;
    {
        absl::MutexLock lock(&m_mutex);
        m_held.erase(std::remove_if(m_held.begin(), m_held.end(),
                                    [](const Held& held) { return held.stream.expired(); }),
                     m_held.end());
        for (const Held& held : m_held) {
            const absl::Status status = m_identities.checkMachine(held.uuid, held.serialHex);
            if (status.ok()) continue;
            if (auto stream = held.stream.lock()) refused.emplace_back(std::move(stream), status);
        }
    }
    // Outside the lock: gRPC may call back at once, on this thread.
    for (const auto& [stream, status] : refused)
        stream->end(status);
}

std::size_t OpenStreams::count() const {
    const absl::MutexLock lock(&m_mutex);
    return m_held.size();
}

}  // namespace ifrit::master::rpc
