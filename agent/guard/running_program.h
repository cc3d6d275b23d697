// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "agent/platform/directories.h"
#include "agent/platform/process_id.h"
#include "shared/base/status.h"

namespace ifrit::agent::guard {

/// The file that a process was started from, without links; also where that file was replaced or
/// removed since.
absl::StatusOr<std::string> runningProgram(const platform::ProcessId& process,
                                           const platform::Directories& directories);

}  // namespace ifrit::agent::guard
