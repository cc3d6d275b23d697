// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/platform/linux/proc_stat.h"
#include "agent/platform/process_table.h"

namespace ifrit::agent::platform {

/// Over proc(5).
class LinuxProcessTable final : public ProcessTable {
public:
    /// `proc` is where it is mounted; sessions are asked of the kernel itself.
    explicit LinuxProcessTable(std::string proc = "/proc");

    std::int32_t ownPid() const override;
    absl::StatusOr<ProcessId> identify(std::int32_t pid) const override;
    absl::StatusOr<ProcessStatus> status(const ProcessId& process) const override;
    absl::StatusOr<std::vector<ProcessUse>> family(const ProcessId& root,
                                                   const std::vector<ProcessId>& known,
                                                   const SessionList* sessions) const override;
    SessionList sessions() const override;
    std::vector<ProcessId> sessionMembers(const ProcessId& leader) const override;
    absl::StatusOr<std::vector<ProcessId>> withEnvironment(const std::string& name,
                                                           const std::string& value) const override;
    absl::StatusOr<ProcessOrigin> origin(const ProcessId& process,
                                         const std::string& variable) const override;

private:
    class FamilyWalk;
    std::string pathOf(std::int32_t pid, const char* file) const;
    std::optional<ProcStat> readStat(std::int32_t pid) const;
    std::vector<std::int32_t> childrenOf(std::int32_t pid) const;
    ProcessUse useOf(std::int32_t pid, const ProcStat& stat) const;
    std::chrono::nanoseconds ticks(std::uint64_t count) const;

    const std::string m_proc;
    const std::string m_bootId;
    const long m_ticksPerSecond;
    const long m_pageBytes;
};

}  // namespace ifrit::agent::platform
