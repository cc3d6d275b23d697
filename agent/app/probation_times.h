// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "agent/reconcile/agent_facts.h"
#include "shared/base/clock.h"

namespace ifrit::agent::app {

/// The journal's end of a probation is of the wall clock, and is written before it is known when
/// the program starts. This keeps when it is over by the steady clock, from when the version was
/// first seen to run in this life of ours: a clock that is set neither fails a version nor passes
/// it unproved, and a restart of the machine leaves it the time for a verdict. One thread.
class ProbationTimes {
public:
    explicit ProbationTimes(const base::Clock& clock) : m_clock(clock) {}

    /// Sets `facts.probationEnds` of a version that runs in its probation and can be
    /// asked: time in which it cannot be is no time of its own; and `facts.unjudgedEnds` of one
    /// that is to run, which bounds that. Needs process, probation and probeSpan.
    void adjust(reconcile::AgentFacts& facts);

private:
    void adjustLimit(reconcile::AgentFacts& facts);

    struct Begun {
        std::string position;
        std::string digest;
        base::WallTime started{};  ///< of the step
        base::SteadyTime limit{};
    };
    struct Seen {
        std::string digest;
        base::WallTime started{};  ///< of the step: another attempt is another probation
        base::SteadyTime ends{};
    };

    const base::Clock& m_clock;
    std::map<std::string, Seen> m_seen;    ///< by agent
    std::map<std::string, Begun> m_begun;  ///< by agent
};

}  // namespace ifrit::agent::app
