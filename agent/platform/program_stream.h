// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string_view>

#include "agent/platform/command_runner.h"

namespace ifrit::agent::platform {

/// Runs a program to its end and hands on what it prints as it comes. Thread-safe; blocks the
/// caller.
class ProgramStream {
public:
    /// Called on the caller's thread; while it runs the program is held back once the pipe is full.
    /// False kills the program's session.
    using Sink = std::function<bool(std::string_view)>;
    virtual ~ProgramStream() = default;

    /// As CommandRunner::run(), with `output` left empty. `timedOut` is also set when the sink
    /// ended it.
    virtual absl::StatusOr<CommandResult> stream(const LaunchSpec& spec,
                                                 std::chrono::milliseconds timeout,
                                                 const Sink& sink) = 0;
};

}  // namespace ifrit::agent::platform
