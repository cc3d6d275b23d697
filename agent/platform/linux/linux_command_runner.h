// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include "agent/platform/posix/hanging_children.h"
#include "agent/platform/streamed_command_runner.h"

namespace ifrit::agent::platform {

/// Over a pipe and a pidfd. What does not end although it was killed, which hangs in the kernel, is
/// remembered: it is reaped by a later call, and the same command is not run beside it.
class LinuxCommandRunner final : public StreamedCommandRunner {
public:
    using StreamedCommandRunner::StreamedCommandRunner;

private:
    absl::StatusOr<CommandResult> streamUntil(LaunchSpec spec,
                                              std::chrono::steady_clock::time_point deadline,
                                              const Sink& sink,
                                              const std::stop_token& stop) override;
    absl::Status notWatched(const LaunchSpec& spec, pid_t pid, int error);

    HangingChildren m_hanging{HangingChildren::Alike::Command};
};

}  // namespace ifrit::agent::platform
