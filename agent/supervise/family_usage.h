// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <vector>

#include "agent/platform/process_table.h"

namespace ifrit::agent::supervise {

/// What a family of processes has used, from one reading after the other (ProcessTable::family()).
/// Its CPU time never falls, and holds everything once:
///   - a process that lives counts with its own time and with that of the children it waited for;
///   - when it ends and its parent waits for it, its time is in the parent's figure;
///   - when nobody of the family waits for it (its parent has ended or ignores the ends of its
///     children), what it had used at the last reading is kept here.
/// What began and ended unwaited between two readings is missing: it was never seen, and the kernel
/// adds only to a parent what that parent waited for. (Its notices of ended processes, taskstats,
/// are of the whole machine, need rights of their own and are dropped under load.) A cgroup has it.
/// Pure: no clock, no system. Not thread-safe.
class FamilyUsage {
public:
    /// Another process begins, with no family yet.
    void clear();
    /// `family`: no process before its parent. One that was cut at ProcessTable::kMostOfFamily says
    /// nothing of who has gone: the CPU time then stays what it was.
    platform::TreeUsage add(const std::vector<platform::ProcessUse>& family);
    /// Whom to look for in the next reading.
    std::vector<platform::ProcessId> known() const;

private:
    using Nanoseconds = std::chrono::nanoseconds;
    struct Member {
        platform::ProcessUse use;
        /// Of children that have gone since the reading before, and that this one may have waited
        /// for just after it was read: its next figure tells.
        Nanoseconds owed{0};
    };
    using Members = std::map<std::int32_t, Member>;

    Nanoseconds cpuTimeOf(const std::vector<platform::ProcessUse>& family);
    /// The nearest ancestor of one who is gone, of those who still live; nullptr when none does.
    Member* heirOf(const Member& gone, Members& now) const;
    void settle(Member& member, Nanoseconds gone);

    Members m_members;      ///< of the last reading, by pid
    Nanoseconds m_kept{0};  ///< nobody's any more
    Nanoseconds m_sum{0};   ///< at the last reading that was whole
};

}  // namespace ifrit::agent::supervise
