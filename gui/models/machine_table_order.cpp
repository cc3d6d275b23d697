// SPDX-License-Identifier: GPL-3.0-or-later
// The second half of MachineTableModel: in which order its rows are, and whether that is the order
// of now.
#include <algorithm>
#include <memory>
#include <utility>

#include "gui/models/machine_table_model.h"
#include "gui/models/status_words.h"

namespace ifrit::gui::models {
namespace {

/// Up to here ordering takes less than a frame, and a hop would only flicker.
constexpr std::uint32_t kOrderAtOnce = 20'000;

}  // namespace

void MachineTableModel::sort(int column, Qt::SortOrder order) {
    if (column < 0 || column >= columnCount()) return;
    const RowOrder wanted{static_cast<MachineColumn>(column), order == Qt::DescendingOrder};
    if (wanted == m_order && !m_outOfDate) return;
    m_order = wanted;
    startOrdering();
}

void MachineTableModel::setFilter(const filter::MachineFilter& machineFilter) {
    m_filter = machineFilter;
    startOrdering();
}

void MachineTableModel::resort() {
    startOrdering();
}

std::vector<std::uint32_t> MachineTableModel::placesOf(const std::vector<std::uint32_t>& rows,
                                                       std::uint32_t count) {
    std::vector<std::uint32_t> places(count, kHidden);
    for (std::uint32_t place = 0; place < rows.size(); ++place)
        places[rows[place]] = place;
    return places;
}

MachineTableModel::Ordered MachineTableModel::orderOf(const FleetColumns& columns,
                                                      const filter::MachineFilter& machineFilter,
                                                      const RowOrder& order, base::WallTime now) {
    Ordered out;
    out.rows = orderRows(columns, machineFilter, order, now);
    out.places = placesOf(out.rows, columns.rows());
    return out;
}

void MachineTableModel::startOrdering() {
    const std::uint64_t request = ++m_request;
    m_structureChanged = false;
    m_addedMeanwhile = false;
    m_changedMeanwhile.clear();
    const base::WallTime now = m_times.now();
    if (m_store.columns().rows() <= kOrderAtOnce) {
        takeOrder(orderOf(m_store.columns(), m_filter, m_order, now), request);
        return;
    }
    m_ordering = true;
    Q_EMIT orderChanged();
    auto result = std::make_shared<Ordered>();
    m_worker.run(
        this,
        [result, columns = m_store.snapshot(), machineFilter = m_filter, order = m_order, now] {
            *result = orderOf(*columns, machineFilter, order, now);
        },
        [this, result, request] { takeOrder(std::move(*result), request); });
}

void MachineTableModel::takeOrder(Ordered ordered, std::uint64_t request) {
    if (request != m_request) return;
    std::vector<std::uint32_t>& rows = ordered.rows;
    if (m_structureChanged) {
        // What went away must not come back. What came is found by the next sort.
        const FleetColumns& columns = m_store.columns();
        rows.erase(std::remove_if(rows.begin(), rows.end(),
                                  [&](std::uint32_t row) { return columns.alive[row] == 0; }),
                   rows.end());
        ordered.places = placesOf(rows, columns.rows());
    }
    beginResetModel();
    m_rows = std::move(rows);
    m_placeOf = std::move(ordered.places);
    m_placesAreOld = false;
    endResetModel();
    m_ordering = false;
    // In a fleet that lives something always changes meanwhile: the order is old only where that
    // can have moved a row. Who left moves nobody.
    m_outOfDate = m_addedMeanwhile || mayMove(m_changedMeanwhile);
    m_changedMeanwhile = {};
    Q_EMIT orderChanged();
}

void MachineTableModel::setOutOfDate(bool outOfDate) {
    if (outOfDate == m_outOfDate) return;
    m_outOfDate = outOfDate;
    Q_EMIT orderChanged();
}

// Every report is a change, and most leave the state as it is: in a fleet that lives the badge
// would stand there for good.
bool MachineTableModel::mayMove(const std::vector<std::uint32_t>& rows) const {
    if (rows.empty()) return false;
    const auto comesOrGoes = [this, now = m_times.now()](std::uint32_t row) {
        return rowMatches(m_store.columns(), row, m_filter, now) != (m_placeOf[row] != kHidden);
    };
    if (!m_filter.empty() && std::any_of(rows.begin(), rows.end(), comesOrGoes)) return true;
    if (m_order.column == MachineColumn::Uuid) return false;
    if (m_order.column != MachineColumn::State) return true;
    return std::any_of(rows.begin(), rows.end(), [this](std::uint32_t row) {
        return m_placeOf[row] != kHidden && !standsInOrder(m_placeOf[row]);
    });
}

bool MachineTableModel::standsInOrder(std::uint32_t place) const {
    const FleetColumns& columns = m_store.columns();
    const auto isBefore = [&](std::uint32_t a, std::uint32_t b) {
        const int first = severityOf(columns.state[a], columns.offline[a] != 0);
        const int second = severityOf(columns.state[b], columns.offline[b] != 0);
        if (first != second) return (first < second) != m_order.descending;
        return columns.uuid[a] < columns.uuid[b];
    };
    return (place == 0 || isBefore(m_rows[place - 1], m_rows[place])) &&
           (place + 1 >= m_rows.size() || isBefore(m_rows[place], m_rows[place + 1]));
}

}  // namespace ifrit::gui::models
