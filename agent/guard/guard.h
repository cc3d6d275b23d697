// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "agent/guard/child_reaper.h"
#include "agent/guard/guard_options.h"
#include "agent/guard/hang_watch.h"
#include "agent/guard/slots.h"
#include "agent/guard/trial_watch.h"
#include "agent/platform/exit_watcher.h"
#include "agent/platform/process_launcher.h"
#include "agent/platform/process_table.h"
#include "agent/platform/signaller.h"
#include "shared/base/backoff.h"
#include "shared/base/clock.h"
#include "shared/base/service_notifier.h"

namespace ifrit::agent::guard {

/// What a Guard uses; all must outlive it.
struct GuardParts {
    const base::Clock& clock;
    base::UniformRandom random;
    platform::ProcessLauncher& launcher;
    const platform::ProcessTable& processes;
    platform::Signaller& signaller;
    platform::ExitWatcher& exits;
    platform::Directories& directories;
    base::ServiceNotifier notifier;
    std::optional<std::chrono::milliseconds> watchdog;
    std::map<std::string, std::string> environment;  ///< of ifrit-agent, whole
    std::function<void(const std::string&)> log;     ///< one line, without its end
    /// Makes this process the guard of the confirmed version, if that is another one; returns only
    /// when it is not. Called when nothing is under way. May be empty.
    std::function<void()> succeed{};
    /// Called once, when this guard has been at work for Succession::kStands. May be empty.
    std::function<void()> stands{};
};

/// What signal handlers ask of the guard's loop. They set a member and wake the exit watcher.
struct GuardRequests {
    std::atomic<bool> stop{false};
    std::atomic<bool> hangup{false};
    std::atomic<bool> handOver{false};  ///< end and leave ifrit-agent to the next guard
};

/// Keeps one ifrit-agent running and judges its trials. One thread, no locks: run() does all.
class Guard {
public:
    Guard(GuardOptions options, GuardParts parts, GuardRequests& requests);

    /// Until a stop is asked for and ifrit-agent has ended, or until another guard takes over. An
    /// ifrit-agent that a killed guard left running is adopted.
    void run();

private:
    void adopt();
    bool adoptedLate();
    bool isCurrent(const platform::ProcessId& process) const;
    void start();
    void exited(const platform::ExitStatus& status);
    void heedRequests();
    void beginStop();
    void watchTrial();
    void endTrial(const TrialVerdict& verdict);
    void confirmTrial();
    void watchForHangs();
    void lookForHang();
    void feedWatchdog();
    void lookForTrial();
    void announceTrial();
    absl::StatusOr<platform::ProcessId> launch(const std::string& program);
    absl::Status noRoom(const absl::Status& want);
    void notStarted(const absl::Status& status);
    void sayWhenItStands();
    std::chrono::milliseconds untilNextDue() const;

    const GuardOptions m_options;
    GuardParts m_parts;
    GuardRequests& m_requests;
    Slots m_slots;
    base::Backoff m_backoff;

    std::optional<platform::ProcessId> m_agent;
    ChildReaper m_strangers;
    base::SteadyTime m_started{};
    std::optional<base::SteadyTime> m_startAt;
    bool m_isToAdopt = false;  ///< an ifrit-agent runs, and there was no descriptor to watch it
    std::optional<base::SteadyTime> m_killAt;
    std::optional<base::SteadyTime> m_watchdogAt;
    std::optional<base::SteadyTime> m_standsAt;
    bool m_stopping = false;

    HangWatch m_hangs;
    std::optional<base::SteadyTime> m_lookAt;  ///< for a hang
    TrialWatch m_trials;
    std::optional<base::SteadyTime> m_verdictAt;  ///< after one that could not be carried out
};

}  // namespace ifrit::agent::guard
