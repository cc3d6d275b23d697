// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <windows.h>

#include <vector>

#include "agent/platform/process_id.h"
#include "agent/platform/windows/unique_handle.h"
#include "shared/base/status.h"

namespace ifrit::agent::platform {

/// What a session is on POSIX: a job of a process and all that it makes, found again by the
/// process's identity after our own end. A job's name lasts as long as somebody has it open, so the
/// leader itself is given a handle of it.
class SessionJob {
public:
    /// For a process that has not begun yet. Until letGo() it ends with us.
    static absl::StatusOr<SessionJob> makeFor(HANDLE process, const ProcessId& leader);

    /// From here on it outlives us.
    absl::Status letGo();

    /// Keeps the job's name while it is held; not valid when there is no such job.
    static UniqueHandle open(const ProcessId& leader);
    /// Empty when there is no such job.
    static std::vector<DWORD> membersOf(const ProcessId& leader);
    /// Ends all of it. NOT_FOUND PROCESS_GONE when there is no such job.
    static absl::Status terminate(const ProcessId& leader);

private:
    explicit SessionJob(UniqueHandle job) : m_job(std::move(job)) {}
    UniqueHandle m_job;
};

/// Pids of a job's processes.
std::vector<DWORD> membersOfJob(HANDLE job);

}  // namespace ifrit::agent::platform
