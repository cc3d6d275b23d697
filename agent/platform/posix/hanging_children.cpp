// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/posix/hanging_children.h"

#include <sys/wait.h>

#include <algorithm>
#include <cerrno>

namespace ifrit::agent::platform {

void HangingChildren::add(const LaunchSpec& spec, pid_t child) {
    const absl::MutexLock lock(&m_mutex);
    m_children.push_back({child, spec.command[0], spec.workingDirectory});
}

std::optional<pid_t> HangingChildren::of(const LaunchSpec& spec) {
    const absl::MutexLock lock(&m_mutex);
    m_children.erase(std::remove_if(m_children.begin(), m_children.end(),
                                    [](const Child& one) { return isReaped(one.pid); }),
                     m_children.end());
    for (const Child& one : m_children)
        if (one.program == spec.command[0] && one.directory == spec.workingDirectory)
            return one.pid;
    return std::nullopt;
}

bool isReaped(pid_t child) {
    const pid_t ended = ::waitpid(child, nullptr, WNOHANG);
    return ended == child || (ended < 0 && errno != EINTR);
}

}  // namespace ifrit::agent::platform
