// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/process_launcher.h"
#include "shared/base/clock.h"

namespace ifrit::agent::supervise {

/// Lets a program start only when its content is what was signed: FAILED_PRECONDITION
/// PROGRAM_CHANGED otherwise. Empty when `sha256`, in hex, is: it is not the package's own.
platform::LaunchSpec::ProgramCheck programCheck(const std::string& path, const std::string& sha256);

/// The same for one that runs every few seconds: what was read once is not read again while the
/// file's stamp (device, inode, size, times) is the same. Thread-safe; `clock` must outlive it.
platform::LaunchSpec::ProgramCheck rememberingProgramCheck(const std::string& path,
                                                           const std::string& sha256,
                                                           const base::Clock& clock);

/// Whether `status` says that a program was not run since it is not the signed one.
bool isRefusedProgram(const absl::Status& status);

}  // namespace ifrit::agent::supervise
