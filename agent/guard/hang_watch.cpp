// SPDX-License-Identifier: Apache-2.0
#include "agent/guard/hang_watch.h"

namespace ifrit::agent::guard {
namespace {

constexpr int kLooksInLimit = 10;

}  // namespace

void HangWatch::started() {
    m_stamp = m_beat.stamp();
    m_since = m_clock.steadyNow();
    m_hasTurned = false;
}

bool HangWatch::isHung() {
    if (m_limit.count() == 0) return false;
    const base::SteadyTime now = m_clock.steadyNow();
    const auto stamp = m_beat.stamp();
    if (stamp != m_stamp) {
        m_stamp = stamp;
        m_since = now;
        m_hasTurned = true;
        return false;
    }
    if (!m_hasTurned || now - m_since < m_limit) return false;
    if (m_beat.touch()) return true;
    // A disk that takes nothing keeps ifrit-agent from saying that it is well.
    m_since = now;
    return false;
}

std::optional<std::chrono::milliseconds> HangWatch::interval() const {
    if (m_limit.count() == 0) return std::nullopt;
    return std::chrono::milliseconds(m_limit) / kLooksInLimit;
}

}  // namespace ifrit::agent::guard
