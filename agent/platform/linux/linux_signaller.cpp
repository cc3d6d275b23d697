// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/linux/linux_signaller.h"

#include <signal.h>

#include <cerrno>
#include <set>

#include "agent/platform/linux/pidfd.h"
#include "shared/base/exhaustion.h"

namespace ifrit::agent::platform {
namespace {

int numberOf(Signal signal) {
    switch (signal) {
        case Signal::Terminate:
            return SIGTERM;
        case Signal::Interrupt:
            return SIGINT;
        case Signal::Quit:
            return SIGQUIT;
        case Signal::Hangup:
            return SIGHUP;
        case Signal::User1:
            return SIGUSR1;
        case Signal::User2:
            return SIGUSR2;
        case Signal::Kill:
            return SIGKILL;
        case Signal::Continue:
            return SIGCONT;
    }
    return SIGTERM;
}

absl::Status gone(const ProcessId& process) {
    return base::notFound("PROCESS_GONE", std::to_string(process.pid),
                          "process {} has ended: nothing was signalled", process.pid);
}

}  // namespace

absl::Status LinuxSignaller::signal(const ProcessId& process, Signal signal) {
    const UniqueFd handle = openPidfd(process.pid);
    if (!handle.valid() && errno == ESRCH) return gone(process);
    const absl::Status opened =
        handle.valid() ? absl::OkStatus()
                       : base::errnoStatus(errno, fmt::format("pidfd_open({})", process.pid));
    if (!opened.ok() && !base::isExhaustion(opened)) return opened;
    // After the open, not before: the handle is of whoever has the pid now, and so is the answer.
    const auto there = m_processes.status(process);
    // Neither signalled, for it may be another by now, nor taken for gone.
    if (base::isExhaustion(there.status())) return there.status();
    if (!there.ok() || there->state == ProcessState::Zombie) return gone(process);
    // Without a handle by its number, which the kernel gives to nobody else before it has given all
    // others, and that takes longer than from the look to the signal. What cannot be ended for want
    // of a descriptor would keep the machine from ever going on.
    const int sent = handle.valid() ? sendToPidfd(handle, numberOf(signal))
                                    : ::kill(process.pid, numberOf(signal));
    if (sent == 0) return absl::OkStatus();
    if (errno == ESRCH) return gone(process);
    return base::errnoStatus(errno, fmt::format("signalling process {}", process.pid));
}

absl::Status LinuxSignaller::signalSession(const ProcessId& leader, Signal signal) {
    // A member can fork between the listing and its signal, so look again until nobody is new.
    constexpr int kMaxPasses = 20;
    absl::Status result = gone(leader);
    std::set<std::int32_t> done;
    for (int pass = 0; pass < kMaxPasses; ++pass) {
        bool anyNew = false;
        for (const ProcessId& member : m_processes.sessionMembers(leader)) {
            if (!done.insert(member.pid).second) continue;
            anyNew = true;
            const absl::Status sent = this->signal(member, signal);
            if (sent.ok() || !absl::IsNotFound(sent)) result = sent;
        }
        if (!anyNew) break;
    }
    // Nobody was found, where nobody could look.
    if (done.empty()) {
        const absl::Status looked = m_processes.status(leader).status();
        if (base::isExhaustion(looked)) return looked;
    }
    return result;
}

}  // namespace ifrit::agent::platform
