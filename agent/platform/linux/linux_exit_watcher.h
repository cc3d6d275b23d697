// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <memory>
#include <vector>

#include "agent/platform/exit_watcher.h"
#include "agent/platform/posix/unique_fd.h"
#include "agent/platform/process_table.h"

namespace ifrit::agent::platform {

/// poll(2) over pidfds. A process of which no handle is to be had (ENFILE) is looked at once a
/// second, until there is one. The table must outlive it.
class LinuxExitWatcher final : public ExitWatcher {
public:
    /// Fails when the kernel gives no eventfd or no pidfd.
    static absl::StatusOr<std::unique_ptr<LinuxExitWatcher>> create(const ProcessTable& processes);

    absl::Status watch(const ProcessId& process) override ABSL_LOCKS_EXCLUDED(m_mutex);
    void forget(const ProcessId& process) override ABSL_LOCKS_EXCLUDED(m_mutex);
    std::vector<ExitNotice> wait(std::chrono::milliseconds timeout) override
        ABSL_LOCKS_EXCLUDED(m_mutex);
    void release(const ProcessId& process) override ABSL_LOCKS_EXCLUDED(m_mutex);
    void wake() override;

private:
    struct Entry {
        ProcessId process;
        UniqueFd handle;        ///< invalid: none was to be had yet
        bool isChild = false;   ///< ours, so that its number is its own until release()
        bool reported = false;  ///< ended and not yet released
    };
    LinuxExitWatcher(const ProcessTable& processes, UniqueFd wakeup);
    std::vector<ProcessId> pollOnce(std::chrono::milliseconds timeout) ABSL_LOCKS_EXCLUDED(m_mutex);
    /// False also where nobody can look now. Takes the handle that there was none of before.
    bool hasEnded(Entry& entry) const;
    enum class Reap { No, Yes };
    /// How it ended, as far as anybody can tell.
    static ExitStatus statusOf(const Entry& entry, Reap reap);
    Entry* find(const ProcessId& process) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    void erase(const ProcessId& process) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);

    const ProcessTable& m_processes;
    const UniqueFd m_wakeup;
    absl::Mutex m_mutex;
    std::vector<Entry> m_entries ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::agent::platform
