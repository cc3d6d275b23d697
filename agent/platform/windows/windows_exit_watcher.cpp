// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/windows/windows_exit_watcher.h"

#include <algorithm>

#include "agent/platform/windows/session_job.h"
#include "agent/platform/windows/windows_process_table.h"
#include "shared/base/windows_text.h"

namespace ifrit::agent::platform {
namespace {

// Codes that the system gives to what it ends, and what TerminateProcess() is called with here.
constexpr DWORD kKilledByUs = 137;
constexpr DWORD kFirstException = 0xC0000000;

ExitStatus statusOf(HANDLE process) {
    DWORD code = 0;
    if (!::GetExitCodeProcess(process, &code)) return {};
    if (code == kKilledByUs) return {ExitStatus::Kind::Killed, 9};
    if (code >= kFirstException) return {ExitStatus::Kind::Killed, static_cast<int>(code)};
    return {ExitStatus::Kind::Exited, static_cast<int>(code)};
}

void CALLBACK setEvent(void* event, BOOLEAN) {
    ::SetEvent(event);
}

}  // namespace

absl::StatusOr<std::unique_ptr<WindowsExitWatcher>> WindowsExitWatcher::create() {
    UniqueHandle wakeup(::CreateEventW(nullptr, FALSE, FALSE, nullptr));
    if (!wakeup.valid()) return base::lastError("making an event");
    return std::unique_ptr<WindowsExitWatcher>(new WindowsExitWatcher(std::move(wakeup)));
}

WindowsExitWatcher::~WindowsExitWatcher() {
    const absl::MutexLock lock(&m_mutex);
    for (const auto& [pid, entry] : m_entries)
        ::UnregisterWaitEx(entry.registered, INVALID_HANDLE_VALUE);
}

absl::Status WindowsExitWatcher::watch(const ProcessId& process) {
    Entry entry;
    entry.process = process;
    IFRIT_ASSIGN_OR_RETURN(entry.handle, openProcess(process, 0));
    entry.session = SessionJob::open(process);
    if (!::RegisterWaitForSingleObject(&entry.registered, entry.handle.get(), &setEvent,
                                       m_wakeup.get(), INFINITE, WT_EXECUTEONLYONCE))
        return base::lastError(fmt::format("watching process {}", process.pid));
    const absl::MutexLock lock(&m_mutex);
    m_entries[process.pid] = std::move(entry);
    return absl::OkStatus();
}

void WindowsExitWatcher::forget(const ProcessId& process) {
    const absl::MutexLock lock(&m_mutex);
    const auto found = m_entries.find(process.pid);
    if (found == m_entries.end() || found->second.process != process) return;
    // The callback takes no lock of ours, so it may be waited for.
    ::UnregisterWaitEx(found->second.registered, INVALID_HANDLE_VALUE);
    m_entries.erase(found);
}

std::vector<ExitNotice> WindowsExitWatcher::wait(std::chrono::milliseconds timeout) {
    const auto bounded = std::clamp<std::int64_t>(timeout.count(), 0, INFINITE - 1);
    std::vector<ExitNotice> notices;
    const auto collect = [&]() ABSL_LOCKS_EXCLUDED(m_mutex) {
        const absl::MutexLock lock(&m_mutex);
        for (auto& [pid, entry] : m_entries) {
            if (entry.reported || ::WaitForSingleObject(entry.handle.get(), 0) != WAIT_OBJECT_0)
                continue;
            entry.reported = true;
            notices.push_back({entry.process, statusOf(entry.handle.get())});
        }
    };
    ::WaitForSingleObject(m_wakeup.get(), static_cast<DWORD>(bounded));
    collect();
    return notices;
}

void WindowsExitWatcher::wake() {
    ::SetEvent(m_wakeup.get());
}

}  // namespace ifrit::agent::platform
