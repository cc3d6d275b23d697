// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "agent/platform/process_table.h"
#include "agent/platform/resource_groups.h"
#include "shared/base/clock.h"
#include "shared/domain/machine.h"
#include "shared/domain/manifest.h"

namespace ifrit::agent::supervise {

/// Turns readings of one process tree into samples, and says when they are over the limits.
/// Pure: the caller brings time and readings. Not thread-safe.
class ResourceGuard {
public:
    explicit ResourceGuard(const domain::Limits& limits) : m_limits(limits) {}

    /// A new process begins. What the system holds is not watched: a program at its limit is then
    /// one that is held there, and a reading a little over it is no offence.
    void begin(const platform::HeldLimits& held);
    /// A sentence when a limit is broken: memory and processes at once, CPU when the mean of two
    /// intervals in a row was over, because a burst is no fault.
    std::optional<std::string> sample(const platform::TreeUsage& usage, base::SteadyTime now);
    /// CPU is 0 until the second reading.
    const domain::ResourceSample& latest() const { return m_latest; }

private:
    const domain::Limits m_limits;
    platform::HeldLimits m_held;
    domain::ResourceSample m_latest;
    std::optional<base::SteadyTime> m_sampled;
    std::chrono::nanoseconds m_cpuTime{0};
    std::uint32_t m_cpuOver = 0;
};

}  // namespace ifrit::agent::supervise
