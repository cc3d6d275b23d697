// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <map>
#include <memory>

#include "agent/platform/exit_watcher.h"
#include "agent/platform/posix/unique_fd.h"
#include "agent/platform/process_table.h"

namespace ifrit::agent::platform {

/// kqueue(2) with EVFILT_PROC. The table must outlive it.
class MacExitWatcher final : public ExitWatcher {
public:
    static absl::StatusOr<std::unique_ptr<MacExitWatcher>> create(const ProcessTable& processes);

    absl::Status watch(const ProcessId& process) override ABSL_LOCKS_EXCLUDED(m_mutex);
    void forget(const ProcessId& process) override ABSL_LOCKS_EXCLUDED(m_mutex);
    std::vector<ExitNotice> wait(std::chrono::milliseconds timeout) override
        ABSL_LOCKS_EXCLUDED(m_mutex);
    void release(const ProcessId& process) override ABSL_LOCKS_EXCLUDED(m_mutex);
    void wake() override;

private:
    MacExitWatcher(const ProcessTable& processes, UniqueFd queue)
        : m_processes(processes), m_queue(std::move(queue)) {}

    const ProcessTable& m_processes;
    const UniqueFd m_queue;
    absl::Mutex m_mutex;
    std::map<std::int32_t, ProcessId> m_watched ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::agent::platform
