// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/journal/event_queue.h"
#include "agent/platform/exit_watcher.h"
#include "agent/platform/process_launcher.h"
#include "agent/platform/process_table.h"
#include "agent/platform/resource_groups.h"
#include "agent/platform/signaller.h"
#include "agent/platform/user_directory.h"
#include "agent/supervise/account_finder.h"
#include "agent/supervise/agent_snapshot.h"
#include "agent/supervise/probe_runner.h"
#include "agent/supervise/process_record.h"
#include "agent/supervise/restart_policy.h"
#include "agent/supervise/run_spec.h"
#include "shared/base/backoff.h"
#include "shared/base/clock.h"
#include "shared/base/steady_cond_var.h"

namespace ifrit::agent::supervise {

class AgentRun;
enum class ProbeNews;

/// What a Supervisor uses; all must outlive it. Destroy the probe runner and the account finder
/// after the Supervisor.
struct SupervisorParts {
    const base::Clock& clock;
    base::UniformRandom random;  ///< for the back-off's jitter; called under the lock
    platform::ProcessLauncher& launcher;
    const platform::ProcessTable& processes;
    platform::Signaller& signaller;
    platform::ExitWatcher& exits;
    const platform::UserDirectory& users;
    ProbeRunner& probes;
    ProcessRecord& record;
    platform::ResourceGroups& groups;
    AccountFinder& accounts;
};

struct SupervisorOptions {
    RestartPolicy restart;
    std::chrono::milliseconds sampleInterval{
        10'000};  ///< CPU, RSS, limits, process state, log size; over 0
    /// Of this ifrit-agent, e.g. its state directory. Every managed agent gets the environment
    /// variable IFRIT_SUPERVISED="<instance>:<agent>"; before a start of an agent, and before it
    /// counts as stopped, whatever runs with the same value and is unknown (a lost journal) is
    /// killed.
    std::string instance;
    /// The machine's uuid. What runs with another one is another machine's, whatever its paths.
    std::string machine{};
    /// Shifts what comes in a rhythm against other machines: those in one host have one clock.
    std::chrono::milliseconds phase{0};
};

/// Keeps managed agents running, each in a session of its own so that they outlive us.
///
/// Thread-safe: every call may come from any thread and blocks at most for a program start or a
/// journal write, never for a grace period or a probe; start() blocks for who answers for users as
/// well, and holds up nobody else meanwhile. Somebody must drive it: SupervisorThread,
/// or a test that calls step(). Destruction leaves the managed agents running.
class Supervisor {
public:
    Supervisor(SupervisorParts parts, SupervisorOptions options);
    ~Supervisor();

    /// Starts the agent now and keeps it running until stop(). Problems of the launch itself
    /// (program missing...) are not returned: they count as crashes and show in the snapshot.
    /// INVALID_ARGUMENT for a spec that can never run, FAILED_PRECONDITION ALREADY_SUPERVISED
    /// unless the agent is unknown or Stopped.
    absl::Status start(const RunSpec& spec) ABSL_LOCKS_EXCLUDED(m_mutex);
    /// As start(), for a process that a former ifrit-agent started with this spec.
    /// NOT_FOUND PROCESS_GONE when it is not alive any more: call start() then.
    absl::Status adopt(const RunSpec& spec, const platform::ProcessId& process)
        ABSL_LOCKS_EXCLUDED(m_mutex);
    /// Begins to stop: the stop signal, and SIGKILL for the whole session after the grace. Ends in
    /// phase Stopped. Idempotent; NOT_FOUND NOT_SUPERVISED for an unknown agent.
    absl::Status stop(const std::string& agent) ABSL_LOCKS_EXCLUDED(m_mutex);
    /// As stop(), for an agent that is unknown or Stopped, after a restart that is: ends whatever
    /// runs with its marker and stands in no journal, also where the spec can never run.
    /// FAILED_PRECONDITION ALREADY_SUPERVISED otherwise.
    absl::Status stopStrays(const RunSpec& spec) ABSL_LOCKS_EXCLUDED(m_mutex);
    /// Forgets a Stopped agent; OK for an unknown one, FAILED_PRECONDITION
    /// STILL_SUPERVISED in any other phase.
    absl::Status forget(const std::string& agent) ABSL_LOCKS_EXCLUDED(m_mutex);

    std::optional<AgentSnapshot> snapshot(const std::string& agent) const
        ABSL_LOCKS_EXCLUDED(m_mutex);
    /// Blocks until the agent is Stopped or unknown; false when the time is over. Needs another
    /// thread to drive the Supervisor.
    bool waitStopped(const std::string& agent, std::chrono::milliseconds timeout) const
        ABSL_LOCKS_EXCLUDED(m_mutex);

    /// What happened since the last call; at most 256 are kept. Kinds: started,
    /// adopted, stopped, crashed, killed (a limit), throttled, tasks-refused, limits-watched,
    /// crash-loop, unhealthy, healthy, start-failed, start-waits, not-probed, probe-refused,
    /// stray-stopped, stray-killed, record-failed.
    journal::EventBatch takeEvents() ABSL_LOCKS_EXCLUDED(m_mutex);
    /// Called after each step() that made an event (every change of phase or health makes one): on
    /// the thread that called step(), without locks held, so it may call the Supervisor. Set before
    /// driving starts.
    void setChangeListener(std::function<void()> listener) ABSL_LOCKS_EXCLUDED(m_mutex);

    /// Does everything that is due, waiting for exits at most `wait`. Returns when the next timed
    /// thing is due. One thread at a time.
    base::SteadyTime step(std::chrono::milliseconds wait) ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    struct Inbox;

    std::unique_ptr<AgentRun> makeRun(const RunSpec& spec) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    void sendProbe(std::uint64_t run, ProbeRequest request, ProbeNews news);
    void addEvent(domain::MachineEvent event) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    void findAccount(std::uint64_t run, const RunSpec& spec);
    absl::Status checkFree(const RunSpec& spec) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    void exited(const platform::ExitNotice& notice) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);

    SupervisorParts m_parts;
    const SupervisorOptions m_options;
    mutable absl::Mutex m_mutex;
    mutable base::SteadyCondVar m_changed;  ///< some agent may have become Stopped
    std::map<std::string, std::unique_ptr<AgentRun>> m_runs ABSL_GUARDED_BY(m_mutex);
    journal::EventQueue m_events ABSL_GUARDED_BY(m_mutex);
    std::uint64_t m_changes ABSL_GUARDED_BY(m_mutex) = 0;  ///< events ever made
    std::function<void()> m_listener ABSL_GUARDED_BY(m_mutex);
    /// Of the step that is going on, if it asked for it.
    std::optional<platform::SessionList> m_sessions ABSL_GUARDED_BY(m_mutex);
    const std::shared_ptr<Inbox> m_inbox;
};

}  // namespace ifrit::agent::supervise
