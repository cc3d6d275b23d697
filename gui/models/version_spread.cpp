// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/version_spread.h"

#include <algorithm>
#include <unordered_map>

#include "gui/models/version_colors.h"

namespace ifrit::gui::models {
namespace {

/// Counts by version. Neighbours mostly run the same: the last one is at hand.
class Counts {
public:
    VersionSpread& of(StringId version) {
        if (version != m_last || m_lastCounts == nullptr) {
            m_lastCounts = &m_counts[version];
            m_last = version;
        }
        return *m_lastCounts;
    }
    const std::unordered_map<StringId, VersionSpread>& all() const { return m_counts; }

private:
    std::unordered_map<StringId, VersionSpread> m_counts;
    VersionSpread* m_lastCounts = nullptr;  // a map's nodes stay where they are
    StringId m_last = 0;
};

}  // namespace

std::vector<VersionSpread> versionSpread(const FleetColumns& columns, std::string_view agent) {
    const std::size_t wanted = columns.strings.find(agent);
    if (agent.empty() || wanted >= columns.strings.size()) return {};
    const auto id = static_cast<StringId>(wanted);
    Counts counts;
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        if (columns.alive[row] == 0) continue;
        for (const AgentCell& cell : columns.agentsOf(row)) {
            if (cell.agent != id) continue;
            const bool same = cell.runningVersion == cell.desiredVersion;
            if (cell.runningVersion != 0) {
                VersionSpread& running = counts.of(cell.runningVersion);
                ++running.running;
                if (same) ++running.staying;
            }
            if (!same && cell.desiredVersion != 0) ++counts.of(cell.desiredVersion).coming;
        }
    }
    std::vector<VersionSpread> out;
    for (const auto& [version, machines] : counts.all()) {
        out.push_back(machines);
        out.back().version = std::string(columns.text(version));
    }
    std::sort(out.begin(), out.end(), [](const VersionSpread& a, const VersionSpread& b) {
        return standsBefore(a.version, b.version);
    });
    return out;
}

}  // namespace ifrit::gui::models
