// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "agent/platform/posix/held_launcher.h"
#include "agent/platform/process_launcher.h"
#include "agent/platform/process_table.h"

namespace ifrit::agent::platform {

/// A HeldLauncher, and a checked program where the spec asks for it. The table must outlive it.
class LinuxProcessLauncher final : public ProcessLauncher {
public:
    explicit LinuxProcessLauncher(const ProcessTable& processes,
                                  std::chrono::milliseconds longestWay = HeldLauncher::kLongestWay)
        : m_held(processes, longestWay) {}

    using ProcessLauncher::launch;
    absl::StatusOr<ProcessId> launch(const LaunchSpec& spec,
                                     const BeforeProgram& beforeProgram) override;

private:
    HeldLauncher m_held;
};

}  // namespace ifrit::agent::platform
