// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/linux/linux_process_table.h"

#include <dirent.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "agent/platform/linux/proc_stat.h"
#include "agent/platform/posix/small_file.h"
#include "agent/platform/posix/unique_fd.h"
#include "shared/base/exhaustion.h"

namespace ifrit::agent::platform {
namespace {

std::string bootId(const std::string& proc) {
    std::string id = readSmallFile(proc + "/sys/kernel/random/boot_id").value_or("");
    while (!id.empty() && id.back() == '\n')
        id.pop_back();
    return id;
}

absl::Status gone(std::int32_t pid) {
    return base::notFound("PROCESS_GONE", std::to_string(pid),
                          "process {} has ended, or its pid belongs to another process now", pid);
}

// Nothing could be read of it: with want of descriptors that is no proof that it has ended.
absl::Status notRead(std::int32_t pid, int error) {
    absl::Status status = base::errnoStatus(error, fmt::format("looking at process {}", pid));
    return base::isExhaustion(status) ? status : gone(pid);
}

// OK where it is the process that is not there, or not open to us.
absl::Status exhaustionOf(std::int32_t pid, int error) {
    absl::Status status = base::errnoStatus(error, fmt::format("looking at process {}", pid));
    return base::isExhaustion(status) ? status : absl::OkStatus();
}

// The entries of a /proc directory that are numbers; nullopt, with errno, when it is not open to
// us.
std::optional<std::vector<std::int32_t>> readNumbers(const std::string& directory) {
    std::vector<std::int32_t> numbers;
    const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(directory.c_str()), &::closedir);
    if (!open) return std::nullopt;
    while (const dirent* entry = ::readdir(open.get())) {
        const std::string_view name = entry->d_name;
        std::int32_t number = 0;
        const auto parsed = std::from_chars(name.data(), name.data() + name.size(), number);
        if (parsed.ec == std::errc() && parsed.ptr == name.data() + name.size())
            numbers.push_back(number);
    }
    return numbers;
}

std::vector<std::int32_t> numbersIn(const std::string& directory) {
    return readNumbers(directory).value_or(std::vector<std::int32_t>());
}

// What stands behind the beginning of an entry. environ is a sequence of NAME=VALUE, each ended by
// a NUL.
std::optional<std::string_view> behind(std::string_view environment, std::string_view begin) {
    while (!environment.empty()) {
        const auto end = environment.find('\0');
        const std::string_view entry = environment.substr(0, end);
        if (entry.substr(0, begin.size()) == begin) return entry.substr(begin.size());
        if (end == std::string_view::npos) break;
        environment.remove_prefix(end + 1);
    }
    return std::nullopt;
}

// Whether two processes are in different ones; false where that cannot be read.
bool differInNamespace(const std::string& kind, const std::string& one, const std::string& other) {
    std::error_code error;
    const auto ofOne = std::filesystem::read_symlink(one + "/ns/" + kind, error);
    const auto ofOther = std::filesystem::read_symlink(other + "/ns/" + kind, error);
    return !ofOne.empty() && !ofOther.empty() && ofOne != ofOther;
}

std::chrono::nanoseconds sinceBoot() {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace

LinuxProcessTable::LinuxProcessTable(std::string proc)
    : m_proc(std::move(proc)),
      m_bootId(bootId(m_proc)),
      m_ticksPerSecond(::sysconf(_SC_CLK_TCK)),
      m_pageBytes(::sysconf(_SC_PAGESIZE)) {}

std::string LinuxProcessTable::pathOf(std::int32_t pid, const char* file) const {
    return fmt::format("{}/{}/{}", m_proc, pid, file);
}

std::optional<ProcStat> LinuxProcessTable::readStat(std::int32_t pid) const {
    const auto text = readSmallFile(pathOf(pid, "stat"));
    return text ? parseProcStat(*text) : std::nullopt;
}

std::vector<std::int32_t> LinuxProcessTable::childrenOf(std::int32_t pid) const {
    std::vector<std::int32_t> pids;
    const std::string tasks = pathOf(pid, "task");
    for (const std::int32_t thread : numbersIn(tasks)) {
        const auto text = readSmallFile(fmt::format("{}/{}/children", tasks, thread));
        if (!text) continue;
        const char* at = text->data();
        const char* const end = at + text->size();
        while (at < end) {
            std::int32_t child = 0;
            const auto parsed = std::from_chars(at, end, child);
            if (parsed.ec != std::errc()) break;
            pids.push_back(child);
            at = parsed.ptr + 1;
        }
    }
    return pids;
}

std::int32_t LinuxProcessTable::ownPid() const {
    return ::getpid();
}

absl::StatusOr<ProcessId> LinuxProcessTable::identify(std::int32_t pid) const {
    errno = 0;
    const auto stat = readStat(pid);
    if (!stat) return notRead(pid, errno);
    return ProcessId{pid, stat->startTime, m_bootId};
}

std::chrono::nanoseconds LinuxProcessTable::ticks(std::uint64_t count) const {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(count) *
                                    (1'000'000'000 / m_ticksPerSecond));
}

absl::StatusOr<ProcessStatus> LinuxProcessTable::status(const ProcessId& process) const {
    errno = 0;
    const auto stat = readStat(process.pid);
    if (!stat) return notRead(process.pid, errno);
    if (stat->startTime != process.startTime || process.bootId != m_bootId)
        return gone(process.pid);
    ProcessStatus status;
    if (stat->state == 'Z' || stat->state == 'X') status.state = ProcessState::Zombie;
    if (stat->state == 'T') status.state = ProcessState::Stopped;
    status.parentPid = stat->parentPid;
    status.sessionId = stat->sessionId;
    status.cpuTime = ticks(stat->userTicks + stat->systemTicks);
    status.age = std::max(std::chrono::nanoseconds(0), sinceBoot() - ticks(stat->startTime));
    status.rssBytes = stat->rssPages * static_cast<std::uint64_t>(m_pageBytes);
    status.threads = stat->threads;
    return status;
}

ProcessUse LinuxProcessTable::useOf(std::int32_t pid, const ProcStat& stat) const {
    return {{pid, stat.startTime, m_bootId},
            stat.parentPid,
            ticks(stat.userTicks + stat.systemTicks),
            ticks(stat.childrenUserTicks + stat.childrenSystemTicks),
            stat.rssPages * static_cast<std::uint64_t>(m_pageBytes),
            stat.threads};
}

// Reads each process once, parents first.
class LinuxProcessTable::FamilyWalk {
public:
    explicit FamilyWalk(const LinuxProcessTable& table) : m_table(table) {}

    // The process, and whatever hangs below it. `read`: what was just read of it.
    void descend(std::int32_t top, const std::optional<ProcStat>& read = std::nullopt) {
        std::vector<Listed> listed{{top, std::nullopt}};  // grows while it is walked
        for (std::size_t i = 0; i < listed.size() && m_uses.size() < kMostOfFamily; ++i) {
            const auto [pid, parent] = listed[i];
            if (m_seen.count(pid) != 0) continue;
            const auto stat = i == 0 && read ? read : m_table.readStat(pid);
            // Since it was listed it may have ended, and its number be another's.
            if (!stat || (parent && stat->parentPid != *parent)) continue;
            m_seen.insert(pid);
            m_uses.push_back(m_table.useOf(pid, *stat));
            for (const std::int32_t child : m_table.childrenOf(pid))
                listed.push_back({child, pid});
        }
    }

    // What the tree of its leader does not hold: its parent has ended. Among themselves these may
    // be parent and child, in any order.
    void sweepSession(std::int32_t leader, const SessionList& sessions) {
        std::set<std::int32_t> strays;
        for (const std::int32_t pid : sessions.of(leader)) {
            // Asked again: since the list was made it may have become another's.
            if (m_seen.count(pid) == 0 && ::getsid(pid) == leader) strays.insert(pid);
        }
        for (const std::int32_t stray : strays) {
            std::int32_t top = stray;
            for (std::size_t up = 0; up < strays.size(); ++up) {
                const auto stat = m_table.readStat(top);
                if (!stat || strays.count(stat->parentPid) == 0) break;
                top = stat->parentPid;
            }
            descend(top);
            descend(stray);  // unless it was met on the way down
        }
    }

    // Whether the process is there now.
    bool look(const ProcessId& known) {
        if (m_seen.count(known.pid) != 0) return true;
        const auto stat = m_table.readStat(known.pid);
        if (!stat || stat->startTime != known.startTime) return false;
        descend(known.pid, stat);
        return true;
    }

    std::vector<ProcessUse> take() { return std::move(m_uses); }

private:
    struct Listed {
        std::int32_t pid;
        std::optional<std::int32_t> parent;  // none: asked for by its own number
    };

    const LinuxProcessTable& m_table;
    std::set<std::int32_t> m_seen;
    std::vector<ProcessUse> m_uses;
};

absl::StatusOr<std::vector<ProcessUse>> LinuxProcessTable::family(
    const ProcessId& root, const std::vector<ProcessId>& known, const SessionList* sessions) const {
    FamilyWalk walk(*this);
    if (root.bootId != m_bootId || !walk.look(root)) return gone(root.pid);
    if (sessions != nullptr) walk.sweepSession(root.pid, *sessions);
    for (const ProcessId& process : known) {
        if (process.bootId == m_bootId) walk.look(process);
    }
    return walk.take();
}

SessionList LinuxProcessTable::sessions() const {
    SessionList list;
    for (const std::int32_t pid : numbersIn(m_proc)) {
        // Threads of the kernel are in none.
        if (const std::int32_t session = ::getsid(pid); session > 0) list.add(session, pid);
    }
    return list;
}

std::vector<ProcessId> LinuxProcessTable::sessionMembers(const ProcessId& leader) const {
    std::vector<ProcessId> members;
    // While a session has members the kernel does not reuse its number. So if another process has
    // the leader's pid now, our session is empty and what is found belongs to that other.
    const auto holder = identify(leader.pid);
    if (leader.bootId != m_bootId || (holder.ok() && *holder != leader)) return members;
    for (const std::int32_t pid : numbersIn(m_proc)) {
        // To open a file of each process would cost a hundred times as much as to ask this.
        if (::getsid(pid) != leader.pid) continue;
        const auto stat = readStat(pid);
        if (!stat || stat->sessionId != leader.pid || stat->startTime < leader.startTime) continue;
        if (stat->state != 'Z' && stat->state != 'X')
            members.push_back({pid, stat->startTime, m_bootId});
    }
    return members;
}

absl::StatusOr<std::vector<ProcessId>> LinuxProcessTable::withEnvironment(
    const std::string& name, const std::string& value) const {
    std::vector<ProcessId> found;
    const std::string begin = name + '=';
    errno = 0;
    const auto pids = readNumbers(m_proc);
    if (!pids) IFRIT_RETURN_IF_ERROR(exhaustionOf(::getpid(), errno));
    for (const std::int32_t pid : pids.value_or(std::vector<std::int32_t>())) {
        // Threads of the kernel, often half of all, are in no session and have no environment.
        if (pid == ::getpid() || ::getsid(pid) == 0) continue;
        errno = 0;
        const auto environment = readSmallFile(pathOf(pid, "environ"));
        if (!environment) IFRIT_RETURN_IF_ERROR(exhaustionOf(pid, errno));
        if (!environment || behind(*environment, begin) != value) continue;
        errno = 0;
        const auto stat = readStat(pid);
        if (!stat) IFRIT_RETURN_IF_ERROR(exhaustionOf(pid, errno));
        if (stat && stat->state != 'Z') found.push_back({pid, stat->startTime, m_bootId});
    }
    return found;
}

absl::StatusOr<ProcessOrigin> LinuxProcessTable::origin(const ProcessId& process,
                                                        const std::string& variable) const {
    ProcessOrigin origin;
    errno = 0;
    const auto status = readSmallFile(pathOf(process.pid, "status"));
    if (!status) return notRead(process.pid, errno);
    origin.user = parseRealUser(*status);
    errno = 0;
    const auto environment = readSmallFile(pathOf(process.pid, "environ"));
    if (!environment) return notRead(process.pid, errno);
    if (const auto value = behind(*environment, variable + '=')) origin.variable.emplace(*value);
    const std::string its = fmt::format("{}/{}", m_proc, process.pid);
    origin.seesOtherProcesses = differInNamespace("pid", its, m_proc + "/self");
    origin.seesOtherFiles = differInNamespace("mnt", its, m_proc + "/self");
    // All of this may have been of another that has its number since.
    IFRIT_RETURN_IF_ERROR(this->status(process).status());
    return origin;
}

}  // namespace ifrit::agent::platform
