// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "shared/base/clock.h"
#include "shared/base/status.h"

namespace ifrit::agent::package {

struct LeastRate {
    std::uint64_t bytesPerSecond = 2'048;
    std::chrono::milliseconds window{20'000};  ///< over which it is measured
};

/// Gives up a source that trickles. One thread, one transfer.
class RateWatch {
public:
    RateWatch(const base::Clock& clock, LeastRate least)
        : m_clock(clock), m_least(least), m_windowStart(clock.steadyNow()) {}

    /// UNAVAILABLE DOWNLOAD_TOO_SLOW when a window ends with less than was wanted. `held` is how
    /// long we kept the source waiting ourselves since the last call; it does not count against it.
    absl::Status received(std::size_t bytes, std::chrono::nanoseconds held);

private:
    const base::Clock& m_clock;
    const LeastRate m_least;
    base::SteadyTime m_windowStart;
    std::uint64_t m_inWindow = 0;
};

}  // namespace ifrit::agent::package
