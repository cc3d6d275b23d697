// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/macos/mac_process_table.h"

#include <libproc.h>
#include <mach/mach_time.h>
#include <sys/proc.h>
#include <sys/sysctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <set>

namespace ifrit::agent::platform {
namespace {

absl::Status gone(std::int32_t pid) {
    return base::notFound("PROCESS_GONE", std::to_string(pid),
                          "process {} has ended, or its pid belongs to another process now", pid);
}

std::optional<proc_bsdinfo> bsdInfo(std::int32_t pid) {
    proc_bsdinfo info{};
    const int got = ::proc_pidinfo(pid, PROC_PIDTBSDINFO, 0, &info, sizeof info);
    return got == static_cast<int>(sizeof info) ? std::optional(info) : std::nullopt;
}

std::uint64_t startOf(const proc_bsdinfo& info) {
    return info.pbi_start_tvsec * 1'000'000 + info.pbi_start_tvusec;
}

std::vector<std::int32_t> allPids() {
    // Between the two calls there may be more.
    std::vector<std::int32_t> pids(static_cast<std::size_t>(::proc_listallpids(nullptr, 0)) + 64);
    const int count =
        ::proc_listallpids(pids.data(), static_cast<int>(pids.size() * sizeof(std::int32_t)));
    pids.resize(static_cast<std::size_t>(std::max(count, 0)));
    return pids;
}

std::vector<std::int32_t> childrenOf(std::int32_t pid) {
    std::vector<std::int32_t> pids(1024);
    const int count = ::proc_listchildpids(pid, pids.data(),
                                           static_cast<int>(pids.size() * sizeof(std::int32_t)));
    pids.resize(static_cast<std::size_t>(std::clamp(count, 0, static_cast<int>(pids.size()))));
    return pids;
}

/// argc, the program's path, argv and the environment, each ended by a NUL.
std::string argumentsOf(std::int32_t pid) {
    int name[] = {CTL_KERN, KERN_PROCARGS2, pid};
    std::size_t size = 0;
    if (::sysctl(name, 3, nullptr, &size, nullptr, 0) != 0) return {};
    std::string text(size, '\0');
    if (::sysctl(name, 3, text.data(), &size, nullptr, 0) != 0) return {};
    text.resize(size);
    return text;
}

/// True when `entry` stands among the environment, and not among the arguments before it.
bool environmentHolds(const std::string& all, const std::string& entry) {
    int count = 0;
    if (all.size() <= sizeof count) return false;
    std::memcpy(&count, all.data(), sizeof count);
    std::size_t at = all.find('\0', sizeof count);  // the end of the path
    at = all.find_first_not_of('\0', at);           // padding
    for (int i = 0; i < count && at != std::string::npos; ++i) {
        at = all.find('\0', at);
        if (at != std::string::npos) ++at;
    }
    if (at == std::string::npos || at >= all.size()) return false;
    const std::string environment = '\0' + all.substr(at) + '\0';
    return environment.find('\0' + entry + '\0') != std::string::npos;
}

}  // namespace

MacProcessTable::MacProcessTable() {
    mach_timebase_info_data_t base{};
    if (::mach_timebase_info(&base) != KERN_SUCCESS || base.denom == 0) return;
    m_numerator = base.numer;
    m_denominator = base.denom;
}

std::chrono::nanoseconds MacProcessTable::machTime(std::uint64_t units) const {
    return std::chrono::nanoseconds(
        static_cast<std::int64_t>(static_cast<double>(units) * m_numerator / m_denominator));
}

std::int32_t MacProcessTable::ownPid() const {
    return ::getpid();
}

absl::StatusOr<ProcessId> MacProcessTable::identify(std::int32_t pid) const {
    const auto info = bsdInfo(pid);
    if (!info) return gone(pid);
    return ProcessId{pid, startOf(*info), ""};
}

absl::StatusOr<ProcessStatus> MacProcessTable::status(const ProcessId& process) const {
    const auto info = bsdInfo(process.pid);
    if (!info || startOf(*info) != process.startTime) return gone(process.pid);
    ProcessStatus status;
    if (info->pbi_status == SZOMB) status.state = ProcessState::Zombie;
    if (info->pbi_status == SSTOP) status.state = ProcessState::Stopped;
    status.parentPid = static_cast<std::int32_t>(info->pbi_ppid);
    status.sessionId = ::getsid(process.pid);
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    status.age =
        std::max(std::chrono::microseconds(0), now - std::chrono::microseconds(process.startTime));
    proc_taskinfo task{};
    if (::proc_pidinfo(process.pid, PROC_PIDTASKINFO, 0, &task, sizeof task) ==
        static_cast<int>(sizeof task)) {
        status.cpuTime = machTime(task.pti_total_user + task.pti_total_system);
        status.rssBytes = task.pti_resident_size;
        status.threads = static_cast<std::uint32_t>(task.pti_threadnum);
    }
    return status;
}

absl::StatusOr<std::vector<ProcessUse>> MacProcessTable::family(const ProcessId& root,
                                                                const std::vector<ProcessId>& known,
                                                                const SessionList* sessions) const {
    IFRIT_RETURN_IF_ERROR(status(root).status());
    std::vector<ProcessUse> uses;
    std::set<std::int32_t> seen;
    const auto descend = [&](std::int32_t top) {
        std::vector<std::int32_t> pids{top};
        std::vector<std::int32_t> parents{0};
        for (std::size_t i = 0; i < pids.size() && uses.size() < kMostOfFamily; ++i) {
            if (seen.count(pids[i]) != 0) continue;
            const auto process = identify(pids[i]);
            if (!process.ok()) continue;
            const auto found = status(*process);
            // Since it was listed it may have ended, and its number be another's.
            if (!found.ok() || (i != 0 && found->parentPid != parents[i])) continue;
            seen.insert(pids[i]);
            // What children had used is not told; it is known from when they were read last.
            uses.push_back(
                {*process, found->parentPid, found->cpuTime, {}, found->rssBytes, found->threads});
            for (const std::int32_t pid : childrenOf(pids[i])) {
                pids.push_back(pid);
                parents.push_back(pids[i]);
            }
        }
    };
    descend(root.pid);
    if (sessions != nullptr) {
        for (const ProcessId& member : sessionMembers(root))
            descend(member.pid);
    }
    for (const ProcessId& process : known) {
        if (isAlive(process)) descend(process.pid);
    }
    return uses;
}

std::vector<ProcessId> MacProcessTable::sessionMembers(const ProcessId& leader) const {
    std::vector<ProcessId> members;
    const auto holder = identify(leader.pid);
    if (holder.ok() && *holder != leader) return members;  // its pid is another's by now
    for (const std::int32_t pid : allPids()) {
        const auto info = bsdInfo(pid);
        if (!info || info->pbi_status == SZOMB || startOf(*info) < leader.startTime) continue;
        if (::getsid(pid) == leader.pid) members.push_back({pid, startOf(*info), ""});
    }
    return members;
}

absl::StatusOr<std::vector<ProcessId>> MacProcessTable::withEnvironment(
    const std::string& name, const std::string& value) const {
    std::vector<ProcessId> found;
    for (const std::int32_t pid : allPids()) {
        if (pid == ::getpid() || !environmentHolds(argumentsOf(pid), name + '=' + value)) continue;
        const auto info = bsdInfo(pid);
        if (info && info->pbi_status != SZOMB) found.push_back({pid, startOf(*info), ""});
    }
    return found;
}

}  // namespace ifrit::agent::platform
