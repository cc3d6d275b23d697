// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/row_order.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "gui/models/status_words.h"
#include "shared/filter/version_order.h"

namespace ifrit::gui::models {
namespace {

using Rows = std::vector<std::uint32_t>;

/// An IPv4 address as a number, so that a million of them cost no million comparisons of text;
/// nothing comes first, and what is no such address after them all.
std::uint64_t addressNumber(std::string_view text) {
    if (text.empty()) return 0;
    std::uint64_t address = 0;
    const char* at = text.data();
    const char* const end = at + text.size();
    for (int part = 0; part < 4; ++part) {
        std::uint32_t number = 256;
        if (part > 0 && (at == end || *at++ != '.')) return UINT64_MAX;
        at = std::from_chars(at, end, number).ptr;
        if (number > 255) return UINT64_MAX;
        address = address << 8 | number;
    }
    return at == end ? address + 1 : UINT64_MAX;
}

/// The place of each of the `used` strings among them; of the others nothing.
Rows ranksOf(const TextColumn& strings, const std::vector<bool>& used, bool asVersions) {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> ids;
    for (std::uint32_t id = 0; id < strings.size(); ++id) {
        if (used[id]) ids.emplace_back(asVersions ? addressNumber(strings[id]) : 0, id);
    }
    std::sort(ids.begin(), ids.end(), [&](const auto& a, const auto& b) {
        if (a.first != b.first) return a.first < b.first;
        if (asVersions) {
            const int difference = filter::compareVersions(strings[a.second], strings[b.second]);
            if (difference != 0) return difference < 0;
        }
        return strings[a.second] < strings[b.second];
    });
    Rows ranks(strings.size());
    for (std::uint32_t place = 0; place < ids.size(); ++place)
        ranks[ids[place].second] = place;
    return ranks;
}

/// A number for each row that sorts as the column does. Not for Uuid, which has no interned text.
class Keys {
public:
    Keys(const FleetColumns& columns, MachineColumn column) : m_columns(columns), m_column(column) {
        std::vector<bool> used(columns.strings.size());
        for (std::uint32_t row = 0; row < columns.rows(); ++row)
            markTexts(row, used);
        const bool asVersions = column == MachineColumn::Address || column == MachineColumn::Agents;
        m_ranks = ranksOf(columns.strings, used, asVersions);
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
    /// Those whose ranks of() asks for.
    void markTexts(std::uint32_t row, std::vector<bool>& used) const {
        const AgentCell* agent = nullptr;
        switch (m_column) {
            case MachineColumn::Address:
                used[m_columns.address[row]] = true;
                break;
            case MachineColumn::Type:
                used[m_columns.machineType[row]] = true;
                break;
            case MachineColumn::Pin:
                used[m_columns.pin[row]] = true;
                break;
            case MachineColumn::Labels:
                used[m_columns.labels[row]] = true;
                break;
            case MachineColumn::Agents:
                agent = leadingAgent(m_columns, row);
                if (agent == nullptr) break;
                used[agent->agent] = true;
                used[agent->runningVersion] = true;
                break;
            case MachineColumn::Now:
                agent = leadingAgent(m_columns, row);
                if (agent != nullptr) used[agent->error != 0 ? agent->error : agent->step] = true;
                break;
            default:
                break;
        }
    }

    const FleetColumns& m_columns;
    MachineColumn m_column;
    Rows m_ranks;
};

struct Place {
    std::uint64_t key = 0;
    std::uint64_t uuid = 0;  ///< the first letters that differ, as a number
    std::uint32_t row = 0;
};

std::size_t commonStart(const TextColumn& uuids, const std::vector<Place>& places) {
    if (places.empty()) return 0;
    const std::string_view first = uuids[places.front().row];
    std::size_t length = first.size();
    for (const Place& place : places) {
        const std::string_view uuid = uuids[place.row];
        length = std::min(length, uuid.size());
        while (uuid.compare(0, length, first, 0, length) != 0)
            --length;
    }
    return length;
}

std::uint64_t wordAt(std::string_view text, std::size_t at) {
    std::uint64_t out = 0;
    for (std::size_t i = at; i < at + sizeof out; ++i)
        out = out << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
    return out;
}

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
    std::vector<Place> found;
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        if (rowMatches(columns, row, machineFilter, now)) found.push_back({keys.of(row), 0, row});
    }
    const std::size_t start = commonStart(columns.uuid, found);
    for (Place& place : found)
        place.uuid = wordAt(columns.uuid[place.row], start);
    const bool uuidDescends = order.descending && order.column == MachineColumn::Uuid;
    std::sort(found.begin(), found.end(), [&](const Place& a, const Place& b) {
        if (a.key != b.key) return order.descending ? a.key > b.key : a.key < b.key;
        const Place& low = uuidDescends ? b : a;
        const Place& high = uuidDescends ? a : b;
        if (low.uuid != high.uuid) return low.uuid < high.uuid;
        return columns.uuid[low.row] < columns.uuid[high.row];
    });
    Rows rows;
    rows.reserve(found.size());
    for (const Place& place : found)
        rows.push_back(place.row);
    return rows;
}

}  // namespace ifrit::gui::models
