// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/platform/process_table.h"
#include "agent/platform/signaller.h"
#include "agent/supervise/agent_group.h"
#include "shared/base/clock.h"

namespace ifrit::agent::supervise {

/// Ends whatever runs of an agent though nobody owns it any more: all that carries its marker, what
/// is in a session that one of these leads or led when it was looked at, what is in its group, and
/// those that somebody saw below it. (A subreaper above all agents would keep orphans from init,
/// and not tell whose they are; one for each agent would be a process more for each, which outlives
/// us.)
///
/// Anybody can start a program with an environment of his choice. So what carries the marker counts
/// where its user is ours, the agent's or that of the process that we know, or where it is in the
/// session of that process, which nobody joins; of others it is killed, and nothing waits for it:
/// else any user could keep any agent from its start. And what runs for another machine is left
/// alone: the host's ifrit sees what the one in a container started. Not thread-safe.
class StrayHunt {
public:
    struct Found {
        /// Something is still there, or nobody could look.
        bool any = false;
        /// Of those that nobody was told of before: "stray-stopped" and "stray-killed".
        std::vector<AgentGroup::Note> notes;
        /// An exhaustion when not all could be looked at or signalled.
        absl::Status want;
    };

    /// `marker`: the value of kMarker. `machine`: of kMachineMarker; empty: it is not looked at.
    StrayHunt(const platform::ProcessTable& processes, platform::Signaller& signaller,
              AgentGroup& group, std::string marker, std::string machine)
        : m_processes(processes),
          m_signaller(signaller),
          m_group(group),
          m_marker(std::move(marker)),
          m_machine(std::move(machine)) {}

    /// The agent's user, who may own what is left of it. Until one is known of an agent that has
    /// one, all may.
    void setUser(std::uint32_t user) { m_user = user; }
    void expectUser() { m_hasUser = true; }

    /// Of the marker, as far as they can be looked at now.
    std::vector<platform::ProcessId> carriers();
    /// Members of the family of `leader`, which is about to end or just ended. Those in its session
    /// end with that; the others may carry nothing that they could be known by then.
    void remember(const platform::ProcessId& leader,
                  const std::vector<platform::ProcessId>& family);
    /// Until then they are asked by `signal`, once each, and not killed.
    void askFirst(platform::Signal signal, base::SteadyTime until);
    /// Sends SIGKILL, or what askFirst() said.
    Found look(base::SteadyTime now);
    /// In 100 ms to 30 s: one that hangs in the kernel may do so for ever, and each look goes
    /// through all processes of the machine. Not later than the end of what askFirst() gave.
    base::SteadyTime nextLook(base::SteadyTime now) const;

private:
    using Processes = std::vector<platform::ProcessId>;
    enum class Whose { Ours, Strangers, AnotherMachines };
    struct Carriers {
        Processes ours;
        Processes strangers;
    };

    absl::StatusOr<Whose> whose(const platform::ProcessId& process);
    absl::StatusOr<std::optional<std::uint32_t>> ownUser();
    absl::StatusOr<Carriers> findCarriers();
    absl::StatusOr<Processes> everybody(const Processes& carriers) const;
    void killStrangers(const Processes& strangers, base::SteadyTime now, Found& found);
    void ask(const Processes& strays, Found& found);
    void kill(const Processes& strays, Found& found);

    const platform::ProcessTable& m_processes;
    platform::Signaller& m_signaller;
    AgentGroup& m_group;
    const std::string m_marker;
    const std::string m_machine;
    bool m_hasUser = false;
    std::optional<std::uint32_t> m_user;
    std::optional<std::uint32_t> m_ownUser;
    platform::ProcessId m_leader;  ///< of the run that ended last
    /// When strangers are told of again.
    base::SteadyTime m_tellStrangers = base::SteadyTime::min();
    platform::Signal m_signal = platform::Signal::Kill;
    base::SteadyTime m_graceEnd = base::SteadyTime::min();
    bool m_isAsking = false;  ///< there was no look after m_graceEnd
    Processes m_family;       ///< that was remembered, outside the session
    Processes m_asked;        ///< of those that were there at the last look
    Processes m_killed;
    std::uint32_t m_looks = 0;  ///< in a row that found something; since the first SIGKILL
};

}  // namespace ifrit::agent::supervise
