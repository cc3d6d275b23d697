// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <vector>

#include "agent/platform/exit_status.h"
#include "agent/platform/process_id.h"
#include "shared/base/status.h"

namespace ifrit::agent::platform {

struct ExitNotice {
    ProcessId process;
    ExitStatus status;
};

/// Tells when processes end, without polling them: our own children and adopted processes alike
/// (pidfd on Linux).
///
/// watch(), forget() and wake() are thread-safe; wait() is called by one thread at a time.
class ExitWatcher {
public:
    virtual ~ExitWatcher() = default;

    /// NOT_FOUND PROCESS_GONE when it has already ended and was not our child.
    virtual absl::Status watch(const ProcessId& process) = 0;
    /// No notice of it will come from later wait() calls; the process is not reaped here.
    virtual void forget(const ProcessId& process) = 0;
    /// Blocks until a watched process ended, wake() was called, or the time is over. Each watched
    /// process is reported once and is then no longer watched. A child is NOT yet reaped: its pid
    /// and its session stay reserved, so that what it left behind can be killed safely; call
    /// release() afterwards.
    virtual std::vector<ExitNotice> wait(std::chrono::milliseconds timeout) = 0;
    /// Reaps a reported child. Nothing to do, and no error, for one that was adopted.
    virtual void release(const ProcessId& process) = 0;
    /// Ends the current or the next wait() early.
    virtual void wake() = 0;
};

}  // namespace ifrit::agent::platform
