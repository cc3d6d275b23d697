// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/status.h"

namespace ifrit::agent::guard {

/// The main loop of ifrit-agent turns every 10 s; a very slow disk may hold it up.
inline constexpr std::chrono::seconds kHungAfter{300};

struct GuardOptions {
    enum class Action { Run, Check, Help, Version };
    Action action = Action::Run;
    std::string root;   ///< absolute
    std::string agent;  ///< absolute; empty: ifrit-agent beside ifrit-guard
    std::chrono::seconds stopTimeout{30};
    std::chrono::seconds hungAfter{kHungAfter};  ///< 0: never
    std::vector<std::string> agentArguments;
    std::string anchor;    ///< the ifrit-guard that init starts; empty: this one
    bool standIn = false;  ///< started by ifrit-agent, because nobody else did
};

/// INVALID_ARGUMENT BAD_FLAG with a sentence that names the flag. `directory` is what relative
/// paths begin at. Own code, because guard links no library for it.
absl::StatusOr<GuardOptions> parseOptions(const std::vector<std::string>& arguments,
                                          const std::string& directory);
/// What starts the anchor with these options, all of them spelled out.
std::vector<std::string> commandOf(const GuardOptions& options);
const char* helpText();
/// What is printed where nothing else is to be done (help, version, check); nullopt: it is to run.
std::optional<std::string> answerOf(const GuardOptions& options, const std::string& version);

}  // namespace ifrit::agent::guard
