// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/process_launcher.h"
#include "agent/supervise/run_spec.h"

namespace ifrit::agent::supervise {

/// Lets a program start only when its content is what was signed: FAILED_PRECONDITION
/// PROGRAM_CHANGED otherwise. Empty for a program that is not the package's own.
platform::LaunchSpec::ProgramCheck programCheck(const RunSpec& spec);

}  // namespace ifrit::agent::supervise
