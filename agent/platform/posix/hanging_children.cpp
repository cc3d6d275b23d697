// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/posix/hanging_children.h"

#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "agent/platform/posix/system_calls.h"

namespace ifrit::agent::platform {

std::vector<std::string> HangingChildren::whatCounts(const LaunchSpec& spec) const {
    if (m_alike == Alike::Command) return spec.command;
    return {spec.command[0]};
}

void HangingChildren::add(const LaunchSpec& spec, pid_t child, UniqueFd handle) {
    const absl::MutexLock lock(&m_mutex);
    m_children.push_back({child, std::move(handle), whatCounts(spec), spec.workingDirectory});
}

std::optional<pid_t> HangingChildren::of(const LaunchSpec& spec) {
    const absl::MutexLock lock(&m_mutex);
    const auto hasEnded = [](const Child& one) {
        return one.handle.valid() ? reapByHandle(one.handle.get()) != 0 : isReaped(one.pid);
    };
    m_children.erase(std::remove_if(m_children.begin(), m_children.end(), hasEnded),
                     m_children.end());
    const std::vector<std::string> command = whatCounts(spec);
    for (const Child& one : m_children)
        if (one.command == command && one.directory == spec.workingDirectory) return one.pid;
    return std::nullopt;
}

bool isReaped(pid_t child) {
    const pid_t ended = ::waitpid(child, nullptr, WNOHANG);
    return ended == child || (ended < 0 && errno != EINTR);
}

}  // namespace ifrit::agent::platform
