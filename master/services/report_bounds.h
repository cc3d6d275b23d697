// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "master/services/held_machine.h"
#include "master/services/records.h"

namespace ifrit::master::services {

/// What one machine may make the cluster keep, however often it reports: as many agents as a report
/// can tell of, and events as far as its allowance reaches, which fills up again with time. What is
/// over is left out and told of by an event, so that the rest is acknowledged and the machine does
/// not send all of it for ever. One thread.
class ReportBounds {
public:
    /// Of events: at once, and in an hour. 90 days of it are half a gigabyte, where a machine in
    /// trouble tells of something eleven times a minute.
    static constexpr std::size_t kBurstBytes = std::size_t{4} << 20;
    static constexpr std::size_t kBytesPerHour = std::size_t{256} << 10;

    /// What a report that was cut costs its machine.
    struct Cost {
        std::size_t bytes = 0;      ///< of events
        std::uint64_t leftOut = 0;  ///< events that are not told of yet
    };

    /// `held`: the machine as of the reports before; nullptr: none. Changes no allowance: the
    /// report may not be stored, and come again.
    Cost cut(MachineReport& report, const HeldMachine* held) const;
    /// It was stored.
    void charge(const MachineReport& report, const Cost& cost);
    /// Machines whose allowance is not whole.
    std::size_t size() const { return m_spent.size(); }

private:
    struct Spent {
        std::size_t bytes = 0;
        base::WallTime asOf{};
        std::uint64_t leftOut = 0;
    };
    Spent spentOf(const std::string& uuid, base::WallTime now) const;
    void forgetWhole(base::WallTime now);

    std::unordered_map<std::string, Spent> m_spent;
    std::size_t m_nextLook = 1'024;
};

/// Leaves out those agents that would be more than a machine may have, and says which: never one
/// that is held already, nor one that takes the place of another which the report removes.
std::vector<std::string> cutAgents(MachineReport& report, const HeldMachine* held);

}  // namespace ifrit::master::services
