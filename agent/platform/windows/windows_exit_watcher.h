// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <map>
#include <memory>

#include "agent/platform/exit_watcher.h"
#include "agent/platform/windows/unique_handle.h"

namespace ifrit::agent::platform {

/// Waits that the system's thread pool keeps, however many there are; each sets an event at its
/// process's end. While a process is watched and not released, its pid is not given to another and
/// its session job can be found.
class WindowsExitWatcher final : public ExitWatcher {
public:
    static absl::StatusOr<std::unique_ptr<WindowsExitWatcher>> create();
    ~WindowsExitWatcher() override;

    absl::Status watch(const ProcessId& process) override ABSL_LOCKS_EXCLUDED(m_mutex);
    void forget(const ProcessId& process) override ABSL_LOCKS_EXCLUDED(m_mutex);
    std::vector<ExitNotice> wait(std::chrono::milliseconds timeout) override
        ABSL_LOCKS_EXCLUDED(m_mutex);
    void release(const ProcessId& process) override { forget(process); }
    void wake() override;

private:
    struct Entry {
        ProcessId process;
        UniqueHandle handle;
        UniqueHandle session;  ///< keeps the job's name
        HANDLE registered = nullptr;
        bool reported = false;
    };
    explicit WindowsExitWatcher(UniqueHandle wakeup) : m_wakeup(std::move(wakeup)) {}

    const UniqueHandle m_wakeup;  ///< reset by itself when a wait ends with it
    absl::Mutex m_mutex;
    std::map<std::int32_t, Entry> m_entries ABSL_GUARDED_BY(m_mutex);  ///< by pid
};

}  // namespace ifrit::agent::platform
