// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "agent/platform/process_launcher.h"

namespace ifrit::agent::platform {

/// Children that were killed on the way to their programs and have not ended: they hang in the
/// kernel, at a file system whose server does not answer, say. Without a count of them each retry
/// would leave one more. Thread-safe.
class HangingChildren {
public:
    void add(const LaunchSpec& spec, pid_t child) ABSL_LOCKS_EXCLUDED(m_mutex);
    /// One of an earlier launch of the same program in the same directory. Those that have ended
    /// are reaped first.
    std::optional<pid_t> of(const LaunchSpec& spec) ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    struct Child {
        pid_t pid = 0;
        std::string program;
        std::string directory;
    };

    absl::Mutex m_mutex;
    std::vector<Child> m_children ABSL_GUARDED_BY(m_mutex);
};

/// Whether a child of ours has ended; it is reaped then.
bool isReaped(pid_t child);

}  // namespace ifrit::agent::platform
