// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

#include "shared/base/backoff.h"
#include "shared/base/clock.h"

namespace ifrit::agent::supervise {

/// When a managed agent that ended is started again, and when it counts as crash-looping.
struct RestartPolicy {
    base::Backoff::Policy backoff{std::chrono::milliseconds(1'000),
                                  std::chrono::milliseconds(60'000),
                                  std::chrono::milliseconds(200)};
    std::uint32_t crashesForLoop = 3;
    std::chrono::milliseconds loopWindow{300'000};
    std::chrono::milliseconds stableAfter{60'000};  ///< healthy this long: all is forgiven
};

/// The memory of one agent's crashes. Pure: the caller brings the time. Not thread-safe.
class RestartHistory {
public:
    RestartHistory(RestartPolicy policy, base::UniformRandom random);

    /// An end that nobody asked for, or a start that failed; returns the delay before the next
    /// start.
    std::chrono::milliseconds crashed(base::SteadyTime now);
    /// The agent has been running and healthy without a break since `since`.
    void healthy(base::SteadyTime since, base::SteadyTime now);
    bool crashLooping() const { return m_looping; }
    std::uint32_t crashes() const { return m_crashes; }

private:
    RestartPolicy m_policy;
    base::Backoff m_backoff;
    std::deque<base::SteadyTime> m_recent;
    std::uint32_t m_crashes = 0;
    bool m_looping = false;
};

}  // namespace ifrit::agent::supervise
