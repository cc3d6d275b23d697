// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "agent/supervise/probe_runner.h"
#include "shared/base/clock.h"

namespace ifrit::agent::supervise {

/// One probe on its way to a thread.
struct ProbeJob {
    ProbeRequest request;
    ProbeRunner::Callback done;
};

/// Which of the waiting probes runs next, so that an agent that hangs delays no other: of one agent
/// one at a time, oldest first, and those that are known to hang never on the last thread.
/// Pure: the caller brings the time. Not thread-safe. O(waiting probes).
class ProbeQueue {
public:
    static constexpr std::size_t kMostWaiting = 1024;
    /// What ran longer than this counts as hanging until a probe of the agent is quicker again.
    static constexpr std::chrono::milliseconds kPrompt{100};

    /// For whom a thread is free.
    enum class Open {
        Everybody,
        Prompt,  ///< it is the last: only for agents that answered quickly the last time
    };

    /// What is not going to be run: the earlier probe of the same agent, when it still waits (the
    /// agent was started again since), or `job` when too many wait.
    std::optional<ProbeJob> add(ProbeJob job, base::SteadyTime now);
    /// Since when the oldest that may run waits; nullopt when none may.
    std::optional<base::SteadyTime> waitingSince(Open open) const;
    /// The oldest that may run. It runs from now on until ended().
    std::optional<ProbeJob> take(Open open, base::SteadyTime now);
    void ended(const std::string& agent, base::SteadyTime now);
    /// All that wait, none of which is to be run.
    std::deque<ProbeJob> clear();

private:
    struct Waiting {
        ProbeJob job;
        base::SteadyTime since;
    };
    bool mayRun(const std::string& agent, Open open) const;

    std::deque<Waiting> m_waiting;
    std::map<std::string, base::SteadyTime> m_running;  ///< since when
    std::set<std::string> m_hanging;                    ///< at their last probe
};

}  // namespace ifrit::agent::supervise
