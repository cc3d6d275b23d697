// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/windows/windows_process_table.h"

#include <psapi.h>
#include <tlhelp32.h>

#include <algorithm>
#include <map>

#include "agent/platform/windows/process_environment.h"
#include "agent/platform/windows/session_job.h"
#include "shared/base/windows_text.h"

namespace ifrit::agent::platform {
namespace {

constexpr DWORD kLook = PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE;

absl::Status gone(std::int32_t pid) {
    return base::notFound("PROCESS_GONE", std::to_string(pid),
                          "process {} has ended, or its pid belongs to another process now", pid);
}

struct Times {
    std::uint64_t created = 0;
    std::uint64_t used = 0;
};

bool timesOf(HANDLE process, Times& times) {
    FILETIME created{}, ended{}, kernel{}, user{};
    if (!::GetProcessTimes(process, &created, &ended, &kernel, &user)) return false;
    times = {base::ticksOf(created), base::ticksOf(kernel) + base::ticksOf(user)};
    return true;
}

std::chrono::nanoseconds nanoseconds(std::uint64_t ticks) {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(ticks) * 100);
}

bool hasEnded(HANDLE process) {
    return ::WaitForSingleObject(process, 0) == WAIT_OBJECT_0;
}

std::vector<PROCESSENTRY32W> allProcesses() {
    std::vector<PROCESSENTRY32W> all;
    const UniqueHandle snapshot(::CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0));
    PROCESSENTRY32W entry{};
    entry.dwSize = sizeof entry;
    if (!snapshot.valid() || !::Process32FirstW(snapshot.get(), &entry)) return all;
    do {
        all.push_back(entry);
    } while (::Process32NextW(snapshot.get(), &entry));
    return all;
}

std::uint64_t workingSetOf(HANDLE process) {
    PROCESS_MEMORY_COUNTERS counters{};
    counters.cb = sizeof counters;
    return ::GetProcessMemoryInfo(process, &counters, sizeof counters) ? counters.WorkingSetSize
                                                                       : 0;
}

}  // namespace

absl::StatusOr<UniqueHandle> openProcess(const ProcessId& process, DWORD rights) {
    UniqueHandle handle(::OpenProcess(rights | kLook, FALSE, static_cast<DWORD>(process.pid)));
    if (!handle.valid()) {
        const DWORD error = ::GetLastError();
        if (error == ERROR_INVALID_PARAMETER) return gone(process.pid);
        return base::windowsStatus(error, fmt::format("opening process {}", process.pid));
    }
    Times times;
    // After the open: the handle is of whoever has the pid now, and so is the answer.
    if (!timesOf(handle.get(), times) || times.created != process.startTime)
        return gone(process.pid);
    return handle;
}

std::int32_t WindowsProcessTable::ownPid() const {
    return static_cast<std::int32_t>(::GetCurrentProcessId());
}

absl::StatusOr<ProcessId> WindowsProcessTable::identify(std::int32_t pid) const {
    const UniqueHandle handle(::OpenProcess(kLook, FALSE, static_cast<DWORD>(pid)));
    Times times;
    if (!handle.valid() || !timesOf(handle.get(), times)) return gone(pid);
    return ProcessId{pid, times.created, ""};
}

absl::StatusOr<ProcessStatus> WindowsProcessTable::status(const ProcessId& process) const {
    IFRIT_ASSIGN_OR_RETURN(const UniqueHandle handle, openProcess(process, 0));
    Times times;
    if (!timesOf(handle.get(), times)) return gone(process.pid);
    FILETIME now{};
    ::GetSystemTimeAsFileTime(&now);
    ProcessStatus status;
    // What others still hold a handle of is there and has ended, as a zombie is. Windows has no
    // stopped processes.
    if (hasEnded(handle.get())) status.state = ProcessState::Zombie;
    status.cpuTime = nanoseconds(times.used);
    status.age = nanoseconds(base::ticksOf(now) - std::min(base::ticksOf(now), times.created));
    status.rssBytes = workingSetOf(handle.get());
    for (const PROCESSENTRY32W& entry : allProcesses()) {
        if (entry.th32ProcessID != static_cast<DWORD>(process.pid)) continue;
        status.parentPid = static_cast<std::int32_t>(entry.th32ParentProcessID);
        status.threads = entry.cntThreads;
    }
    return status;
}

absl::StatusOr<std::vector<ProcessUse>> WindowsProcessTable::family(
    const ProcessId& root, const std::vector<ProcessId>& known, const SessionList* sessions) const {
    const std::vector<PROCESSENTRY32W> all = allProcesses();
    IFRIT_ASSIGN_OR_RETURN(const UniqueHandle first, openProcess(root, 0));
    std::vector<ProcessUse> uses;
    // A parent's number says who made a process, also when that has ended and its number is
    // another's: so a child is one only if it is younger.
    std::map<DWORD, std::uint64_t> members;
    // Not members by their number alone: it may be another's by now.
    std::map<DWORD, std::uint64_t> wanted{{static_cast<DWORD>(root.pid), root.startTime}};
    if (sessions != nullptr) {
        for (const ProcessId& process : sessionMembers(root))
            wanted.emplace(static_cast<DWORD>(process.pid), process.startTime);
    }
    for (const ProcessId& process : known)
        wanted.emplace(static_cast<DWORD>(process.pid), process.startTime);
    bool grows = true;
    std::vector<bool> looked(all.size(), false);
    while (grows) {
        grows = false;
        for (std::size_t i = 0; i < all.size() && uses.size() < kMostOfFamily; ++i) {
            if (looked[i]) continue;
            const PROCESSENTRY32W& entry = all[i];
            const auto own = wanted.find(entry.th32ProcessID);
            const auto parent = members.find(entry.th32ParentProcessID);
            if (own == wanted.end() && parent == members.end()) continue;
            const UniqueHandle process(::OpenProcess(kLook, FALSE, entry.th32ProcessID));
            Times times;
            if (!process.valid() || !timesOf(process.get(), times)) continue;
            const bool isMember = own != wanted.end() && own->second == times.created;
            const bool isChild = parent != members.end() && times.created >= parent->second;
            if (!isMember && !isChild) continue;
            looked[i] = true;
            // Windows tells nothing of children that ended.
            uses.push_back({{static_cast<std::int32_t>(entry.th32ProcessID), times.created, ""},
                            static_cast<std::int32_t>(entry.th32ParentProcessID),
                            nanoseconds(times.used),
                            {},
                            workingSetOf(process.get()),
                            entry.cntThreads});
            members[entry.th32ProcessID] = times.created;
            grows = true;
        }
    }
    return uses;
}

std::vector<ProcessId> WindowsProcessTable::sessionMembers(const ProcessId& leader) const {
    std::vector<ProcessId> members;
    for (const DWORD pid : SessionJob::membersOf(leader)) {
        const auto member = identify(static_cast<std::int32_t>(pid));
        if (member.ok() && isAlive(*member)) members.push_back(*member);
    }
    return members;
}

absl::StatusOr<std::vector<ProcessId>> WindowsProcessTable::withEnvironment(
    const std::string& name, const std::string& value) const {
    std::vector<ProcessId> found;
    for (const PROCESSENTRY32W& entry : allProcesses()) {
        if (entry.th32ProcessID == 0 || entry.th32ProcessID == ::GetCurrentProcessId()) continue;
        if (!environmentHolds(entry.th32ProcessID, base::toWide(name + '=' + value))) continue;
        const auto process = identify(static_cast<std::int32_t>(entry.th32ProcessID));
        if (process.ok() && isAlive(*process)) found.push_back(*process);
    }
    return found;
}

}  // namespace ifrit::agent::platform
