// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/posix/held_launcher.h"
#include "agent/platform/process_launcher.h"
#include "agent/platform/process_table.h"

namespace ifrit::agent::platform {

/// A HeldLauncher. A program that is to be checked is checked before and found to be the same file
/// afterwards; one that was swapped in between has run for an instant when it is killed, because
/// nothing on macOS stops it at its exec. The table must outlive it.
class MacProcessLauncher final : public ProcessLauncher {
public:
    explicit MacProcessLauncher(const ProcessTable& processes) : m_held(processes) {}

    using ProcessLauncher::launch;
    absl::StatusOr<ProcessId> launch(const LaunchSpec& spec,
                                     const BeforeProgram& beforeProgram) override;

private:
    HeldLauncher m_held;
};

}  // namespace ifrit::agent::platform
