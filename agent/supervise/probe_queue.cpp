// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/probe_queue.h"

#include <algorithm>
#include <utility>

namespace ifrit::agent::supervise {

std::optional<ProbeJob> ProbeQueue::add(ProbeJob job, base::SteadyTime now) {
    for (Waiting& earlier : m_waiting) {
        if (earlier.job.request.agent != job.request.agent) continue;
        return std::exchange(earlier.job, std::move(job));  // keeps its place
    }
    if (m_waiting.size() >= kMostWaiting) return job;
    m_waiting.push_back({std::move(job), now});
    return std::nullopt;
}

bool ProbeQueue::mayRun(const std::string& agent, Open open) const {
    if (m_running.count(agent) != 0) return false;
    return open == Open::Everybody || m_hanging.count(agent) == 0;
}

std::optional<base::SteadyTime> ProbeQueue::waitingSince(Open open) const {
    for (const Waiting& waiting : m_waiting) {
        if (mayRun(waiting.job.request.agent, open)) return waiting.since;
    }
    return std::nullopt;
}

std::optional<ProbeJob> ProbeQueue::take(Open open, base::SteadyTime now) {
    const auto found = std::find_if(
        m_waiting.begin(), m_waiting.end(),
        [&](const Waiting& waiting) { return mayRun(waiting.job.request.agent, open); });
    if (found == m_waiting.end()) return std::nullopt;
    ProbeJob job = std::move(found->job);
    m_waiting.erase(found);
    m_running[job.request.agent] = now;
    return job;
}

void ProbeQueue::ended(const std::string& agent, base::SteadyTime now) {
    const auto running = m_running.find(agent);
    if (running == m_running.end()) return;
    if (now - running->second > kPrompt)
        m_hanging.insert(agent);
    else
        m_hanging.erase(agent);
    m_running.erase(running);
}

std::deque<ProbeJob> ProbeQueue::clear() {
    std::deque<ProbeJob> all;
    for (Waiting& waiting : m_waiting)
        all.push_back(std::move(waiting.job));
    m_waiting.clear();
    return all;
}

}  // namespace ifrit::agent::supervise
