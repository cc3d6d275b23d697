// SPDX-License-Identifier: Apache-2.0
#include "agent/app/self_sampler.h"

namespace ifrit::agent::app {

SelfSampler::SelfSampler(const platform::ProcessTable& processes, const base::Clock& clock)
    : m_processes(processes), m_clock(clock), m_at(clock.steadyNow()) {
    const auto self = processes.identify(processes.ownPid());
    if (self.ok()) m_self = *self;
}

domain::ResourceSample SelfSampler::sample() {
    const base::SteadyTime now = m_clock.steadyNow();
    if (now - m_at < std::chrono::seconds(1) && m_last.rssBytes != 0) return m_last;
    const auto status = m_processes.status(m_self);
    if (!status.ok()) return m_last;
    const double elapsed = std::chrono::duration<double>(now - m_at).count();
    const double used = std::chrono::duration<double>(status->cpuTime - m_cpuTime).count();
    m_last.cpuPercent = elapsed > 0 ? 100 * used / elapsed : 0;
    m_last.rssBytes = status->rssBytes;
    m_at = now;
    m_cpuTime = status->cpuTime;
    return m_last;
}

}  // namespace ifrit::agent::app
