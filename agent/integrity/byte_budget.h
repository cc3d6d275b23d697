// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "shared/base/clock.h"

namespace ifrit::agent::integrity {

/// A token bucket: so many bytes a second on average, a twentieth of a second's worth at once.
/// One thread.
class ByteBudget {
public:
    /// 0 bytes a second: no limit.
    ByteBudget(const base::Clock& clock, std::uint64_t bytesPerSecond)
        : m_clock(clock), m_bytesPerSecond(bytesPerSecond), m_paidUntil(clock.steadyNow()) {}

    /// Spends `bytes` and says how long to wait before the next call; zero: not at all.
    std::chrono::nanoseconds spend(std::uint64_t bytes);

private:
    const base::Clock& m_clock;
    const std::uint64_t m_bytesPerSecond;
    base::SteadyTime m_paidUntil;
};

}  // namespace ifrit::agent::integrity
