// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace ifrit::base {

/// Tells the service manager how we are (sd_notify(3)), without libsystemd. Does nothing without a
/// socket; failures are ignored, as the manager's own library does. Thread-safe. POSIX.
class ServiceNotifier {
public:
    /// `socketPath` as in NOTIFY_SOCKET: a path, or "@name" for an abstract socket; empty for none.
    explicit ServiceNotifier(std::string socketPath) : m_socketPath(std::move(socketPath)) {}
    /// E.g. "READY=1", several assignments separated by line breaks.
    void send(const std::string& state) const;

private:
    const std::string m_socketPath;
};

/// Half of WATCHDOG_USEC, how often "WATCHDOG=1" is due; nullopt when none is asked of process
/// `pid`.
std::optional<std::chrono::milliseconds> watchdogInterval(const char* watchdogUsec,
                                                          const char* watchdogPid, int pid);

}  // namespace ifrit::base
