// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/process_table.h"

namespace ifrit::agent::platform {

/// Over libproc. `ProcessId::startTime` is in microseconds since 1970, so that with the pid it is
/// unique for ever and `bootId` is empty.
class MacProcessTable final : public ProcessTable {
public:
    MacProcessTable();

    std::int32_t ownPid() const override;
    absl::StatusOr<ProcessId> identify(std::int32_t pid) const override;
    absl::StatusOr<ProcessStatus> status(const ProcessId& process) const override;
    absl::StatusOr<std::vector<ProcessUse>> family(const ProcessId& root,
                                                   const std::vector<ProcessId>& known,
                                                   const SessionList* sessions) const override;
    std::vector<ProcessId> sessionMembers(const ProcessId& leader) const override;
    absl::StatusOr<std::vector<ProcessId>> withEnvironment(const std::string& name,
                                                           const std::string& value) const override;

private:
    std::chrono::nanoseconds machTime(std::uint64_t units) const;

    std::uint32_t m_numerator = 1;  ///< of the clock that processor time is counted in
    std::uint32_t m_denominator = 1;
};

}  // namespace ifrit::agent::platform
