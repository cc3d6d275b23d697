// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/windows/windows_signaller.h"

#include <mutex>

#include "agent/platform/windows/session_job.h"
#include "agent/platform/windows/windows_process_table.h"
#include "shared/base/windows_text.h"

namespace ifrit::agent::platform {
namespace {

constexpr UINT kKilled = 137;  // as a shell says it of SIGKILL

bool asksToEnd(Signal signal) {
    return signal == Signal::Terminate || signal == Signal::Interrupt || signal == Signal::Quit ||
           signal == Signal::Hangup;
}

/// A console event reaches the processes of one console, and a process has one at a time: we have
/// to become a guest of theirs for that moment. Each launch has a console and a process group of
/// its own, so nobody else hears it.
absl::Status breakGroup(const ProcessId& process) {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    ::FreeConsole();
    if (!::AttachConsole(static_cast<DWORD>(process.pid)))
        return base::lastError(fmt::format("entering the console of process {}", process.pid));
    // We are in it now, and are not meant.
    ::SetConsoleCtrlHandler(nullptr, TRUE);
    const bool sent =
        ::GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, static_cast<DWORD>(process.pid)) != 0;
    const absl::Status status =
        sent ? absl::OkStatus()
             : base::lastError(fmt::format("asking process {} to end", process.pid));
    ::FreeConsole();
    ::SetConsoleCtrlHandler(nullptr, FALSE);
    return status;
}

}  // namespace

absl::Status WindowsSignaller::signal(const ProcessId& process, Signal signal) {
    if (signal == Signal::Continue) return absl::OkStatus();
    // Held until the end, so that the pid stays this process's.
    IFRIT_ASSIGN_OR_RETURN(const UniqueHandle handle, openProcess(process, PROCESS_TERMINATE));
    if (!m_processes.isAlive(process)) {
        return base::notFound("PROCESS_GONE", std::to_string(process.pid),
                              "process {} has ended: nothing was signalled", process.pid);
    }
    if (asksToEnd(signal)) return breakGroup(process);
    if (signal != Signal::Kill) {
        return base::makeError(absl::StatusCode::kUnimplemented, "NO_SUCH_SIGNAL",
                               std::to_string(process.pid),
                               "Windows has no user signals; use SIGTERM in the package");
    }
    if (!::TerminateProcess(handle.get(), kKilled))
        return base::lastError(fmt::format("ending process {}", process.pid));
    return absl::OkStatus();
}

absl::Status WindowsSignaller::signalSession(const ProcessId& leader, Signal signal) {
    if (signal == Signal::Kill) return SessionJob::terminate(leader);
    // Who asks a process group asks all of it.
    return this->signal(leader, signal);
}

}  // namespace ifrit::agent::platform
