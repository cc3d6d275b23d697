// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/linux/linux_signaller.h"

#include <signal.h>

#include <cerrno>

#include "agent/platform/linux/pidfd.h"
#include "agent/platform/posix/posix_signals.h"
#include "shared/base/exhaustion.h"

namespace ifrit::agent::platform {

absl::Status LinuxSignaller::signal(const ProcessId& process, Signal signal) {
    const UniqueFd handle = openPidfd(process.pid);
    if (!handle.valid() && errno == ESRCH) return processGone(process);
    const absl::Status opened =
        handle.valid() ? absl::OkStatus()
                       : base::errnoStatus(errno, fmt::format("pidfd_open({})", process.pid));
    if (!opened.ok() && !base::isExhaustion(opened)) return opened;
    // After the open, not before: the handle is of whoever has the pid now, and so is the answer.
    const auto there = m_processes.status(process);
    // Neither signalled, for it may be another by now, nor taken for gone.
    if (base::isExhaustion(there.status())) return there.status();
    if (!there.ok() || there->state == ProcessState::Zombie) return processGone(process);
    // Without a handle by its number, which the kernel gives to nobody else before it has given all
    // others, and that takes longer than from the look to the signal. What cannot be ended for want
    // of a descriptor would keep the machine from ever going on.
    const int sent = handle.valid() ? sendToPidfd(handle, signalNumber(signal))
                                    : ::kill(process.pid, signalNumber(signal));
    if (sent == 0) return absl::OkStatus();
    if (errno == ESRCH) return processGone(process);
    return base::errnoStatus(errno, fmt::format("signalling process {}", process.pid));
}

absl::Status LinuxSignaller::signalSession(const ProcessId& leader, Signal signal) {
    bool found = false;
    const absl::Status result = signalMembers(m_processes, *this, leader, signal, &found);
    // Nobody was found, where nobody could look.
    if (!found) {
        const absl::Status looked = m_processes.status(leader).status();
        if (base::isExhaustion(looked)) return looked;
    }
    return result;
}

}  // namespace ifrit::agent::platform
