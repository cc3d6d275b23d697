// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>

#include "agent/platform/posix/hanging_children.h"
#include "agent/platform/process_launcher.h"
#include "agent/platform/process_table.h"

namespace ifrit::agent::platform {

struct LaunchChannels;

/// For a child that is held at the end of its exec: lets it run what it became, or ends it.
/// CANCELLED when it ended before its exec, DEADLINE_EXCEEDED when it did not get there in time.
/// Called by the thread that forked.
using ReleaseProgram =
    std::function<absl::Status(pid_t, std::chrono::steady_clock::time_point deadline)>;

/// fork and exec, with the child held at a gate in between. Thread-safe. The table must outlive it.
class HeldLauncher {
public:
    /// A way to a program takes milliseconds, on a machine that can hardly breathe, seconds; one
    /// into a file system whose server does not answer never ends, and callers hold locks.
    static constexpr std::chrono::seconds kLongestWay{5};

    explicit HeldLauncher(const ProcessTable& processes,
                          std::chrono::milliseconds longestWay = kLongestWay)
        : m_processes(processes), m_longestWay(longestWay) {}

    /// `beforeProgram` may still refuse the child at its gate. With `release` it is traced as well,
    /// see there. Errors: PROGRAM_MISSING, START_HANGS, those of the system with what was being
    /// done, those of the two. On an error there is no child left that could get to its program.
    absl::StatusOr<ProcessId> launch(const LaunchSpec& spec,
                                     const ProcessLauncher::BeforeProgram& beforeProgram,
                                     const ReleaseProgram& release = nullptr);

private:
    absl::Status letGo(const LaunchSpec& spec, const LaunchChannels& channels, pid_t pid,
                       const ReleaseProgram& release) const;

    const ProcessTable& m_processes;
    const std::chrono::milliseconds m_longestWay;
    HangingChildren m_hanging;
};

/// Whether a launch failed because tracing is forbidden (Yama, a debugger on us).
bool isTracingRefused(const absl::Status& status);

/// Waits for a child of ours that ends.
void reapChild(pid_t pid);

bool isAbsolutePath(const std::string& path);

}  // namespace ifrit::agent::platform
