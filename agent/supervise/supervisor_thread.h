// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <thread>

#include "agent/supervise/supervisor.h"

namespace ifrit::agent::supervise {

/// The thread "supervise": drives a Supervisor until destroyed. The Supervisor and the exit
/// watcher, which must be the Supervisor's, outlive it.
class SupervisorThread {
public:
    SupervisorThread(Supervisor& supervisor, platform::ExitWatcher& exits,
                     const base::Clock& clock);
    ~SupervisorThread();
    SupervisorThread(const SupervisorThread&) = delete;
    SupervisorThread& operator=(const SupervisorThread&) = delete;

private:
    void run();

    Supervisor& m_supervisor;
    platform::ExitWatcher& m_exits;
    const base::Clock& m_clock;
    std::atomic<bool> m_stopping{false};
    std::thread m_thread;
};

}  // namespace ifrit::agent::supervise
