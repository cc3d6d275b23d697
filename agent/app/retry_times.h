// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "agent/journal/journal_state.h"
#include "shared/base/clock.h"

namespace ifrit::agent::app {

/// Retry times of the journal are of the wall clock, which may be set back by months while a
/// machine waits. This keeps how long is left of each, by the steady clock, from when it was first
/// seen; and none is longer than what is ever waited after such a failure. One thread.
class RetryTimes {
public:
    explicit RetryTimes(const base::Clock& clock) : m_clock(clock) {}

    /// Moves `record.attempts->nextRetry` to where it is by the clock of now.
    void adjust(const std::string& agent, journal::AgentRecord& record);

private:
    struct Seen {
        base::WallTime nextRetry{};
        base::SteadyTime due{};
    };

    const base::Clock& m_clock;
    std::map<std::string, Seen> m_seen;  ///< by agent
};

}  // namespace ifrit::agent::app
