// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "agent/platform/process_launcher.h"

namespace ifrit::agent::reconcile {

// The stable names of what can go wrong with one managed agent on one machine: AgentError::reason
// in reports, `status` and the desktop. docs/operations.md says what to do about each.
inline constexpr std::string_view kManifestUnavailable = "MANIFEST_UNAVAILABLE";
inline constexpr std::string_view kManifestLost = "MANIFEST_LOST";
inline constexpr std::string_view kPackageSignature = "PACKAGE_SIGNATURE";
inline constexpr std::string_view kPackageDigest = "PACKAGE_DIGEST";
inline constexpr std::string_view kPackageMismatch = "PACKAGE_MISMATCH";
inline constexpr std::string_view kPackageInvalid = "PACKAGE_INVALID";
inline constexpr std::string_view kPackageWithdrawn = "PACKAGE_WITHDRAWN";
inline constexpr std::string_view kDownloadFailed = "DOWNLOAD_FAILED";
inline constexpr std::string_view kDownloadTooLong = "DOWNLOAD_TOO_LONG";
inline constexpr std::string_view kDownloadTooSlow = "DOWNLOAD_TOO_SLOW";
inline constexpr std::string_view kUnpackFailed = "UNPACK_FAILED";
inline constexpr std::string_view kPreflightType = "PREFLIGHT_TYPE";
inline constexpr std::string_view kPreflightDisk = "PREFLIGHT_DISK";
inline constexpr std::string_view kPreflightPort = "PREFLIGHT_PORT";
inline constexpr std::string_view kPreflightKernel = "PREFLIGHT_KERNEL";
inline constexpr std::string_view kPreflightLibc = "PREFLIGHT_LIBC";
inline constexpr std::string_view kPreflightConflict = "PREFLIGHT_CONFLICT";
inline constexpr std::string_view kPreflightGuard = "PREFLIGHT_GUARD";
inline constexpr std::string_view kPermitRefused = "PERMIT_REFUSED";
inline constexpr std::string_view kPermitUnavailable = "PERMIT_UNAVAILABLE";
inline constexpr std::string_view kHookFailed = "HOOK_FAILED";
inline constexpr std::string_view kStartFailed = "START_FAILED";
// Of a start that supervise/program_check.h or the platform's launcher refused.
using platform::kProgramChanged;
using platform::kProgramSwapped;
inline constexpr std::string_view kStopFailed = "STOP_FAILED";
inline constexpr std::string_view kExitedAtStart = "EXITED_AT_START";
inline constexpr std::string_view kProbeFailed = "PROBE_FAILED";
// Put back because nobody could judge it, for a want of this machine or an end that did not come.
// It says nothing about the version.
inline constexpr std::string_view kNoVerdict = "NO_VERDICT";
inline constexpr std::string_view kRepairFailed = "REPAIR_FAILED";
inline constexpr std::string_view kRepairBlocked = "REPAIR_BLOCKED";
inline constexpr std::string_view kLimitExceeded = "LIMIT_EXCEEDED";
// The package uses ${machine.address}, and the machine has none yet.
inline constexpr std::string_view kNoAddress = "NO_ADDRESS";
// This machine, or ifrit-agent's own limits, had no descriptors, memory or processes left. It says
// nothing about any version.
inline constexpr std::string_view kMachineExhausted = "MACHINE_EXHAUSTED";
// Of ifrit-agent itself; guard's verdicts on a trial are EXITED_AT_START and LIMIT_EXCEEDED as of
// others, and these (guard/trial_verdict.cpp).
inline constexpr std::string_view kHung = "HUNG";
inline constexpr std::string_view kMasterNotReached = "MASTER_NOT_REACHED";
inline constexpr std::string_view kSelfCheckFailed = "SELF_CHECK_FAILED";
inline constexpr std::string_view kSelfUninstall = "SELF_UNINSTALL";

}  // namespace ifrit::agent::reconcile
