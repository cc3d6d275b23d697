// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/row_order.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "gui/models/status_words.h"
#include "shared/filter/version_order.h"

namespace ifrit::gui::models {
namespace {

using Rows = std::vector<std::uint32_t>;

/// The place of each interned string among all of them.
Rows ranksOf(const std::vector<std::string>& strings, bool asVersions) {
    Rows ids(strings.size());
    std::iota(ids.begin(), ids.end(), 0U);
    std::sort(ids.begin(), ids.end(), [&](std::uint32_t a, std::uint32_t b) {
        if (asVersions) {
            const int difference = filter::compareVersions(strings[a], strings[b]);
            if (difference != 0) return difference < 0;
        }
        return strings[a] < strings[b];
    });
    Rows ranks(strings.size());
    for (std::uint32_t place = 0; place < ids.size(); ++place)
        ranks[ids[place]] = place;
    return ranks;
}

/// A number for each row that sorts as the column does. Not for Uuid, which has no interned text.
class Keys {
public:
    Keys(const FleetColumns& columns, MachineColumn column) : m_columns(columns), m_column(column) {
        switch (column) {
            case MachineColumn::Address:
            case MachineColumn::Agents:
                m_ranks = ranksOf(columns.strings, true);
                break;
            case MachineColumn::Type:
            case MachineColumn::Pin:
            case MachineColumn::Now:
            case MachineColumn::Labels:
                m_ranks = ranksOf(columns.strings, false);
                break;
            default:
                break;
        }
    }

    std::uint64_t of(std::uint32_t row) const {
        const AgentCell* agent = leadingAgent(m_columns, row);
        switch (m_column) {
            case MachineColumn::State:
                return static_cast<std::uint64_t>(
                    severityOf(m_columns.state[row], m_columns.offline[row] != 0));
            case MachineColumn::Address:
                return m_ranks[m_columns.address[row]];
            case MachineColumn::Type:
                return m_ranks[m_columns.machineType[row]];
            case MachineColumn::Pin:
                return m_ranks[m_columns.pin[row]];
            case MachineColumn::Labels:
                return m_ranks[m_columns.labels[row]];
            case MachineColumn::Batch:
                return m_columns.batch[row];
            case MachineColumn::LastSeen:
                // Shown as an age: the youngest first.
                return ~static_cast<std::uint64_t>(m_columns.lastSeenMs[row]);
            case MachineColumn::Agents:
                return agent == nullptr ? 0
                                        : (std::uint64_t{m_ranks[agent->agent]} << 32) |
                                              m_ranks[agent->runningVersion];
            case MachineColumn::Now:
                return agent == nullptr ? 0
                                        : m_ranks[agent->error != 0 ? agent->error : agent->step];
            case MachineColumn::Cpu:
                return agent == nullptr ? 0 : agent->cpuCentipercent;
            case MachineColumn::Rss:
                return agent == nullptr ? 0 : agent->rssBytes;
            default:
                return 0;
        }
    }

private:
    const FleetColumns& m_columns;
    MachineColumn m_column;
    Rows m_ranks;
};

}  // namespace

const AgentCell* leadingAgent(const FleetColumns& columns, std::uint32_t row) {
    const auto agents = columns.agentsOf(row);
    const auto worst =
        std::min_element(agents.begin(), agents.end(), [](const AgentCell& a, const AgentCell& b) {
            return severityOf(a.state, false) < severityOf(b.state, false);
        });
    return worst == agents.end() ? nullptr : &*worst;
}

bool rowMatches(const FleetColumns& columns, std::uint32_t row,
                const filter::MachineFilter& machineFilter, base::WallTime now) {
    if (columns.alive[row] == 0) return false;
    if (machineFilter.empty()) return true;
    std::vector<filter::AgentFields> agents;
    for (const AgentCell& cell : columns.agentsOf(row)) {
        agents.push_back({columns.text(cell.agent), columns.text(cell.runningVersion), cell.state});
    }
    filter::MachineFields fields;
    fields.uuid = columns.uuid[row];
    fields.machineType = columns.text(columns.machineType[row]);
    fields.pin = columns.text(columns.pin[row]);
    fields.hostname = columns.text(columns.hostname[row]);
    fields.address = columns.text(columns.address[row]);
    fields.ifritVersion = columns.text(columns.ifritVersion[row]);
    fields.labels = columns.text(columns.labels[row]);
    fields.batch = columns.batch[row];
    fields.state = columns.state[row];
    fields.offline = columns.offline[row] != 0;
    fields.lastSeen = base::fromUnixMillis(columns.lastSeenMs[row]);
    fields.agents = agents;
    return machineFilter.matches(fields, now);
}

Rows orderRows(const FleetColumns& columns, const filter::MachineFilter& machineFilter,
               const RowOrder& order, base::WallTime now) {
    const Keys keys(columns, order.column);
    std::vector<std::pair<std::uint64_t, std::uint32_t>> found;
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        if (rowMatches(columns, row, machineFilter, now)) found.emplace_back(keys.of(row), row);
    }
    std::sort(found.begin(), found.end(), [&](const auto& a, const auto& b) {
        if (a.first != b.first) return order.descending ? a.first > b.first : a.first < b.first;
        const int byUuid = columns.uuid[a.second].compare(columns.uuid[b.second]);
        const bool uuidDescends = order.descending && order.column == MachineColumn::Uuid;
        return uuidDescends ? byUuid > 0 : byUuid < 0;
    });
    Rows rows;
    rows.reserve(found.size());
    for (const auto& [key, row] : found)
        rows.push_back(row);
    return rows;
}

}  // namespace ifrit::gui::models
