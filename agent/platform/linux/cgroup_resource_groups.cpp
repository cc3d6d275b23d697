// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/linux/cgroup_resource_groups.h"

#include <signal.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "agent/platform/linux/pidfd.h"

namespace ifrit::agent::platform {
namespace {

constexpr char kGuard[] = "/ifrit-guard.service";
constexpr char kAgentPrefix[] = "agent-";
constexpr char kNoLimit[] = "max";
/// The kernel counts in periods of 100 ms: short enough that a held program still answers.
constexpr std::uint32_t kPeriodUs = 100'000;
/// Processes are made while others are killed; who forks faster than this is met again.
constexpr int kMaxPasses = 20;

std::vector<std::int32_t> processesOf(const CgroupFiles& files, const std::string& group) {
    std::vector<std::int32_t> pids;
    std::istringstream lines(files.read(group, "cgroup.procs").value_or(""));
    for (std::int32_t pid = 0; lines >> pid;)
        pids.push_back(pid);
    return pids;
}

std::set<std::string> wordsOf(const std::string& text) {
    std::istringstream words(text);
    std::set<std::string> all;
    for (std::string word; words >> word;)
        all.insert(word);
    return all;
}

/// The number after `key` in a file of lines "key number"; 0 when it is not there.
std::uint64_t valueOf(const absl::StatusOr<std::string>& text, const std::string& key) {
    if (!text.ok()) return 0;
    std::istringstream lines(*text);
    std::string name;
    std::uint64_t value = 0;
    while (lines >> name >> value)
        if (name == key) return value;
    return 0;
}

std::string limitText(std::uint64_t value) {
    return value == 0 ? kNoLimit : std::to_string(value);
}

bool endsWith(std::string_view text, std::string_view end) {
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace

absl::StatusOr<std::string> CgroupResourceGroups::baseBeside(const std::string& own,
                                                             const std::string& unit) {
    if (unit.empty()) {
        return base::failedPrecondition("NO_CGROUP", own,
                                        "ifrit-guard.service did not start it, and limits.cgroup "
                                        "names no control group");
    }
    if (!endsWith(own, kGuard)) {
        return base::failedPrecondition("NO_CGROUP", own,
                                        "its control group {} is not that of ifrit-guard.service",
                                        own.empty() ? "(version 1)" : own);
    }
    return own.substr(0, own.size() - std::string_view(kGuard).size() + 1) + unit;
}

absl::StatusOr<std::unique_ptr<CgroupResourceGroups>> CgroupResourceGroups::open(
    std::unique_ptr<CgroupFiles> files, std::string base) {
    std::unique_ptr<CgroupResourceGroups> made(
        new CgroupResourceGroups(std::move(files), std::move(base)));
    // systemd takes the empty group of its unit away.
    IFRIT_RETURN_IF_ERROR(made->m_files->make(made->m_base));
    IFRIT_RETURN_IF_ERROR(made->handDownControllers());
    for (const std::string& child : made->m_files->children(made->m_base)) {
        if (child.rfind(kAgentPrefix, 0) != 0) continue;
        made->m_files->remove(made->m_base + '/' + child).IgnoreError();  // fails where one runs
    }
    return made;
}

absl::Status CgroupResourceGroups::handDownControllers() {
    for (const char* controller : {"cpu", "memory", "pids"}) {
        // What the base was not given cannot be handed down: then that limit is watched.
        m_files->write(m_base, "cgroup.subtree_control", std::string("+") + controller)
            .IgnoreError();
    }
    IFRIT_ASSIGN_OR_RETURN(const std::string given,
                           m_files->read(m_base, "cgroup.subtree_control"));
    m_controllers = wordsOf(given);
    return absl::OkStatus();
}

std::string CgroupResourceGroups::groupOf(const std::string& name) const {
    return m_base + '/' + kAgentPrefix + name;
}

absl::StatusOr<bool> CgroupResourceGroups::set(const std::string& group,
                                               const std::string& controller,
                                               const std::string& file, const std::string& value) {
    if (m_controllers.count(controller) == 0) return false;
    IFRIT_RETURN_IF_ERROR(m_files->write(group, file, value));
    return value.rfind(kNoLimit, 0) != 0;
}

absl::StatusOr<HeldLimits> CgroupResourceGroups::prepare(const std::string& name,
                                                         const GroupLimits& limits) {
    const std::string group = groupOf(name);
    IFRIT_RETURN_IF_ERROR(m_files->make(group));
    // The kernel counts what is taken while a controller is on. Whoever restarts the unit of the
    // base takes it away for a moment: what a running agent had before is then in no count.
    const bool hadNoLimit = m_files->read(group, "memory.max").value_or("").rfind(kNoLimit, 0) == 0;
    const bool uncounted = hadNoLimit && !isEmpty(name);
    HeldLimits held;
    IFRIT_ASSIGN_OR_RETURN(held.memory,
                           set(group, "memory", "memory.max", limitText(limits.memoryBytes)));
    if (held.memory) {
        // The limit is one of memory, not of what is put off to the disk; and half a program is no
        // program. Neither is there on every kernel, and neither decides.
        m_files->write(group, "memory.swap.max", "0").IgnoreError();
        m_files->write(group, "memory.oom.group", "1").IgnoreError();
        held.memory = !uncounted;
    }
    const std::string share =
        limits.cpuPercent == 0 ? kNoLimit
                               : std::to_string(std::uint64_t{limits.cpuPercent} * kPeriodUs / 100);
    IFRIT_ASSIGN_OR_RETURN(held.cpu,
                           set(group, "cpu", "cpu.max", fmt::format("{} {}", share, kPeriodUs)));
    IFRIT_ASSIGN_OR_RETURN(held.tasks, set(group, "pids", "pids.max", limitText(limits.tasks)));
    return held;
}

absl::Status CgroupResourceGroups::add(const std::string& name, const ProcessId& process) {
    return m_files->write(groupOf(name), "cgroup.procs", std::to_string(process.pid));
}

bool CgroupResourceGroups::holds(const std::string& name, const ProcessId& process) const {
    const std::vector<std::int32_t> pids = processesOf(*m_files, groupOf(name));
    return std::find(pids.begin(), pids.end(), process.pid) != pids.end();
}

bool CgroupResourceGroups::isEmpty(const std::string& name) const {
    return valueOf(m_files->read(groupOf(name), "cgroup.events"), "populated") == 0;
}

std::optional<GroupUsage> CgroupResourceGroups::usage(const std::string& name) const {
    const std::string group = groupOf(name);
    const auto cpu = m_files->read(group, "cpu.stat");
    if (!cpu.ok()) return std::nullopt;
    GroupUsage usage;
    usage.cpuTime = std::chrono::microseconds(valueOf(cpu, "usage_usec"));
    usage.throttled = std::chrono::microseconds(valueOf(cpu, "throttled_usec"));
    usage.memoryKills = valueOf(m_files->read(group, "memory.events"), "oom_kill");
    usage.tasksRefused = valueOf(m_files->read(group, "pids.events"), "max");
    return usage;
}

absl::Status CgroupResourceGroups::killAll(const std::string& name) {
    if (isEmpty(name)) return absl::OkStatus();
    const std::string group = groupOf(name);
    // Linux 5.14; nothing that is forked meanwhile escapes it.
    if (m_files->write(group, "cgroup.kill", "1").ok()) return absl::OkStatus();
    return killOneByOne(group);
}

absl::Status CgroupResourceGroups::killOneByOne(const std::string& group) {
    std::set<std::int32_t> done;
    for (int pass = 0; pass < kMaxPasses; ++pass) {
        bool anyNew = false;
        for (const std::int32_t pid : processesOf(*m_files, group)) {
            const UniqueFd handle = openPidfd(pid);
            // Again, with the handle: the pid may have come to mean a process outside.
            const std::vector<std::int32_t> now = processesOf(*m_files, group);
            if (!handle.valid() || std::find(now.begin(), now.end(), pid) == now.end()) continue;
            sendToPidfd(handle, SIGKILL);
            anyNew = done.insert(pid).second || anyNew;
        }
        if (!anyNew) break;
    }
    return absl::OkStatus();
}

void CgroupResourceGroups::remove(const std::string& name) {
    m_files->remove(groupOf(name)).IgnoreError();
}

}  // namespace ifrit::agent::platform
