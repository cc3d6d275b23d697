// SPDX-License-Identifier: Apache-2.0
#include "agent/guard/child_reaper.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

namespace ifrit::agent::guard {

void ChildReaper::end(const platform::ProcessId& process, platform::Signaller& signaller) {
    if (!signaller.signal(process, platform::Signal::Kill).ok()) ::kill(process.pid, SIGKILL);
    m_ended.push_back(process.pid);
}

void ChildReaper::reap(const std::optional<platform::ProcessId>& watched) {
    const auto isReaped = [](std::int32_t pid) { return ::waitpid(pid, nullptr, WNOHANG) != 0; };
    m_ended.erase(std::remove_if(m_ended.begin(), m_ended.end(), isReaped), m_ended.end());
    if (::getpid() != 1) return;
    for (;;) {
        siginfo_t info{};
        if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) return;
        if (watched && info.si_pid == watched->pid) return;
        ::waitpid(info.si_pid, nullptr, WNOHANG);
    }
}

}  // namespace ifrit::agent::guard
