// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "agent/platform/posix/unique_fd.h"
#include "agent/platform/process_launcher.h"

namespace ifrit::agent::platform {

/// Children that were killed and have not ended: they hang in the kernel, at a file system whose
/// server does not answer, say. Without a count of them each retry would leave one more.
/// Thread-safe.
class HangingChildren {
public:
    /// Which launches, in the same directory, would hang as an earlier one does.
    enum class Alike {
        Program,  ///< of its program: it hung on the way there
        Command   ///< of its program with its arguments: it hung at what it was to do
    };

    explicit HangingChildren(Alike alike = Alike::Program) : m_alike(alike) {}

    /// `handle` is one of the child, where there is any: its number alone may be another's by the
    /// time that somebody else has reaped it.
    void add(const LaunchSpec& spec, pid_t child, UniqueFd handle = UniqueFd())
        ABSL_LOCKS_EXCLUDED(m_mutex);
    /// One of an earlier launch that `spec` is alike. Those that have ended are reaped first.
    std::optional<pid_t> of(const LaunchSpec& spec) ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    struct Child {
        pid_t pid = 0;
        UniqueFd handle;
        std::vector<std::string> command;  ///< as far as it counts
        std::string directory;
    };
    std::vector<std::string> whatCounts(const LaunchSpec& spec) const;

    const Alike m_alike;
    absl::Mutex m_mutex;
    std::vector<Child> m_children ABSL_GUARDED_BY(m_mutex);
};

/// Whether a child of ours has ended; it is reaped then.
bool isReaped(pid_t child);

}  // namespace ifrit::agent::platform
