// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "agent/reconcile/agent_facts.h"
#include "agent/reconcile/retry_policy.h"
#include "shared/base/clock.h"

namespace ifrit::agent::app {

/// How long each agent waits until its permit is asked for again. Kept in memory: a wait that is
/// like the one before need not go to the disk. One thread.
class PermitWaits {
public:
    PermitWaits(const base::Clock& clock, reconcile::RetryPolicy retry)
        : m_clock(clock), m_retry(retry) {}

    struct Asked {
        std::string digest;  ///< of what was to be installed, empty for an uninstall
        std::string releaseId;
        domain::AgentError error;
        /// By a master, not sooner; zero: nothing was told.
        std::chrono::milliseconds told{0};
        std::string why;  ///< the master's reason, a name: RELEASE_HALTED
    };
    /// After an answer that was no permit. `random` is in [0, 1). How long to wait now: where none
    /// answered, ever longer up to a minute; where a master told a time, see permitPause().
    std::chrono::milliseconds waited(const std::string& agent, const Asked& asked, double random);
    /// Of the answers in a row for the same reason, `asked` being the next, which it is; for the
    /// log.
    std::uint32_t inARow(const std::string& agent, const Asked& asked) const;
    /// After a switch, and after a failure of another kind.
    void forget(const std::string& agent) { m_waits.erase(agent); }
    /// Puts the wait for what is desired, if there is one, over what the journal knows.
    void adjust(reconcile::AgentFacts& facts) const;

private:
    struct Wait {
        std::string digest;
        std::string releaseId;
        domain::AgentError error;
        std::uint32_t unanswered = 0;  ///< in a row
        std::string why;
        std::uint32_t inARow = 0;                  ///< for the same reason
        std::chrono::milliseconds longestTold{0};  ///< of these
        base::WallTime until{};
        base::SteadyTime steadyUntil{};
    };

    const base::Clock& m_clock;
    const reconcile::RetryPolicy m_retry;
    std::map<std::string, Wait> m_waits;  ///< by agent
};

}  // namespace ifrit::agent::app
