// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <thread>

#include "agent/guard/guard_record.h"
#include "agent/platform/exit_watcher.h"
#include "agent/platform/process_launcher.h"
#include "agent/platform/process_table.h"
#include "agent/platform/signaller.h"
#include "shared/base/clock.h"

namespace ifrit::agent::selfupgrade {

/// True when a guard runs that started `self`, or has adopted it.
bool isGuarded(const std::string& root, const platform::ProcessTable& processes,
               const platform::ProcessId& self);

/// True when a guard started `self`, whether or not that guard still lives.
bool wasStartedByGuard(const std::string& root, const platform::ProcessId& self);

/// The thread "guard": starts ifrit-guard again when it died and nobody else does, as in a
/// container without an init. Init comes first: it is given time, and a guard that was started here
/// gives way to one of init's (guard/main.cpp). Ends a guard that took over from another and does
/// not come up. While guard runs the thread sleeps until guard's end, but for a look each 10 s; it
/// looks once a second while guard is missing or coming up.
class GuardKeeper {
public:
    struct Parts {
        std::string root;
        const base::Clock& clock;
        const platform::ProcessTable& processes;
        platform::ProcessLauncher& launcher;
        platform::Signaller& signaller;
        platform::ExitWatcher& exits;  ///< used by nobody else
        platform::ProcessId self;
    };

    explicit GuardKeeper(Parts parts);
    ~GuardKeeper();
    GuardKeeper(const GuardKeeper&) = delete;
    GuardKeeper& operator=(const GuardKeeper&) = delete;

private:
    void run();
    /// Returns how long nothing is to be done unless guard ends.
    std::chrono::milliseconds look();
    std::chrono::milliseconds missed(const guard::GuardRecord& record);
    void startAgain(const guard::GuardRecord& record);
    void endIfStuck(const guard::GuardRecord& record, base::SteadyTime pendingSince);
    /// False when guard's end will not be told.
    bool watch(const platform::ProcessId& guard);
    void reap();

    const Parts m_parts;
    std::optional<base::SteadyTime> m_missingSince;
    int m_missedLooks = 0;
    std::int32_t m_child = 0;
    std::optional<platform::ProcessId> m_watched;  ///< the guard whose end will be told
    std::atomic<bool> m_stopping{false};
    std::thread m_thread;
};

}  // namespace ifrit::agent::selfupgrade
