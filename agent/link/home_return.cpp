// SPDX-License-Identifier: Apache-2.0
#include "agent/link/home_return.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace ifrit::agent::link {
namespace {

constexpr std::chrono::minutes kFirstWait{10};
/// With as much again for the spread an hour.
constexpr std::chrono::minutes kLongestWait{30};

}  // namespace

std::chrono::milliseconds homeWait(std::uint32_t tries, double random) {
    constexpr std::uint32_t kLastDoubling = 2;
    const std::chrono::milliseconds wait = std::min<std::chrono::milliseconds>(
        kLongestWait, kFirstWait * (1U << std::min(tries, kLastDoubling)));
    return wait + std::chrono::milliseconds(
                      static_cast<std::int64_t>(random * static_cast<double>(wait.count())));
}

bool HomeReturn::step(const SyncRequest& held) {
    const std::vector<std::string> preferred = m_parts.connection.preferred();
    if (preferred.empty()) {
        startAnew();
        return false;
    }
    if (m_nextTry) {
        if (m_parts.clock.steadyNow() < *m_nextTry) return false;
        const std::string left = m_parts.connection.address();
        for (const std::string& address : preferred) {
            const absl::Status status = tryOut(address, held);
            if (status.ok()) {
                spdlog::info("moved from master {} to {}, which comes first here", left, address);
                startAnew();
                return true;
            }
            spdlog::info("stays with master {}, {} does not serve it: {}", left, address,
                         base::messageOf(status));
        }
        ++m_tries;
    }
    m_nextTry = m_parts.clock.steadyNow() + homeWait(m_tries, m_parts.random());
    return false;
}

absl::Status HomeReturn::tryOut(const std::string& address, const SyncRequest& held) {
    IFRIT_ASSIGN_OR_RETURN(const std::shared_ptr<MasterClient> client,
                           m_parts.connection.lineBeside(address));
    IFRIT_ASSIGN_OR_RETURN(const SyncReply reply, client->sync(held));
    // It would end the Watch that the current one lets us hold.
    if (reply.disconnect) return absl::ResourceExhaustedError("it has no room for a stream");
    return m_parts.connection.moveTo(address, client);
}

void HomeReturn::startAnew() {
    m_nextTry.reset();
    m_tries = 0;
}

}  // namespace ifrit::agent::link
