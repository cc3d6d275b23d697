// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <list>
#include <stop_token>
#include <thread>

#include "agent/platform/command_runner.h"
#include "agent/supervise/probe_queue.h"
#include "agent/supervise/probe_runner.h"
#include "shared/base/steady_cond_var.h"

namespace ifrit::agent::supervise {

/// Runs probes on threads of its own ("probe"): `kept` while probes are prompt, and one more for
/// each that hangs while others wait, up to `most`. So the hanging of one agent delays the probe of
/// another by at most ProbeQueue::kPrompt; beyond `most`, agents that hang wait for each other.
/// Thread-safe. Destruction ends the running probes, and says of them and of the waiting ones that
/// they were not asked.
class ThreadedProbeRunner final : public ProbeRunner {
public:
    struct Threads {
        std::size_t kept = 2;   ///< at least 2: one probes, and one sees that it hangs
        std::size_t most = 32;  ///< at least `kept`
    };

    ThreadedProbeRunner(platform::CommandRunner& commands, const base::Clock& clock)
        : ThreadedProbeRunner(commands, clock, Threads()) {}
    ThreadedProbeRunner(platform::CommandRunner& commands, const base::Clock& clock,
                        const Threads& threads);
    ~ThreadedProbeRunner() override;

    void run(ProbeRequest request, Callback done) override ABSL_LOCKS_EXCLUDED(m_mutex);

    /// For tests and for the memory that they cost.
    std::size_t threads() const ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    void work() ABSL_LOCKS_EXCLUDED(m_mutex);
    std::optional<ProbeJob> nextJob() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    void waitForWork() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    bool isSpare() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    void addThread() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    void retire() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);

    platform::CommandRunner& m_commands;
    const base::Clock& m_clock;
    const Threads m_limits;
    std::stop_source m_stop;  ///< of the probes that run
    mutable absl::Mutex m_mutex;
    base::SteadyCondVar m_changed;
    ProbeQueue m_queue ABSL_GUARDED_BY(m_mutex);
    bool m_stopping ABSL_GUARDED_BY(m_mutex) = false;
    std::size_t m_free ABSL_GUARDED_BY(m_mutex) = 0;  ///< threads that run no probe
    std::list<std::thread> m_threads ABSL_GUARDED_BY(m_mutex);
    std::list<std::thread> m_retired ABSL_GUARDED_BY(m_mutex);  ///< about to end
};

}  // namespace ifrit::agent::supervise
