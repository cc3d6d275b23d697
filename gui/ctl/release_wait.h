// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <string>

#include "gui/ctl/shell.h"

namespace ifrit::gui::ctl {

enum class WaitFor {
    Done,   ///< a final state
    Verify  ///< the gray stage is over and waits for verify; or a final state
};

/// Follows a release and prints each change (one line; JSON lines with jsonl) until what is waited
/// for. OK: done. RELEASE_FAILED: halted, aborted or rolled back, or machines failed.
/// WAIT_TIMED_OUT and INTERRUPTED stop the waiting, never the release.
absl::Status waitForRelease(Shell& shell, const std::string& releaseId, WaitFor what);

}  // namespace ifrit::gui::ctl
