// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "agent/supervise/account_finder.h"
#include "agent/supervise/account_look_up.h"
#include "agent/supervise/agent_group.h"
#include "agent/supervise/agent_snapshot.h"
#include "agent/supervise/health_tracker.h"
#include "agent/supervise/output_rotation.h"
#include "agent/supervise/probe_runner.h"
#include "agent/supervise/stray_hunt.h"
#include "agent/supervise/supervisor.h"
#include "agent/supervise/usage_watch.h"

namespace ifrit::agent::supervise {

/// What of a probe is to come back.
enum class ProbeNews {
    Result,
    BeginAndResult,
};

/// What an AgentRun gets from its Supervisor.
struct AgentRunContext {
    SupervisorParts& parts;
    const SupervisorOptions& options;
    /// Sends a probe whose result comes back to probed() with this run number, and maybe its begin
    /// to probeBegun() before that.
    std::function<void(std::uint64_t run, ProbeRequest request, ProbeNews news)> probe;
    std::function<void(domain::MachineEvent)> emit;
    /// Looks for the spec's user; what comes of it comes back to accountFound() with this number.
    std::function<void(std::uint64_t run, const RunSpec& spec)> findAccount;
    std::function<std::uint64_t()> nextRun;
    /// The machine's sessions, listed once for all agents of one step().
    std::function<const platform::SessionList&()> sessions;
};

/// The life of one managed agent: its process, health, restarts and end. Not thread-safe: the
/// Supervisor calls it under its lock. Nothing here waits but program starts and journal writes.
class AgentRun {
public:
    AgentRun(RunSpec spec, AgentRunContext context);

    /// `account` of the spec's user; nullopt where it has none.
    void start(std::optional<AccountFinder::Found> account);
    absl::Status adopt(const platform::ProcessId& process);
    void stop();
    /// Ends what runs of an agent whose process nobody knows, in the way of a stop().
    void stopStrays();

    void exited(const platform::ExitStatus& status);
    void accountFound(std::uint64_t run, const AccountFinder::Found& found);
    void probeBegun(std::uint64_t run);
    void probed(std::uint64_t run, const ProbeResult& result);
    /// Does what is due and returns when the next thing is.
    base::SteadyTime step();

    const platform::ProcessId& process() const { return m_process; }
    Phase phase() const { return m_phase; }
    AgentSnapshot snapshot() const;

private:
    void launch();
    /// The account of the spec's user is known, or there is none to know; else it is looked for.
    bool hasAccount();
    void startLater(const absl::Status& why);
    absl::StatusOr<platform::ProcessId> tryLaunch();
    absl::StatusOr<platform::ProcessId> launchAs(const platform::LaunchSpec& launch);
    platform::LaunchSpec launchSpec();
    StrayHunt::Found clearStrays();
    /// At the end of the process, and before those of its session end: after that nobody can tell
    /// whose their children are.
    void rememberFamily();
    void finishStop();
    void running(const platform::ProcessId& process, std::chrono::nanoseconds age);
    void crashed(const std::string& why);
    void beginStop(RunEnd end, const std::string& reason);
    void kill();
    void sample();
    void capLog();
    void judge();
    ProbeRequest probeRequest() const;
    void sendProbe();
    void enter(Phase phase);
    void event(const std::string& kind, const std::string& message);
    void tell(const std::optional<AgentGroup::Note>& note);
    void takeAway(const std::string& violation);
    void told(const std::string& why);
    base::SteadyTime nextDue() const;
    base::SteadyTime steadyNow() const { return m_context.parts.clock.steadyNow(); }

    const RunSpec m_spec;
    AgentRunContext m_context;
    const platform::LaunchSpec::ProgramCheck m_checkProbe;
    const std::shared_ptr<AccountLookUp> m_lookUp;  ///< for probes; none without a user
    RestartHistory m_history;
    base::Backoff m_wants;     ///< between starts that this machine had no room for
    bool m_isWanting = false;  ///< and so it was with the last one
    AgentGroup m_group;
    UsageWatch m_usage;
    StrayHunt m_strays;
    std::optional<HealthTracker> m_health;
    std::optional<platform::Account> m_account;
    /// What came of looking for the account, for the next start alone: it may be another by then.
    std::optional<AccountFinder::Found> m_found;
    std::uint64_t m_search = 0;  ///< that is on; 0: none
    OutputBegin m_outputBegin;

    platform::ProcessId m_process;
    std::uint64_t m_run = 0;
    bool m_wanted = true;
    bool m_isUnasked = false;       ///< for want of descriptors, the last time
    bool m_isProbeRefused = false;  ///< its program was not the signed one, the last time
    bool m_isUncapped = false;      ///< its log was over its cap and not kept, the last time
    bool m_recorded = true;         ///< the journal knows m_process
    /// Adopted so young that the earlier ifrit-agent may have died before it let the program begin:
    /// an end until then says nothing about the program.
    std::optional<base::SteadyTime> m_unseenUntil;
    std::string m_stopReason;             ///< why we ended it, when stop() was not asked for
    RunEnd m_stopEnd = RunEnd::ByItself;  ///< ByItself: we did not, or stop() was asked for
    std::string m_lastWords;              ///< of the event when stop() was
    std::optional<base::SteadyTime> m_startAt;
    std::optional<base::SteadyTime> m_sampleAt;
    std::optional<base::SteadyTime> m_killAt;
    std::optional<base::SteadyTime> m_lookAt;     ///< after strays, in Stopping
    std::optional<base::SteadyTime> m_goodSince;  ///< healthy but for the crash loop

    Phase m_phase = Phase::Stopped;
    Health m_lastHealth = Health::Unknown;
    AgentSnapshot m_snapshot;
};

}  // namespace ifrit::agent::supervise
