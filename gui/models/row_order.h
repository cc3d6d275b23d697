// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "gui/models/fleet_columns.h"
#include "shared/base/clock.h"
#include "shared/filter/machine_filter.h"

namespace ifrit::gui::models {

enum class MachineColumn {
    State,
    Uuid,
    Address,
    Type,
    Pin,
    Agents,
    Batch,
    LastSeen,
    Now,
    Cpu,
    Rss,
    Labels,
    Count
};

struct RowOrder {
    MachineColumn column = MachineColumn::Uuid;
    bool descending = false;
    bool operator==(const RowOrder&) const = default;
};

/// Does the filter let this row through? False for a hole.
bool rowMatches(const FleetColumns& columns, std::uint32_t row,
                const filter::MachineFilter& machineFilter, base::WallTime now);

/// The rows that pass the filter, in order; equal ones by uuid, so that the order is total. Texts
/// are compared once each (interned), so a million rows cost one integer sort. Pure; any thread.
std::vector<std::uint32_t> orderRows(const FleetColumns& columns,
                                     const filter::MachineFilter& machineFilter,
                                     const RowOrder& order, base::WallTime now);

/// The agent that a machine's row speaks of: the one in the worst state. Null: it has none.
const AgentCell* leadingAgent(const FleetColumns& columns, std::uint32_t row);

}  // namespace ifrit::gui::models
