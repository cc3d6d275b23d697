// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/agent_group.h"

#include <fmt/format.h>

#include <utility>

namespace ifrit::agent::supervise {
namespace {

/// Of an interval: below, it is a burst that was cut, and nobody needs to hear of it.
constexpr double kThrottledShare = 0.2;
/// In a row, as with the limit that is watched (resource_guard.h).
constexpr int kThrottledLooks = 2;

bool isLimited(const domain::Limits& limits) {
    return limits.memoryBytes != 0 || limits.cpuPercent != 0 || limits.pids != 0;
}

}  // namespace

AgentGroup::AgentGroup(platform::ResourceGroups& groups, std::string agent,
                       const domain::Limits& limits)
    : m_groups(groups), m_agent(std::move(agent)), m_limits(limits) {}

AgentGroup::Note AgentGroup::watched(const absl::Status& why) {
    m_held = {};
    return {"limits-watched",
            "its limits are watched and not held by the system: " + base::messageOf(why)};
}

void AgentGroup::begin() {
    m_start = m_last = m_groups.usage(m_agent).value_or(platform::GroupUsage());
    m_looked.reset();
    m_heldBack = {};
    m_throttledLooks = 0;
    m_throttledTold = m_refusalTold = false;
}

std::optional<AgentGroup::Note> AgentGroup::prepare() {
    const auto held =
        m_groups.prepare(m_agent, {m_limits.memoryBytes, m_limits.cpuPercent, m_limits.pids});
    m_ready = held.ok();
    if (!m_ready) {
        const Note note = watched(held.status());
        return isLimited(m_limits) ? std::optional(note) : std::nullopt;
    }
    m_held = *held;
    m_isWhole = true;
    begin();
    return std::nullopt;
}

std::optional<AgentGroup::Note> AgentGroup::add(const platform::ProcessId& process) {
    if (!m_ready) return std::nullopt;  // said already
    const absl::Status added = m_groups.add(m_agent, process);
    if (added.ok()) return std::nullopt;
    // What an empty group has used says nothing of it.
    m_ready = false;
    const Note note = watched(added);
    return isLimited(m_limits) ? std::optional(note) : std::nullopt;
}

std::optional<AgentGroup::Note> AgentGroup::adopt(const platform::ProcessId& process,
                                                  const std::vector<platform::ProcessId>& members) {
    if (auto note = prepare()) return note;
    if (m_groups.holds(m_agent, process)) return std::nullopt;
    m_isWhole = false;
    auto note = add(process);
    for (const platform::ProcessId& member : members)
        m_groups.add(m_agent, member).IgnoreError();  // it may have ended
    m_held.memory = false;                            // what it took outside is counted there
    return note;
}

bool AgentGroup::holdsLimits() const {
    return m_ready && (m_limits.memoryBytes == 0 || m_held.memory) &&
           (m_limits.pids == 0 || m_held.tasks);
}

std::optional<std::chrono::nanoseconds> AgentGroup::cpuTime() const {
    if (!m_ready) return std::nullopt;
    const auto usage = m_groups.usage(m_agent);
    if (!usage) return std::nullopt;
    return usage->cpuTime - m_start.cpuTime;
}

std::vector<AgentGroup::Note> AgentGroup::look(base::SteadyTime now) {
    std::vector<Note> notes;
    const auto usage = m_groups.usage(m_agent);
    if (!usage) return notes;
    if (m_looked && now > *m_looked) {
        const std::chrono::nanoseconds elapsed = now - *m_looked;
        const auto throttled = usage->throttled - m_last.throttled;
        const double share =
            static_cast<double>(throttled.count()) / static_cast<double>(elapsed.count());
        m_throttledLooks = share > kThrottledShare ? m_throttledLooks + 1 : 0;
        ++m_heldBack.looks;
        if (share > kThrottledShare) ++m_heldBack.throttled;
        if (m_throttledLooks == 0) m_throttledTold = false;
    }
    if (m_throttledLooks >= kThrottledLooks && !std::exchange(m_throttledTold, true)) {
        notes.push_back({"throttled", fmt::format("the system holds it at its limit of {} % of a "
                                                  "core",
                                                  m_limits.cpuPercent)});
    }
    const bool refused = usage->tasksRefused > m_last.tasksRefused;
    m_heldBack.tasksRefused = m_heldBack.tasksRefused || refused;
    if (refused && !std::exchange(m_refusalTold, true)) {
        notes.push_back({"tasks-refused",
                         fmt::format("the system refuses it more than its limit of {} processes "
                                     "and threads",
                                     m_limits.pids)});
    }
    m_last = *usage;
    m_looked = now;
    return notes;
}

std::optional<std::string> AgentGroup::overMemory() const {
    const auto usage = m_groups.usage(m_agent);
    if (!usage || usage->memoryKills <= m_start.memoryKills) return std::nullopt;
    return fmt::format("it came over its memory limit of {:.1f} MiB",
                       static_cast<double>(m_limits.memoryBytes) / (1024.0 * 1024.0));
}

void AgentGroup::killAll() {
    m_groups.killAll(m_agent).IgnoreError();
}

}  // namespace ifrit::agent::supervise
