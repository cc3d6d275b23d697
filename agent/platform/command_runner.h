// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include "agent/platform/exit_status.h"
#include "agent/platform/process_launcher.h"

namespace ifrit::agent::platform {

struct CommandResult {
    ExitStatus status;
    bool timedOut = false;  ///< its whole session was killed at the time limit
    std::string output;     ///< the last kMaxOutputBytes of stdout and stderr together
    bool success() const { return !timedOut && status.success(); }
};

/// Runs short programs to their end: hooks and exec probes. Thread-safe; blocks the caller.
class CommandRunner {
public:
    static constexpr std::size_t kMaxOutputBytes = 16 * 1024;
    virtual ~CommandRunner() = default;

    /// `spec`'s session is always its own and its output settings are not used. An error means
    /// that the program could not be started; how it ended is in the result. Whatever the program
    /// left running in its session is killed when it ends. Its whole session is also killed when
    /// `stop` is asked for, from any thread; CANCELLED when that was before it began.
    virtual absl::StatusOr<CommandResult> run(const LaunchSpec& spec,
                                              std::chrono::milliseconds timeout,
                                              std::stop_token stop) = 0;
    absl::StatusOr<CommandResult> run(const LaunchSpec& spec, std::chrono::milliseconds timeout) {
        return run(spec, timeout, std::stop_token());
    }
};

}  // namespace ifrit::agent::platform
