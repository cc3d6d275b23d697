// SPDX-License-Identifier: Apache-2.0
#include "master/services/poll_pace.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace ifrit::master::services {
namespace {

constexpr std::chrono::seconds kLook{1};
/// Times the base; a master that is just busy enough does not fill the log.
constexpr double kTold = 1.25;

}  // namespace

PollPace::PollPace(const PaceLimits& limits)
    : m_limits(limits), m_state(firstPace(limits)), m_current(limits.base) {}

void PollPace::goOnFrom(std::chrono::milliseconds interval) {
    if (m_limits.share <= 0) return;
    m_state.interval = std::clamp(interval, m_limits.base, m_limits.longest());
    m_current = std::chrono::duration_cast<std::chrono::milliseconds>(m_state.interval);
}

void PollPace::look(base::SteadyTime now, std::chrono::nanoseconds processor, const Fleet& fleet) {
    if (m_before && now - m_before->at < kLook) return;
    const Fleet::Heard heard = fleet.heard();
    const Seen seen{now, processor, heard.polls};
    if (m_before) {
        const auto before = m_state.interval;
        m_state = nextPace(m_state,
                           {seen.at - m_before->at, seen.processor - m_before->processor,
                            seen.polls - m_before->polls, heard.machines},
                           m_limits);
        m_current = std::chrono::duration_cast<std::chrono::milliseconds>(m_state.interval);
        tell(heard.machines, m_state.interval > before);
    }
    m_before = seen;
}

void PollPace::tell(std::uint64_t machines, bool grows) {
    const std::chrono::milliseconds now = m_current;
    // One that shrinks is what machines were told before a restart, under another configuration
    // say.
    if (!m_isTold && grows && now >= m_limits.base * kTold) {
        m_isTold = true;
        spdlog::warn(
            "the processors are busy: {} machines are told to poll each {} ms and more, in place "
            "of each {} ms; add a master, or raise poll_interval_ms",
            machines, now.count(), m_limits.base.count());
    }
    if (m_isTold && now == m_limits.base) {
        m_isTold = false;
        spdlog::info("machines are told to poll each {} ms again", now.count());
    }
}

}  // namespace ifrit::master::services
