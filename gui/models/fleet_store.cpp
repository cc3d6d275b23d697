// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/fleet_store.h"

#include <algorithm>

namespace ifrit::gui::models {
namespace {

std::shared_ptr<FleetColumns> emptyColumns() {
    auto columns = std::make_shared<FleetColumns>();
    columns->strings.push_back({});
    return columns;
}

AgentCell agentCell(const services::AgentColumns& from, std::size_t i) {
    AgentCell cell;
    cell.agent = from.agent[i];
    cell.runningVersion = from.runningVersion[i];
    cell.desiredVersion = from.desiredVersion[i];
    cell.step = from.step[i];
    cell.error = from.error[i];
    cell.releaseId = from.releaseId[i];
    cell.state = from.state[i];
    cell.cpuCentipercent = from.cpuCentipercent[i];
    cell.restarts = from.restarts[i];
    cell.rssBytes = from.rssBytes[i];
    cell.sinceMs = from.sinceMs[i];
    return cell;
}

void addRow(FleetColumns& columns, const std::string& uuid) {
    columns.uuid.push_back(uuid);
    columns.address.push_back(0);
    columns.machineType.push_back(0);
    columns.pin.push_back(0);
    columns.labels.push_back(0);
    columns.hostname.push_back(0);
    columns.ifritVersion.push_back(0);
    columns.state.push_back(domain::MachineState::Unknown);
    columns.offline.push_back(0);
    columns.alive.push_back(1);
    columns.batch.push_back(0);
    columns.lastSeenMs.push_back(0);
    columns.agentFirst.push_back(static_cast<std::uint32_t>(columns.agents.size()));
    columns.agentCount.push_back(0);
}

}  // namespace

FleetStore::FleetStore() : m_columns(emptyColumns()) {}

FleetChange FleetStore::clear() {
    m_columns = emptyColumns();
    m_rowOf.clear();
    m_vocabulary = {};
    m_gathering.reset();
    m_size = 0;
    m_generation = 0;
    m_loaded = false;
    FleetChange change;
    change.reset = true;
    return change;
}

FleetColumns& FleetStore::writable() {
    // Snapshots are only taken and dropped on this thread, so the count is exact.
    if (m_columns.use_count() > 1) m_columns = std::make_shared<FleetColumns>(*m_columns);
    return *m_columns;
}

// A column that grows moves whole, and a million rows take longer to move than a frame.
void FleetStore::reserve(Snapshot& snapshot, const services::MachinesUpdate& begin) {
    const services::MachineColumns& first = begin.upserts;
    const auto machines =
        static_cast<std::size_t>(std::min<std::uint64_t>(snapshot.expected, kMostReserved));
    FleetColumns& c = *snapshot.columns;
    c.uuid.reserve(machines);
    for (std::vector<std::uint32_t>* column :
         {&c.address, &c.machineType, &c.pin, &c.labels, &c.hostname, &c.ifritVersion, &c.batch,
          &c.agentFirst, &c.agentCount})
        column->reserve(machines);
    c.state.reserve(machines);
    c.offline.reserve(machines);
    c.alive.reserve(machines);
    c.lastSeenMs.reserve(machines);
    // As many agents on each, and texts of its own, as the first ones have.
    if (first.size() > 0) {
        c.agents.reserve(machines * first.agents.agent.size() / first.size());
        c.strings.reserve(machines * begin.newStrings.size() / first.size());
    }
    snapshot.rowOf.reserve(c.uuid, machines);
}

FleetChange FleetStore::apply(const services::MachinesUpdate& update) {
    FleetChange change;
    if (update.snapshotBegins) {
        m_gathering = std::make_unique<Snapshot>();
        m_gathering->columns = emptyColumns();
    }
    if (m_gathering && update.total != 0) {
        m_gathering->expected = update.total;
        if (update.snapshotBegins) reserve(*m_gathering, update);
    }
    FleetColumns& columns = m_gathering ? *m_gathering->columns : writable();
    auto& rowOf = m_gathering ? m_gathering->rowOf : m_rowOf;
    for (const std::string& text : update.newStrings)
        columns.strings.push_back(text);
    (m_gathering ? m_gathering->vocabulary : m_vocabulary).take(columns.strings, update.upserts);
    upsert(columns, rowOf, update.upserts, change);
    remove(columns, rowOf, update.removedUuids, change);
    if (m_gathering) {
        change = {};
        if (update.snapshotEnds) {
            m_columns = std::move(m_gathering->columns);
            m_rowOf = std::move(m_gathering->rowOf);
            m_vocabulary = std::move(m_gathering->vocabulary);
            m_gathering.reset();
            m_loaded = true;
            change.reset = true;
        }
    }
    m_size = static_cast<std::uint32_t>(m_rowOf.size());
    if (update.generation != 0 && !m_gathering) m_generation = update.generation;
    return change;
}

void FleetStore::upsert(FleetColumns& columns, UuidIndex& rowOf,
                        const services::MachineColumns& from, FleetChange& change) {
    std::size_t firstAgent = 0;
    for (std::size_t i = 0; i < from.size(); ++i) {
        const auto [row, isNew] = rowOf.insert(columns.uuid, from.uuid[i], columns.rows());
        if (isNew) addRow(columns, from.uuid[i]);
        (isNew ? change.added : change.changed).push_back(row);
        writeRow(columns, row, from, i, firstAgent);
        firstAgent += from.agentCount[i];
    }
}

void FleetStore::writeRow(FleetColumns& columns, std::uint32_t row,
                          const services::MachineColumns& from, std::size_t index,
                          std::size_t firstAgent) {
    columns.address[row] = from.address[index];
    columns.machineType[row] = from.machineType[index];
    columns.pin[row] = from.pin[index];
    columns.labels[row] = from.labels[index];
    columns.hostname[row] = from.hostname[index];
    columns.ifritVersion[row] = from.ifritVersion[index];
    columns.state[row] = from.state[index];
    columns.offline[row] = from.offline[index];
    columns.batch[row] = from.batch[index];
    columns.lastSeenMs[row] = from.lastSeenMs[index];
    // In place while they fit; a machine that got one more agent moves to the end.
    if (from.agentCount[index] > columns.agentCount[row]) {
        columns.agentFirst[row] = static_cast<std::uint32_t>(columns.agents.size());
        columns.agents.resize(columns.agents.size() + from.agentCount[index]);
    }
    columns.agentCount[row] = from.agentCount[index];
    for (std::size_t i = 0; i < from.agentCount[index]; ++i) {
        columns.agents[columns.agentFirst[row] + i] = agentCell(from.agents, firstAgent + i);
    }
}

void FleetStore::remove(FleetColumns& columns, UuidIndex& rowOf,
                        const std::vector<std::string>& uuids, FleetChange& change) {
    for (const std::string& uuid : uuids) {
        const auto row = rowOf.erase(columns.uuid, uuid);
        if (!row) continue;
        columns.alive[*row] = 0;
        columns.agentCount[*row] = 0;
        change.removed.push_back(*row);
    }
}

std::optional<std::uint32_t> FleetStore::rowOf(std::string_view uuid) const {
    return m_rowOf.find(m_columns->uuid, uuid);
}

bool FleetStore::isConsistent() const {
    const FleetColumns& c = *m_columns;
    const std::size_t rows = c.uuid.size();
    const auto inside = [&c](StringId id) { return id < c.strings.size(); };
    for (const std::vector<StringId>* column :
         {&c.address, &c.machineType, &c.pin, &c.labels, &c.hostname, &c.ifritVersion}) {
        if (column->size() != rows || !std::all_of(column->begin(), column->end(), inside)) {
            return false;
        }
    }
    if (c.state.size() != rows || c.offline.size() != rows || c.alive.size() != rows ||
        c.batch.size() != rows || c.lastSeenMs.size() != rows || c.agentFirst.size() != rows ||
        c.agentCount.size() != rows || m_rowOf.size() != m_size) {
        return false;
    }
    std::size_t alive = 0;
    for (std::uint32_t row = 0; row < c.rows(); ++row) {
        if (c.agentCount[row] > 0 && c.agentFirst[row] + c.agentCount[row] > c.agents.size()) {
            return false;
        }
        for (const AgentCell& cell : c.agentsOf(row)) {
            if (!inside(cell.agent) || !inside(cell.step) || !inside(cell.error)) return false;
        }
        if (c.alive[row] == 0) continue;
        ++alive;
        if (rowOf(c.uuid[row]) != row) return false;
    }
    return alive == m_size;
}

}  // namespace ifrit::gui::models
