// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/command_runner.h"
#include "agent/platform/program_stream.h"
#include "agent/platform/signaller.h"

namespace ifrit::agent::platform {

/// What is alike on all systems: a program is run and its output handed on as it comes, for whoever
/// wants it so, and gathered for whoever wants its end. What it is given must outlive it.
class StreamedCommandRunner : public CommandRunner, public ProgramStream {
public:
    StreamedCommandRunner(ProcessLauncher& launcher, Signaller& signaller)
        : m_launcher(launcher), m_signaller(signaller) {}

    absl::StatusOr<CommandResult> run(const LaunchSpec& spec, std::chrono::milliseconds timeout,
                                      std::stop_token stop) final;
    absl::StatusOr<CommandResult> stream(const LaunchSpec& spec, std::chrono::milliseconds timeout,
                                         const Sink& sink) final;

protected:
    /// As stream() and run() both say. `spec` has a session of its own and no output yet.
    virtual absl::StatusOr<CommandResult> streamUntil(
        LaunchSpec spec, std::chrono::steady_clock::time_point deadline, const Sink& sink,
        const std::stop_token& stop) = 0;

    ProcessLauncher& m_launcher;
    Signaller& m_signaller;

private:
    absl::StatusOr<CommandResult> begin(const LaunchSpec& spec, std::chrono::milliseconds timeout,
                                        const Sink& sink, const std::stop_token& stop);
};

}  // namespace ifrit::agent::platform
