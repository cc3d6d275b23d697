// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <deque>
#include <thread>
#include <vector>

#include "agent/platform/command_runner.h"
#include "agent/supervise/probe_runner.h"

namespace ifrit::agent::supervise {

/// Runs probes on a fixed number of threads ("probe"), oldest first. Thread-safe. Destruction
/// fails the waiting probes and waits for the running ones (at most their timeout).
class ThreadedProbeRunner final : public ProbeRunner {
public:
    static constexpr std::size_t kMaxWaiting = 1024;

    explicit ThreadedProbeRunner(platform::CommandRunner& commands, std::size_t threads = 4);
    ~ThreadedProbeRunner() override;

    void run(ProbeRequest request, Callback done) override ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    struct Job {
        ProbeRequest request;
        Callback done;
    };
    void work() ABSL_LOCKS_EXCLUDED(m_mutex);

    platform::CommandRunner& m_commands;
    absl::Mutex m_mutex;
    absl::CondVar m_changed;
    std::deque<Job> m_waiting ABSL_GUARDED_BY(m_mutex);
    bool m_stopping ABSL_GUARDED_BY(m_mutex) = false;
    std::vector<std::thread> m_threads;  ///< changed only by constructor and destructor
};

}  // namespace ifrit::agent::supervise
