// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/platform/process_id.h"
#include "shared/base/exhaustion.h"
#include "shared/base/status.h"

namespace ifrit::agent::platform {

enum class ProcessState {
    Running,  ///< runs, sleeps or waits for a disk
    Stopped,  ///< SIGSTOP; a debugger's trace stop counts as running
    Zombie,   ///< ended, not reaped by its parent
};

struct ProcessStatus {
    ProcessState state = ProcessState::Running;
    std::int32_t parentPid = 0;
    std::int32_t sessionId = 0;
    std::chrono::nanoseconds cpuTime{0};  ///< user and system, since its start
    std::chrono::nanoseconds age{0};      ///< since its start
    std::uint64_t rssBytes = 0;
    std::uint32_t threads = 1;
};

/// What one process of a family has used until now.
struct ProcessUse {
    ProcessId id;
    std::int32_t parentPid = 0;
    std::chrono::nanoseconds cpuTime{0};  ///< its own, user and system
    /// Of children that ended and were waited for, with what those had waited for: time that was in
    /// their own figures before. 0 where the system does not keep it.
    std::chrono::nanoseconds childrenCpuTime{0};
    std::uint64_t rssBytes = 0;
    std::uint32_t threads = 1;
};

/// Who was in which session at one instant. Made once for the families of many: to list the
/// processes of a machine costs more than all that is read of a family.
class SessionList {
public:
    void add(std::int32_t session, std::int32_t pid) { m_pids[session].push_back(pid); }
    /// Pids, by now perhaps of others.
    const std::vector<std::int32_t>& of(std::int32_t session) const;

private:
    std::map<std::int32_t, std::vector<std::int32_t>> m_pids;
};

/// Where a process is from, as far as the system says. Of a variable of its environment anybody
/// can choose the value; of these not.
struct ProcessOrigin {
    /// Its real user: a program that runs with another one's rights has that of who started it.
    std::optional<std::uint32_t> user;
    /// It sees other processes than we, as in a container; or other files, which may be no more
    /// than another unit of the service manager.
    bool seesOtherProcesses = false;
    bool seesOtherFiles = false;
    /// The value of the variable that was asked for, in the environment that it was started with.
    std::optional<std::string> variable;
};

/// A family's sums.
struct TreeUsage {
    std::chrono::nanoseconds cpuTime{0};
    std::uint64_t rssBytes = 0;
    std::uint32_t tasks = 0;  ///< processes and their threads, as the kernel counts pids
};

/// Reads the machine's processes. Thread-safe, no state of its own. NOT_FOUND PROCESS_GONE
/// everywhere that the process is not there or its pid now belongs to another.
class ProcessTable {
public:
    virtual ~ProcessTable() = default;

    /// No more of a family are read: one may fork faster than it is read.
    static constexpr std::size_t kMostOfFamily = 4096;

    /// Of this process.
    virtual std::int32_t ownPid() const = 0;
    /// Who has this pid now.
    virtual absl::StatusOr<ProcessId> identify(std::int32_t pid) const = 0;
    virtual absl::StatusOr<ProcessStatus> status(const ProcessId& process) const = 0;
    /// True while the process exists and has not ended (a zombie is not alive), and where that
    /// cannot be looked up for want of descriptors. With it a recorded process is adoptable after a
    /// restart.
    bool isAlive(const ProcessId& process) const {
        const auto found = status(process);
        if (base::isExhaustion(found.status())) return true;
        return found.ok() && found->state != ProcessState::Zombie;
    }
    /// One pass over the machine. Empty where family() finds a session's members otherwise.
    virtual SessionList sessions() const { return {}; }
    /// `root`, all its descendants, with `sessions` all others in the session that it leads (so
    /// also what was left to init when its parent ended), and of `known` whoever is still there.
    /// Each once, and no process before its parent: what a reaped child moved to its parent is then
    /// never in both. A process that left the session and its parent (daemon(3)) is seen only when
    /// it is known, and one that began after `sessions` was made only below a member. At most
    /// kMostOfFamily. O(family).
    virtual absl::StatusOr<std::vector<ProcessUse>> family(const ProcessId& root,
                                                           const std::vector<ProcessId>& known,
                                                           const SessionList* sessions) const = 0;
    /// Every process, the leader included, in the session that `leader` leads or led. After the
    /// leader's end only processes that started no earlier than it count. O(processes).
    virtual std::vector<ProcessId> sessionMembers(const ProcessId& leader) const = 0;
    /// Processes, ourselves excluded, whose initial environment holds `name`=`value`: also those
    /// that left their session. An exhaustion (shared/base/exhaustion.h) when not all could be
    /// looked at. O(processes).
    virtual absl::StatusOr<std::vector<ProcessId>> withEnvironment(
        const std::string& name, const std::string& value) const = 0;
    /// Nothing where the system does not tell. An exhaustion when it could not be looked at.
    virtual absl::StatusOr<ProcessOrigin> origin(const ProcessId& process,
                                                 const std::string& variable) const {
        (void)process;
        (void)variable;
        return ProcessOrigin();
    }
};

}  // namespace ifrit::agent::platform
