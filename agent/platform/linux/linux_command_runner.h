// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/command_runner.h"
#include "agent/platform/process_table.h"
#include "agent/platform/program_stream.h"
#include "agent/platform/signaller.h"

namespace ifrit::agent::platform {

/// Over a pipe and a pidfd. What it is given must outlive it.
class LinuxCommandRunner final : public CommandRunner, public ProgramStream {
public:
    LinuxCommandRunner(ProcessLauncher& launcher, Signaller& signaller)
        : m_launcher(launcher), m_signaller(signaller) {}

    absl::StatusOr<CommandResult> run(const LaunchSpec& spec, std::chrono::milliseconds timeout,
                                      std::stop_token stop) override;
    absl::StatusOr<CommandResult> stream(const LaunchSpec& spec, std::chrono::milliseconds timeout,
                                         const Sink& sink) override;

private:
    absl::StatusOr<CommandResult> streamUntil(const LaunchSpec& spec,
                                              std::chrono::milliseconds timeout, const Sink& sink,
                                              const std::stop_token& stop);

    ProcessLauncher& m_launcher;
    Signaller& m_signaller;
};

}  // namespace ifrit::agent::platform
