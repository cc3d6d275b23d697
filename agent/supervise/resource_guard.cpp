// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/resource_guard.h"

#include <fmt/format.h>

#include <algorithm>

namespace ifrit::agent::supervise {
namespace {

constexpr std::uint32_t kCpuIntervals = 2;

double mebibytes(std::uint64_t bytes) {
    return static_cast<double>(bytes) / (1024.0 * 1024.0);
}

}  // namespace

void ResourceGuard::begin(const platform::HeldLimits& held) {
    m_held = held;
    m_latest = {};
    m_sampled.reset();
    m_cpuTime = {};
    m_cpuOver = 0;
}

std::optional<std::string> ResourceGuard::sample(const platform::TreeUsage& usage,
                                                 base::SteadyTime now) {
    m_latest.rssBytes = usage.rssBytes;
    if (m_sampled && now > *m_sampled) {
        // Who counts may change (the system's group or the sum over the family).
        const auto used = std::max(std::chrono::nanoseconds(0), usage.cpuTime - m_cpuTime);
        const std::chrono::nanoseconds elapsed = now - *m_sampled;
        m_latest.cpuPercent =
            100.0 * static_cast<double>(used.count()) / static_cast<double>(elapsed.count());
        const bool over =
            m_limits.cpuPercent != 0 && !m_held.cpu && m_latest.cpuPercent > m_limits.cpuPercent;
        m_cpuOver = over ? m_cpuOver + 1 : 0;
    }
    m_sampled = now;
    m_cpuTime = usage.cpuTime;
    if (m_limits.memoryBytes != 0 && !m_held.memory && usage.rssBytes > m_limits.memoryBytes) {
        return fmt::format("it uses {:.1f} MiB of memory, its limit is {:.1f} MiB",
                           mebibytes(usage.rssBytes), mebibytes(m_limits.memoryBytes));
    }
    if (m_limits.pids != 0 && !m_held.tasks && usage.tasks > m_limits.pids) {
        return fmt::format("it has {} processes and threads, its limit is {}", usage.tasks,
                           m_limits.pids);
    }
    if (m_cpuOver >= kCpuIntervals) {
        return fmt::format("it uses {:.0f} % of a core, its limit is {} %", m_latest.cpuPercent,
                           m_limits.cpuPercent);
    }
    return std::nullopt;
}

}  // namespace ifrit::agent::supervise
