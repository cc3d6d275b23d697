// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "shared/base/status.h"

namespace ifrit::agent::guard {

struct GuardOptions {
    enum class Action { Run, Help, Version };
    Action action = Action::Run;
    std::string root;   ///< absolute
    std::string agent;  ///< absolute; empty: ifrit-agent beside ifrit-guard
    std::chrono::seconds stopTimeout{30};
    std::vector<std::string> agentArguments;
};

/// INVALID_ARGUMENT BAD_FLAG with a sentence that names the flag. `directory` is what relative
/// paths begin at. Own code, because guard links no library for it.
absl::StatusOr<GuardOptions> parseOptions(const std::vector<std::string>& arguments,
                                          const std::string& directory);
const char* helpText();

}  // namespace ifrit::agent::guard
