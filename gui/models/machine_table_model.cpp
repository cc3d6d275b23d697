// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/machine_table_model.h"

#include <algorithm>

#include "gui/models/own_words.h"
#include "gui/models/status_words.h"
#include "gui/models/table_role.h"
#include "shared/domain/enum_names.h"

namespace ifrit::gui::models {
namespace {

/// More than these are taken out with one reset: each removal touches every row behind it.
constexpr std::size_t kRemoveOneByOne = 32;

bool isNumber(MachineColumn column) {
    return column == MachineColumn::Batch || column == MachineColumn::LastSeen ||
           column == MachineColumn::Cpu || column == MachineColumn::Rss;
}

bool isMonospace(MachineColumn column) {
    return column == MachineColumn::Uuid || column == MachineColumn::Address;
}

/// Of a column in a file.
QString exportKey(MachineColumn column) {
    static constexpr const char* kKeys[] = {"state", "uuid",   "address", "type",
                                            "pin",   "agents", "batch",   "last_seen",
                                            "now",   "cpu",    "rss",     "labels"};
    static_assert(std::size(kKeys) == static_cast<std::size_t>(MachineColumn::Count));
    return QString::fromLatin1(kKeys[static_cast<std::size_t>(column)]);
}

}  // namespace

MachineTableModel::MachineTableModel(const FleetStore& store, const TimeText& times, Worker& worker,
                                     QObject* parent)
    : QAbstractTableModel(parent), m_store(store), m_times(times), m_worker(worker) {
    connect(&times, &TimeText::changed, this, &MachineTableModel::timesChanged);
    startOrdering();
}

int MachineTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int MachineTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(MachineColumn::Count);
}

QVariant MachineTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const std::uint32_t row = storeRow(index.row());
    const auto column = static_cast<MachineColumn>(index.column());
    const FleetColumns& columns = m_store.columns();
    // The store may have taken over a smaller snapshot that this model is about to be told of.
    if (row >= columns.rows()) return {};
    switch (role) {
        case Qt::DisplayRole:
            return text(row, column);
        case Qt::ToolTipRole: {
            const bool wide = column == MachineColumn::Agents || column == MachineColumn::Now ||
                              column == MachineColumn::Labels;
            return wide ? QVariant(text(row, column)) : QVariant();
        }
        case Qt::TextAlignmentRole:
            return isNumber(column) ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
        case StatusKindRole:
            if (column != MachineColumn::State) return {};
            return static_cast<int>(
                StatusWords::ofMachine(columns.state[row], columns.offline[row] != 0).kind);
        case MonospaceRole:
            return isMonospace(column);
        case MutedRole:
            return columns.offline[row] != 0 || column == MachineColumn::Now ||
                   column == MachineColumn::Labels;
        case KeyRole:
            return toText(columns.uuid[row]);
        case ExportRole:
            return value(row, column);
        default:
            return {};
    }
}

QVariant MachineTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    const auto column = static_cast<MachineColumn>(section);
    if (role == Qt::TextAlignmentRole && isNumber(column)) {
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    }
    if (role == ExportKeyRole) return exportKey(column);
    if (role != Qt::DisplayRole) return {};
    switch (column) {
        case MachineColumn::State:
            return tr("State");
        case MachineColumn::Uuid:
            return tr("uuid");
        case MachineColumn::Address:
            return tr("Address");
        case MachineColumn::Type:
            return tr("Type");
        case MachineColumn::Pin:
            return tr("Pin");
        case MachineColumn::Agents:
            return tr("Agents");
        case MachineColumn::Batch:
            return tr("Batch");
        case MachineColumn::LastSeen:
            return tr("Last seen");
        case MachineColumn::Now:
            return tr("Now");
        case MachineColumn::Cpu:
            return tr("CPU");
        case MachineColumn::Rss:
            return tr("RSS");
        case MachineColumn::Labels:
            return tr("Labels");
        case MachineColumn::Count:
            break;
    }
    return {};
}

QString MachineTableModel::text(std::uint32_t row, MachineColumn column) const {
    const FleetColumns& columns = m_store.columns();
    const AgentCell* agent = leadingAgent(columns, row);
    switch (column) {
        case MachineColumn::State:
            return StatusWords::ofMachine(columns.state[row], columns.offline[row] != 0).word;
        case MachineColumn::Uuid:
            return toText(columns.uuid[row]);
        case MachineColumn::Address:
            return toText(columns.text(columns.address[row]));
        case MachineColumn::Type:
            return toText(columns.text(columns.machineType[row]));
        case MachineColumn::Pin:
            return toText(columns.text(columns.pin[row]));
        case MachineColumn::Agents:
            return agentsText(row);
        case MachineColumn::Batch:
            return columns.batch[row] == 0 ? QStringLiteral("–")
                                           : QString::number(columns.batch[row]);
        case MachineColumn::LastSeen:
            return m_times.since(base::fromUnixMillis(columns.lastSeenMs[row]));
        case MachineColumn::Now:
            if (columns.offline[row] != 0) {
                return tr("no contact since %1")
                    .arg(m_times.at(base::fromUnixMillis(columns.lastSeenMs[row])));
            }
            if (agent == nullptr) return {};
            if (agent->error != 0) return OwnWords::ofFailure(toText(columns.text(agent->error)));
            return OwnWords::ofStep(toText(columns.text(agent->step)));
        case MachineColumn::Cpu:
            return agent == nullptr || columns.offline[row] != 0
                       ? QString()
                       : coreShare(agent->cpuCentipercent / 100.0);
        case MachineColumn::Rss:
            return agent == nullptr || columns.offline[row] != 0 ? QString()
                                                                 : bytes(agent->rssBytes);
        case MachineColumn::Labels:
            return toText(columns.text(columns.labels[row]))
                .replace(QLatin1Char(','), QStringLiteral(", "));
        case MachineColumn::Count:
            break;
    }
    return {};
}

QVariant MachineTableModel::value(std::uint32_t row, MachineColumn column) const {
    const FleetColumns& columns = m_store.columns();
    const bool offline = columns.offline[row] != 0;
    const AgentCell* agent = offline ? nullptr : leadingAgent(columns, row);
    switch (column) {
        case MachineColumn::State:
            return toText(domain::nameOfMachine(columns.state[row], offline));
        case MachineColumn::Batch:
            return columns.batch[row] == 0 ? QVariant() : QVariant(columns.batch[row]);
        case MachineColumn::LastSeen:
            return timeValue(base::fromUnixMillis(columns.lastSeenMs[row]));
        case MachineColumn::Cpu:
            return agent == nullptr ? QVariant() : QVariant(agent->cpuCentipercent / 100.0);
        case MachineColumn::Rss:
            return agent == nullptr ? QVariant() : QVariant::fromValue<quint64>(agent->rssBytes);
        default:
            return text(row, column);
    }
}

QString MachineTableModel::agentsText(std::uint32_t row) const {
    const FleetColumns& columns = m_store.columns();
    QStringList parts;
    for (const AgentCell& cell : columns.agentsOf(row)) {
        const QString running = cell.runningVersion == 0
                                    ? QStringLiteral("–")
                                    : toText(columns.text(cell.runningVersion));
        QString part = toText(columns.text(cell.agent)) + QLatin1Char(' ') + running;
        if (cell.desiredVersion != cell.runningVersion && cell.desiredVersion != 0) {
            part += QStringLiteral(" → ") + toText(columns.text(cell.desiredVersion));
        }
        parts << part;
    }
    return parts.join(QStringLiteral(", "));
}

void MachineTableModel::indexRows() const {
    m_placeOf = placesOf(m_rows, m_store.columns().rows());
    m_placesAreOld = false;
}

void MachineTableModel::storeChanged(const FleetChange& change) {
    if (!change.any()) return;
    if (change.reset) {
        if (!m_rows.empty()) forgetRows();
        startOrdering();
        return;
    }
    if (m_ordering) noteMeanwhile(change);
    m_placeOf.resize(m_store.columns().rows(), kHidden);
    removeGone(change.removed);
    appendNew(change.added);
    std::uint32_t first = kHidden;
    std::uint32_t last = 0;
    for (const std::uint32_t row : change.changed) {
        const std::uint32_t place = m_placeOf[row];
        if (place == kHidden) continue;
        first = std::min(first, place);
        last = std::max(last, place);
    }
    if (first != kHidden) {
        Q_EMIT dataChanged(createIndex(static_cast<int>(first), 0),
                           createIndex(static_cast<int>(last), columnCount() - 1));
    }
    if (mayMove(change.changed)) setOutOfDate(true);
}

void MachineTableModel::noteMeanwhile(const FleetChange& change) {
    m_structureChanged = m_structureChanged || !change.added.empty() || !change.removed.empty();
    m_addedMeanwhile = m_addedMeanwhile || !change.added.empty();
    m_changedMeanwhile.insert(m_changedMeanwhile.end(), change.changed.begin(),
                              change.changed.end());
}

void MachineTableModel::forgetRows() {
    beginResetModel();
    m_rows.clear();
    m_placeOf.clear();
    m_placesAreOld = false;
    endResetModel();
}

void MachineTableModel::appendNew(const std::vector<std::uint32_t>& rows) {
    std::vector<std::uint32_t> shown;
    for (const std::uint32_t row : rows) {
        if (m_placeOf[row] == kHidden &&
            rowMatches(m_store.columns(), row, m_filter, m_times.now())) {
            shown.push_back(row);
        }
    }
    if (shown.empty()) return;
    const int first = static_cast<int>(m_rows.size());
    beginInsertRows({}, first, first + static_cast<int>(shown.size()) - 1);
    m_rows.insert(m_rows.end(), shown.begin(), shown.end());
    indexRows();
    endInsertRows();
    setOutOfDate(true);
}

void MachineTableModel::removeGone(const std::vector<std::uint32_t>& rows) {
    if (rows.size() > kRemoveOneByOne) {
        beginResetModel();
        m_rows.erase(
            std::remove_if(m_rows.begin(), m_rows.end(),
                           [&](std::uint32_t row) { return m_store.columns().alive[row] == 0; }),
            m_rows.end());
        indexRows();
        endResetModel();
        return;
    }
    std::vector<std::uint32_t> places;
    for (const std::uint32_t row : rows) {
        if (placeOf(row) != kHidden) places.push_back(placeOf(row));
    }
    // From behind: the places of those that are still to go stay what they are, and the others'
    // are made anew once for all, or where somebody asks for one meanwhile.
    std::sort(places.rbegin(), places.rend());
    for (const std::uint32_t place : places) {
        beginRemoveRows({}, static_cast<int>(place), static_cast<int>(place));
        m_rows.erase(m_rows.begin() + place);
        m_placesAreOld = true;
        endRemoveRows();
    }
    if (m_placesAreOld) indexRows();
}

std::uint32_t MachineTableModel::placeOf(std::uint32_t row) const {
    if (m_placesAreOld) indexRows();
    return row < m_placeOf.size() ? m_placeOf[row] : kHidden;
}

void MachineTableModel::timesChanged() {
    if (m_rows.empty()) return;
    const int last = rowCount() - 1;
    Q_EMIT dataChanged(createIndex(0, static_cast<int>(MachineColumn::LastSeen)),
                       createIndex(last, static_cast<int>(MachineColumn::Now)));
}

QString MachineTableModel::uuidAt(int row) const {
    if (row < 0 || row >= rowCount()) return {};
    return toText(m_store.columns().uuid[storeRow(row)]);
}

int MachineTableModel::rowOfUuid(const QString& uuid) const {
    const auto row = m_store.rowOf(uuid.toStdString());
    if (!row || placeOf(*row) == kHidden) return -1;
    return static_cast<int>(placeOf(*row));
}

}  // namespace ifrit::gui::models
