// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/macos/mac_signaller.h"

#include <signal.h>

#include <cerrno>

#include "agent/platform/posix/posix_signals.h"

namespace ifrit::agent::platform {

absl::Status MacSignaller::signal(const ProcessId& process, Signal signal) {
    if (!m_processes.isAlive(process)) return processGone(process);
    if (::kill(process.pid, signalNumber(signal)) == 0) return absl::OkStatus();
    if (errno == ESRCH) return processGone(process);
    return base::errnoStatus(errno, fmt::format("signalling process {}", process.pid));
}

absl::Status MacSignaller::signalSession(const ProcessId& leader, Signal signal) {
    return signalMembers(m_processes, *this, leader, signal);
}

}  // namespace ifrit::agent::platform
