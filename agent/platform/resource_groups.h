// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "agent/platform/process_id.h"
#include "shared/base/status.h"

namespace ifrit::agent::platform {

/// What a group may use at most; zero means no limit.
struct GroupLimits {
    std::uint64_t memoryBytes = 0;
    std::uint32_t cpuPercent = 0;  ///< of one core
    std::uint32_t tasks = 0;       ///< processes and threads
};

/// Which limits the system itself holds, from the first instruction on. The others have to be
/// watched by whoever set them.
struct HeldLimits {
    bool memory = false;
    bool cpu = false;
    bool tasks = false;
    bool operator==(const HeldLimits&) const = default;
};

/// Counters since the group was made; they only grow.
struct GroupUsage {
    std::chrono::nanoseconds cpuTime{0};    ///< of processes that ended, too
    std::chrono::nanoseconds throttled{0};  ///< how long the limit of the processor held it back
    std::uint64_t memoryKills = 0;          ///< processes that the system killed over the limit
    std::uint64_t tasksRefused = 0;         ///< processes and threads that were not made
};

/// Sets of processes that the system limits and ends as a whole: control groups on Linux, jobs on
/// Windows. Children belong to the group of their parent, whatever they do to get away. Names are
/// those of agents (domain::checkAgentName). Thread-safe for different names.
class ResourceGroups {
public:
    virtual ~ResourceGroups() = default;

    /// Makes the group where there is none and sets its limits. `memory` is held only where the
    /// system counts all that the group has.
    virtual absl::StatusOr<HeldLimits> prepare(const std::string& name,
                                               const GroupLimits& limits) = 0;
    /// Moves the process in; what it has made already stays where it is.
    virtual absl::Status add(const std::string& name, const ProcessId& process) = 0;
    virtual bool holds(const std::string& name, const ProcessId& process) const = 0;
    /// True also where there is no such group.
    virtual bool isEmpty(const std::string& name) const = 0;
    /// nullopt: there is no such group.
    virtual std::optional<GroupUsage> usage(const std::string& name) const = 0;
    /// Kills all that is in it, at once; OK where nothing is.
    virtual absl::Status killAll(const std::string& name) = 0;
    /// Takes an empty group away; one that is not stays, for the next prepare().
    virtual void remove(const std::string& name) = 0;
};

struct OpenedGroups {
    std::unique_ptr<ResourceGroups> groups;
    std::string how;  ///< a sentence for people: what holds the limits, and why not more
};

/// `setting` is agent.toml's `limits.cgroup`: "auto", "off" or a path. Never fails: where the
/// system gives none, the groups do nothing and hold no limit.
OpenedGroups openResourceGroups(const std::string& setting);

}  // namespace ifrit::agent::platform
