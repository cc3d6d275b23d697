// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/process_table.h"
#include "agent/platform/windows/unique_handle.h"

namespace ifrit::agent::platform {

/// Over process handles and snapshots. `ProcessId::startTime` is the creation time in 100 ns since
/// 1601: with the pid it is unique for ever, so the boot need not be part of it and `bootId` is
/// empty. What is a session on POSIX is a job here (session_job.h).
class WindowsProcessTable final : public ProcessTable {
public:
    std::int32_t ownPid() const override;
    absl::StatusOr<ProcessId> identify(std::int32_t pid) const override;
    absl::StatusOr<ProcessStatus> status(const ProcessId& process) const override;
    absl::StatusOr<std::vector<ProcessUse>> family(const ProcessId& root,
                                                   const std::vector<ProcessId>& known,
                                                   const SessionList* sessions) const override;
    std::vector<ProcessId> sessionMembers(const ProcessId& leader) const override;
    absl::StatusOr<std::vector<ProcessId>> withEnvironment(const std::string& name,
                                                           const std::string& value) const override;
};

/// A handle of exactly this process, with these rights; NOT_FOUND PROCESS_GONE when it is not there
/// any more. While the handle is held, the pid is not given to another.
absl::StatusOr<UniqueHandle> openProcess(const ProcessId& process, DWORD rights);

}  // namespace ifrit::agent::platform
