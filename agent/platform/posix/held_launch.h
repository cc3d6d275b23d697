// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <functional>

#include "agent/platform/process_launcher.h"
#include "agent/platform/process_table.h"

namespace ifrit::agent::platform {

/// For a child that is held at the end of its exec: lets it run what it became, or ends it.
/// CANCELLED when it ended before its exec. Called by the thread that forked.
using ReleaseProgram = std::function<absl::Status(pid_t)>;

/// fork and exec, with the child held at a gate in between, where `beforeProgram` may still refuse
/// it. With `release` it is traced as well, see there. Errors: PROGRAM_MISSING, those of the
/// system with what was being done, those of the two. On an error there is no child left.
absl::StatusOr<ProcessId> launchHeld(const ProcessTable& processes, const LaunchSpec& spec,
                                     const ProcessLauncher::BeforeProgram& beforeProgram,
                                     const ReleaseProgram& release = nullptr);

/// Whether launchHeld() failed because tracing is forbidden (Yama, a debugger on us).
bool isTracingRefused(const absl::Status& status);

/// Waits for a child of ours that ends.
void reapChild(pid_t pid);

bool isAbsolutePath(const std::string& path);

}  // namespace ifrit::agent::platform
