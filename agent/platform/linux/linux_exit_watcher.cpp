// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/linux/linux_exit_watcher.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include "agent/platform/linux/pidfd.h"
#include "shared/base/exhaustion.h"

namespace ifrit::agent::platform {
namespace {

/// Between two looks at a process of which there is no handle.
constexpr std::chrono::milliseconds kLookAgain(1'000);

}  // namespace

absl::StatusOr<std::unique_ptr<LinuxExitWatcher>> LinuxExitWatcher::create(
    const ProcessTable& processes) {
    const UniqueFd self = openPidfd(::getpid());
    if (!self.valid()) {
        const absl::Status tried =
            base::errnoStatus(errno, "pidfd_open (ifrit needs Linux 5.4 or newer)");
        // None to be had now: watch() does without.
        if (!base::isExhaustion(tried)) return tried;
    }
    UniqueFd wakeup(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wakeup.valid()) return base::errnoStatus(errno, "eventfd");
    return std::unique_ptr<LinuxExitWatcher>(new LinuxExitWatcher(processes, std::move(wakeup)));
}

LinuxExitWatcher::LinuxExitWatcher(const ProcessTable& processes, UniqueFd wakeup)
    : m_processes(processes), m_wakeup(std::move(wakeup)) {}

absl::Status LinuxExitWatcher::watch(const ProcessId& process) {
    UniqueFd handle = openPidfd(process.pid);
    const absl::Status opened =
        handle.valid() || errno == ESRCH
            ? absl::OkStatus()
            : base::errnoStatus(errno, fmt::format("pidfd_open({})", process.pid));
    if (!opened.ok() && !base::isExhaustion(opened)) return opened;
    const bool isGone = !handle.valid() && opened.ok();
    const auto there = m_processes.status(process);
    // Not known to have ended: who takes it for gone leaves it running.
    if (base::isExhaustion(there.status())) return there.status();
    // A zombie child is fine: it is reported by the next wait().
    if (isGone || !there.ok()) {
        return base::notFound("PROCESS_GONE", std::to_string(process.pid),
                              "process {} has ended: it cannot be watched", process.pid);
    }
    {
        const absl::MutexLock lock(&m_mutex);
        m_entries.push_back({process, std::move(handle), there->parentPid == ::getpid(), false});
    }
    wake();
    return absl::OkStatus();
}

void LinuxExitWatcher::forget(const ProcessId& process) {
    const absl::MutexLock lock(&m_mutex);
    erase(process);
}

std::vector<ExitNotice> LinuxExitWatcher::wait(std::chrono::milliseconds timeout) {
    std::vector<ExitNotice> notices;
    for (const ProcessId& process : pollOnce(timeout)) {
        const absl::MutexLock lock(&m_mutex);
        Entry* entry = find(process);
        // forget() and a new watch() during the poll can give the descriptor's number to another
        // process; ask the handle itself.
        if (entry == nullptr || !hasEnded(*entry)) continue;
        entry->reported = true;
        notices.push_back({process, statusOf(*entry, Reap::No)});
    }
    return notices;
}

std::vector<ProcessId> LinuxExitWatcher::pollOnce(std::chrono::milliseconds timeout) {
    std::vector<pollfd> polled{{m_wakeup.get(), POLLIN, 0}};
    std::vector<ProcessId> processes;
    std::vector<ProcessId> ended;
    {
        const absl::MutexLock lock(&m_mutex);
        for (const Entry& entry : m_entries) {
            if (entry.reported) continue;
            if (!entry.handle.valid()) {
                ended.push_back(entry.process);  // maybe
                timeout = std::min(timeout, kLookAgain);
                continue;
            }
            polled.push_back({entry.handle.get(), POLLIN, 0});
            processes.push_back(entry.process);
        }
    }
    const auto bounded = std::clamp<std::int64_t>(timeout.count(), 0, INT_MAX);
    if (::poll(polled.data(), polled.size(), static_cast<int>(bounded)) <= 0) return ended;
    if (polled[0].revents != 0) {
        std::uint64_t count = 0;
        [[maybe_unused]] const ssize_t drained = ::read(m_wakeup.get(), &count, sizeof count);
    }
    for (std::size_t i = 0; i < processes.size(); ++i) {
        if (polled[i + 1].revents != 0) ended.push_back(processes[i]);
    }
    return ended;
}

bool LinuxExitWatcher::hasEnded(Entry& entry) const {
    if (!entry.handle.valid()) {
        UniqueFd handle = openPidfd(entry.process.pid);
        if (!handle.valid() && errno == ESRCH) return true;
        const auto there = m_processes.status(entry.process);
        if (base::isExhaustion(there.status())) return false;
        if (!there.ok()) return true;
        if (!handle.valid()) return there->state == ProcessState::Zombie;
        entry.handle = std::move(handle);
    }
    pollfd check{entry.handle.get(), POLLIN, 0};
    return ::poll(&check, 1, 0) == 1;
}

ExitStatus LinuxExitWatcher::statusOf(const Entry& entry, Reap reap) {
    // What was adopted tells nothing (ECHILD), and its number may be another's by now.
    if (!entry.handle.valid() && !entry.isChild) return {};
    const auto [kind, id] = entry.handle.valid()
                                ? std::pair(P_PIDFD, static_cast<id_t>(entry.handle.get()))
                                : std::pair(P_PID, static_cast<id_t>(entry.process.pid));
    const int flags = WEXITED | WNOHANG | (reap == Reap::No ? WNOWAIT : 0);
    siginfo_t info{};
    if (::waitid(kind, id, &info, flags) != 0 || info.si_pid == 0) return {};
    return {info.si_code == CLD_EXITED ? ExitStatus::Kind::Exited : ExitStatus::Kind::Killed,
            info.si_status};
}

void LinuxExitWatcher::release(const ProcessId& process) {
    const absl::MutexLock lock(&m_mutex);
    const Entry* entry = find(process);
    if (entry == nullptr) return;
    statusOf(*entry, Reap::Yes);
    erase(process);
}

void LinuxExitWatcher::wake() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(m_wakeup.get(), &one, sizeof one);
}

LinuxExitWatcher::Entry* LinuxExitWatcher::find(const ProcessId& process) {
    const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                    [&](const Entry& entry) { return entry.process == process; });
    return found == m_entries.end() ? nullptr : &*found;
}

void LinuxExitWatcher::erase(const ProcessId& process) {
    m_entries.erase(std::remove_if(m_entries.begin(), m_entries.end(),
                                   [&](const Entry& entry) { return entry.process == process; }),
                    m_entries.end());
}

}  // namespace ifrit::agent::platform
