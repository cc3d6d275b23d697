// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/macos/mac_exit_watcher.h"

#include <sys/event.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace ifrit::agent::platform {
namespace {

constexpr std::uintptr_t kWakeup = 1;

/// Looks at how a child ended without reaping it.
ExitStatus peekStatus(std::int32_t pid) {
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT | WNOHANG) != 0 ||
        info.si_pid != pid)
        return {};
    const auto kind =
        info.si_code == CLD_EXITED ? ExitStatus::Kind::Exited : ExitStatus::Kind::Killed;
    return {kind, info.si_status};
}

}  // namespace

absl::StatusOr<std::unique_ptr<MacExitWatcher>> MacExitWatcher::create(
    const ProcessTable& processes) {
    UniqueFd queue(::kqueue());
    if (!queue.valid()) return base::errnoStatus(errno, "kqueue");
    struct kevent change {};
    EV_SET(&change, kWakeup, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0, nullptr);
    if (::kevent(queue.get(), &change, 1, nullptr, 0, nullptr) != 0)
        return base::errnoStatus(errno, "kevent");
    return std::unique_ptr<MacExitWatcher>(new MacExitWatcher(processes, std::move(queue)));
}

absl::Status MacExitWatcher::watch(const ProcessId& process) {
    struct kevent change {};
    EV_SET(&change, static_cast<std::uintptr_t>(process.pid), EVFILT_PROC, EV_ADD | EV_ONESHOT,
           NOTE_EXIT, 0, nullptr);
    {
        const absl::MutexLock lock(&m_mutex);
        m_watched[process.pid] = process;
    }
    const bool added = ::kevent(m_queue.get(), &change, 1, nullptr, 0, nullptr) == 0;
    const int error = errno;
    // After it was added: what the queue watches is whoever has the pid now. A zombie child has no
    // exit to come, and is found by the next wait().
    if (m_processes.status(process).ok() && (added || error == ESRCH)) {
        wake();
        return absl::OkStatus();
    }
    forget(process);
    if (!added && error != ESRCH)
        return base::errnoStatus(error, fmt::format("watching process {}", process.pid));
    return base::notFound("PROCESS_GONE", std::to_string(process.pid),
                          "process {} has ended: it cannot be watched", process.pid);
}

void MacExitWatcher::forget(const ProcessId& process) {
    const absl::MutexLock lock(&m_mutex);
    const auto found = m_watched.find(process.pid);
    if (found == m_watched.end() || found->second != process) return;
    struct kevent change {};
    EV_SET(&change, static_cast<std::uintptr_t>(process.pid), EVFILT_PROC, EV_DELETE, 0, 0,
           nullptr);
    ::kevent(m_queue.get(), &change, 1, nullptr, 0, nullptr);  // it may be over already
    m_watched.erase(found);
}

std::vector<ExitNotice> MacExitWatcher::wait(std::chrono::milliseconds timeout) {
    const auto bounded = std::max<std::int64_t>(timeout.count(), 0);
    const timespec limit{static_cast<time_t>(bounded / 1000),
                         static_cast<long>(bounded % 1000) * 1'000'000};
    std::array<struct kevent, 32> events{};
    ::kevent(m_queue.get(), nullptr, 0, events.data(), static_cast<int>(events.size()), &limit);
    std::vector<ExitNotice> notices;
    const absl::MutexLock lock(&m_mutex);
    // By what the table says and not by the events: those of a full queue come with the next call.
    for (auto at = m_watched.begin(); at != m_watched.end();) {
        if (m_processes.isAlive(at->second)) {
            ++at;
            continue;
        }
        notices.push_back({at->second, peekStatus(at->first)});
        at = m_watched.erase(at);
    }
    return notices;
}

void MacExitWatcher::release(const ProcessId& process) {
    // ECHILD for an adopted process: nothing to reap.
    ::waitpid(process.pid, nullptr, WNOHANG);
}

void MacExitWatcher::wake() {
    struct kevent change {};
    EV_SET(&change, kWakeup, EVFILT_USER, 0, NOTE_TRIGGER, 0, nullptr);
    ::kevent(m_queue.get(), &change, 1, nullptr, 0, nullptr);
}

}  // namespace ifrit::agent::platform
