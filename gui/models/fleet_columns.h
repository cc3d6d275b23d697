// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "gui/models/text_column.h"
#include "shared/domain/machine.h"

namespace ifrit::gui::models {

/// An index into FleetColumns::strings.
using StringId = std::uint32_t;

/// One managed agent of one machine.
struct AgentCell {
    StringId agent = 0;
    StringId runningVersion = 0;
    StringId desiredVersion = 0;
    StringId step = 0;
    StringId error = 0;
    StringId releaseId = 0;
    domain::MachineState state = domain::MachineState::Unknown;
    std::uint32_t cpuCentipercent = 0;
    std::uint32_t restarts = 0;
    std::uint64_t rssBytes = 0;
    std::int64_t sinceMs = 0;
    bool operator==(const AgentCell&) const = default;
};

/// The fleet as columns; a row is a machine. Removed rows stay as holes until the next snapshot, so
/// that row numbers stay good.
struct FleetColumns {
    TextColumn strings;  ///< begins with ""
    TextColumn uuid;
    std::vector<StringId> address;
    std::vector<StringId> machineType;
    std::vector<StringId> pin;
    std::vector<StringId> labels;
    std::vector<StringId> hostname;
    std::vector<StringId> ifritVersion;
    std::vector<domain::MachineState> state;
    std::vector<std::uint8_t> offline;
    std::vector<std::uint8_t> alive;
    std::vector<std::uint32_t> batch;
    std::vector<std::int64_t> lastSeenMs;
    std::vector<std::uint32_t> agentFirst;  ///< into `agents`
    std::vector<std::uint32_t> agentCount;
    std::vector<AgentCell> agents;

    std::uint32_t rows() const { return static_cast<std::uint32_t>(uuid.size()); }
    std::string_view text(StringId id) const { return strings[id]; }
    std::span<const AgentCell> agentsOf(std::uint32_t row) const {
        return {agents.data() + agentFirst[row], agentCount[row]};
    }
};

}  // namespace ifrit::gui::models
