// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <string>

#include "gui/ctl/shell.h"

namespace ifrit::gui::ctl {

enum class WaitFor {
    Done,        ///< a final state
    Verify,      ///< the gray stage is over and waits for verify; or a final state
    RolledBack,  ///< after rollback: every machine has what it ran before
    Aborted      ///< after abort
};

/// Follows a release and prints each change (one line; JSON lines with jsonl) until what is waited
/// for: then OK. RELEASE_FAILED: it came to another end, was halted, or machines failed.
/// WAIT_TIMED_OUT and INTERRUPTED stop the waiting, never the release. `atLeast`: the revision that
/// the master answered to the verb; what is older, as a master that follows may still have it, is
/// not looked at.
absl::Status waitForRelease(Shell& shell, const std::string& releaseId, std::uint64_t atLeast,
                            WaitFor what);

}  // namespace ifrit::gui::ctl
