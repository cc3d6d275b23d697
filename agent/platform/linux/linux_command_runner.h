// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <sys/types.h>

#include <string>
#include <vector>

#include "agent/platform/posix/unique_fd.h"
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
                                              const std::stop_token& stop) override
        ABSL_LOCKS_EXCLUDED(m_mutex);

    struct Hanging {
        std::vector<std::string> command;
        std::string directory;
        pid_t pid;
        UniqueFd handle;  ///< none: there was none for it
    };
    /// Reaps those that have ended; whether one of this command has not.
    bool stillHangs(const LaunchSpec& spec) ABSL_LOCKS_EXCLUDED(m_mutex);
    void remember(Hanging one) ABSL_LOCKS_EXCLUDED(m_mutex);
    absl::Status notWatched(const LaunchSpec& spec, pid_t pid, int error);

    absl::Mutex m_mutex;
    std::vector<Hanging> m_hanging ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::agent::platform
