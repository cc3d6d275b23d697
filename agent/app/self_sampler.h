// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/process_table.h"
#include "shared/base/clock.h"
#include "shared/domain/machine.h"

namespace ifrit::agent::app {

/// CPU and memory of this very process. One thread.
class SelfSampler {
public:
    SelfSampler(const platform::ProcessTable& processes, const base::Clock& clock);
    /// CPU is the mean since the last call that was at least a second ago.
    domain::ResourceSample sample();

private:
    const platform::ProcessTable& m_processes;
    const base::Clock& m_clock;
    platform::ProcessId m_self;
    base::SteadyTime m_at{};
    std::chrono::nanoseconds m_cpuTime{0};
    domain::ResourceSample m_last;
};

}  // namespace ifrit::agent::app
