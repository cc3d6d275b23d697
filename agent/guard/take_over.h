// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "agent/platform/exit_watcher.h"
#include "agent/platform/file_lock.h"
#include "agent/platform/process_launcher.h"
#include "agent/platform/process_table.h"
#include "agent/platform/signaller.h"
#include "shared/base/status.h"

namespace ifrit::agent::guard {

/// OK when `command` runs to its end within `limit` and ends with 0. `exits` must watch nothing
/// else.
absl::Status tryOut(const std::vector<std::string>& command, std::chrono::milliseconds limit,
                    platform::ProcessLauncher& launcher, platform::ExitWatcher& exits,
                    platform::Signaller& signaller);

/// Makes this process run `command`; returns only where that fails. Signals that come meanwhile
/// wait until letSignalsIn().
absl::Status become(const std::vector<std::string>& command);
/// The signals that guard heeds wait until letSignalsIn(): before the handlers are set, any of them
/// but SIGCHLD would end it.
void holdSignals();
/// Once the handlers are set.
void letSignalsIn();

/// The lock that makes a guard the only one of its root. A guard that ifrit-agent started has to
/// give way to one that it did not: it is asked to, and waited for.
absl::StatusOr<platform::FileLock> lockRoot(const std::string& root, bool standIn,
                                            const platform::ProcessTable& processes,
                                            platform::Signaller& signaller);

}  // namespace ifrit::agent::guard
