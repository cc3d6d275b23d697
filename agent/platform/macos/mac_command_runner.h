// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/streamed_command_runner.h"

namespace ifrit::agent::platform {

/// Over a pipe and a kqueue.
class MacCommandRunner final : public StreamedCommandRunner {
public:
    using StreamedCommandRunner::StreamedCommandRunner;

private:
    absl::StatusOr<CommandResult> streamUntil(LaunchSpec spec,
                                              std::chrono::steady_clock::time_point deadline,
                                              const Sink& sink,
                                              const std::stop_token& stop) override;
};

}  // namespace ifrit::agent::platform
