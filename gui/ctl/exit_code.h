// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <string>
#include <string_view>

namespace ifrit::gui::ctl {

/// What scripts rely on; docs/cli.md lists them.
enum class ExitCode {
    Ok = 0,
    Failure = 1,
    Usage = 2,
    NotFound = 3,
    Denied = 4,
    Conflict = 5,  ///< also a count that differs
    ReleaseFailed = 6,
    TimedOut = 7,  ///< while waiting
    Unreachable = 8,
    Interrupted = 130
};

// Reasons of errors that this program makes itself.
inline constexpr char kUsage[] = "USAGE";
inline constexpr char kReleaseFailed[] = "RELEASE_FAILED";
inline constexpr char kWaitTimedOut[] = "WAIT_TIMED_OUT";
inline constexpr char kInterrupted[] = "INTERRUPTED";
inline constexpr char kNotConfirmed[] = "NOT_CONFIRMED";
inline constexpr char kFreezeUnconfirmed[] = "FREEZE_UNCONFIRMED";
inline constexpr char kFreezeNotKept[] = "FREEZE_NOT_KEPT";
inline constexpr char kCountMismatch[] = "COUNT_MISMATCH";

/// Of a command that needs a cluster, where none was chosen: INVALID_ARGUMENT (NO_CONTEXT).
bool isUnchosen(const absl::Status& status);

ExitCode exitCodeOf(const absl::Status& status);

/// Where a waiting was ended by Ctrl-C or its time: says of "release" or "campaign" that it goes
/// on.
absl::Status stillRuns(const absl::Status& ended, std::string_view noun);

/// "ifritctl: <sentence> (CODE REASON, request ID)" and, where there is one, "hint: ...". Ends with
/// a newline.
std::string describeError(const absl::Status& status);

}  // namespace ifrit::gui::ctl
