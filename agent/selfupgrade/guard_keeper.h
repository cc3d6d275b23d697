// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <optional>
#include <string>
#include <thread>

#include "agent/guard/guard_record.h"
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
/// not come up.
class GuardKeeper {
public:
    struct Parts {
        std::string root;
        const base::Clock& clock;
        const platform::ProcessTable& processes;
        platform::ProcessLauncher& launcher;
        platform::Signaller& signaller;
        platform::ProcessId self;
    };

    explicit GuardKeeper(Parts parts);
    ~GuardKeeper();
    GuardKeeper(const GuardKeeper&) = delete;
    GuardKeeper& operator=(const GuardKeeper&) = delete;

private:
    void run();
    bool isStopping() ABSL_LOCKS_EXCLUDED(m_mutex);
    void look();
    void startAgain(const guard::GuardRecord& record);
    void endIfStuck(const guard::GuardRecord& record);
    void reap();

    const Parts m_parts;
    std::optional<base::SteadyTime> m_missingSince;
    int m_missedLooks = 0;
    std::int32_t m_child = 0;
    absl::Mutex m_mutex;
    bool m_stopping ABSL_GUARDED_BY(m_mutex) = false;
    std::thread m_thread;
};

}  // namespace ifrit::agent::selfupgrade
