// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "agent/supervise/run_spec.h"
#include "shared/base/status.h"

namespace ifrit::agent::supervise {

/// Before a start: makes the directory, renames a file over the cap to "<path>.1", and makes sure
/// that the file is there and can be appended to.
absl::Status prepareOutput(const OutputFile& output);
/// While the agent writes: copies a file over the cap to "<path>.1" and empties it.
absl::Status capOutput(const OutputFile& output);
/// The last line that is not blank, at most 200 bytes of it; empty when there is none.
std::string lastOutputLine(const std::string& path);

}  // namespace ifrit::agent::supervise
