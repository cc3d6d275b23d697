// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

#include "master/services/fleet.h"
#include "master/services/pace_rule.h"

namespace ifrit::master::services {

/// The interval between a machine's polls that this master gives now, by pace_rule.h. Each of
/// several masters goes by its own load. Any thread reads it; one looks.
class PollPace {
public:
    explicit PollPace(const PaceLimits& limits);

    std::chrono::milliseconds current() const { return m_current; }
    std::chrono::milliseconds base() const { return m_limits.base; }
    /// Before the first look, of a master that begins: what its machines were given last, so that
    /// they are not told to come back all at the old interval.
    void goOnFrom(std::chrono::milliseconds interval);
    /// Called often; looks once a second. `processor`: all time that this process took so far.
    void look(base::SteadyTime now, std::chrono::nanoseconds processor, const Fleet& fleet);

private:
    struct Seen {
        base::SteadyTime at{};
        std::chrono::nanoseconds processor{0};
        std::uint64_t polls = 0;
    };

    /// The log, of an interval that has grown, or is as it was.
    void tell(std::uint64_t machines, bool grows);

    const PaceLimits m_limits;
    // Of the looking thread.
    PaceState m_state;
    std::optional<Seen> m_before;
    bool m_isTold = false;
    std::atomic<std::chrono::milliseconds> m_current;
};

}  // namespace ifrit::master::services
