// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/connections/master_tree_model.h"

#include <QMimeData>

#include <algorithm>
#include <memory>

#include "gui/models/cluster_place.h"

namespace ifrit::gui::pages {
namespace {

/// A connection under way to another group, by its bundle's path.
constexpr char kMime[] = "application/x-ifrit-connection";

/// The tree's columns in those of the table. The group is where a row stands.
constexpr MasterModel::Column kColumns[] = {
    MasterModel::Cluster,      MasterModel::State,     MasterModel::Kind,   MasterModel::Address,
    MasterModel::Certificates, MasterModel::User,      MasterModel::Server, MasterModel::Latency,
    MasterModel::Access,       MasterModel::BundleFile};
constexpr quintptr kGroup = 0;  ///< id of a group's index; of a master's: its group's row + 1

QString keyOf(const QString& group) {
    return QStringLiteral("group:") + group;
}

}  // namespace

MasterTreeModel::MasterTreeModel(MasterModel& masters, const presenters::ConnectionDetails& details,
                                 QObject* parent)
    : QAbstractItemModel(parent), m_masters(masters), m_details(details) {
    connect(&masters, &QAbstractItemModel::modelAboutToBeReset, this,
            [this] { beginResetModel(); });
    connect(&masters, &QAbstractItemModel::modelReset, this, [this] {
        build();
        endResetModel();
    });
    connect(&masters, &QAbstractItemModel::dataChanged, this, &MasterTreeModel::touch);
    build();
}

void MasterTreeModel::build() {
    m_groups.clear();
    const auto& all = m_masters.records();
    for (int row = 0; row < static_cast<int>(all.size()); ++row) {
        if (m_shown && !m_shown(row)) continue;
        const QString& name = all[static_cast<std::size_t>(row)].group;
        auto at = std::find_if(m_groups.begin(), m_groups.end(),
                               [&name](const Group& group) { return group.name == name; });
        if (at == m_groups.end()) at = m_groups.insert(at, Group{name, {}});
        at->masters.push_back(row);
    }
    std::stable_sort(m_groups.begin(), m_groups.end(), [](const Group& a, const Group& b) {
        if (a.name.isEmpty() || b.name.isEmpty()) return !a.name.isEmpty() && b.name.isEmpty();
        return QString::localeAwareCompare(a.name, b.name) < 0;
    });
}

void MasterTreeModel::setShown(std::function<bool(int row)> shown) {
    beginResetModel();
    m_shown = std::move(shown);
    build();
    endResetModel();
}

// Cells only: which master is in which group is another list, which comes as a reset where the
// order differs. Where it does not, it has to be looked at.
void MasterTreeModel::touch() {
    const bool moved = std::any_of(m_groups.begin(), m_groups.end(), [this](const Group& group) {
        return std::any_of(group.masters.begin(), group.masters.end(),
                           [&](int row) { return m_masters.at(row)->group != group.name; });
    });
    if (moved) {
        beginResetModel();
        build();
        endResetModel();
        return;
    }
    if (m_groups.empty()) return;
    const int last = columnCount() - 1;
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, last));
    for (int row = 0; row < rowCount(); ++row) {
        const QModelIndex group = index(row, 0);
        Q_EMIT dataChanged(index(0, 0, group), index(rowCount(group) - 1, last, group));
    }
}

bool MasterTreeModel::isGroup(const QModelIndex& index) const {
    return index.isValid() && index.internalId() == kGroup;
}

const MasterTreeModel::Group& MasterTreeModel::groupAt(const QModelIndex& index) const {
    return m_groups[isGroup(index) ? static_cast<std::size_t>(index.row())
                                   : static_cast<std::size_t>(index.internalId() - 1)];
}

int MasterTreeModel::masterOf(const QModelIndex& index) const {
    if (!index.isValid() || isGroup(index)) return -1;
    return groupAt(index).masters[static_cast<std::size_t>(index.row())];
}

std::vector<int> MasterTreeModel::mastersOf(const QModelIndex& index) const {
    return index.isValid() ? groupAt(index).masters : std::vector<int>();
}

QString MasterTreeModel::groupOf(const QModelIndex& index) const {
    return index.isValid() ? groupAt(index).name : QString();
}

QModelIndex MasterTreeModel::indexOfMaster(int row) const {
    for (std::size_t at = 0; at < m_groups.size(); ++at) {
        const std::vector<int>& masters = m_groups[at].masters;
        const auto found = std::find(masters.begin(), masters.end(), row);
        if (found == masters.end()) continue;
        return createIndex(static_cast<int>(found - masters.begin()), 0, quintptr{at + 1});
    }
    return {};
}

QModelIndex MasterTreeModel::indexOfKey(const QString& key) const {
    for (int row = 0; row < rowCount(); ++row) {
        if (index(row, 0).data(models::KeyRole) == key) return index(row, 0);
    }
    return indexOfMaster(m_masters.rowOfKey(key));
}

QModelIndex MasterTreeModel::indexOfGroup(const QString& name) const {
    return indexOfKey(keyOf(name));
}

QString MasterTreeModel::noGroupText() {
    return tr("No group");
}

QModelIndex MasterTreeModel::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent)) return {};
    return createIndex(row, column,
                       parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : kGroup);
}

QModelIndex MasterTreeModel::parent(const QModelIndex& index) const {
    if (!index.isValid() || isGroup(index)) return {};
    return createIndex(static_cast<int>(index.internalId() - 1), 0, kGroup);
}

int MasterTreeModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid()) return static_cast<int>(m_groups.size());
    if (!isGroup(parent) || parent.column() != 0) return 0;
    return static_cast<int>(groupAt(parent).masters.size());
}

int MasterTreeModel::columnCount(const QModelIndex&) const {
    return static_cast<int>(std::size(kColumns));
}

models::StatusLook MasterTreeModel::lookOf(const Group& group, int column) const {
    std::vector<models::StatusLook> states;
    std::vector<presenters::KnownMaster> masters;
    for (const int row : group.masters) {
        masters.push_back(*m_masters.at(row));
        states.push_back(m_details.state(masters.back()));
    }
    return kColumns[column] == MasterModel::State ? presenters::ConnectionDetails::rollUp(states)
                                                  : m_details.certificatesOf(masters);
}

QVariant MasterTreeModel::groupData(const Group& group, int column, int role) const {
    const auto text = [&]() -> QString {
        switch (kColumns[column]) {
            case MasterModel::Cluster:
                return group.name.isEmpty() ? noGroupText() : group.name;
            case MasterModel::State:
            case MasterModel::Certificates:
                return lookOf(group, column).word;
            case MasterModel::Kind: {
                // Closed, it still says what is in it.
                const bool any = std::any_of(
                    group.masters.begin(), group.masters.end(),
                    [this](int row) { return m_masters.at(row)->place().isProduction(); });
                return any ? models::ClusterPlace::productionWord() : QString();
            }
            default:
                return {};
        }
    };
    const bool isLook =
        kColumns[column] == MasterModel::State || kColumns[column] == MasterModel::Certificates;
    switch (role) {
        case Qt::DisplayRole:
        case Qt::ToolTipRole:
            return text();
        case Qt::EditRole:
            return column == 0 ? QVariant(group.name) : QVariant(text());
        case models::StatusKindRole:
            return isLook ? QVariant(static_cast<int>(lookOf(group, column).kind)) : QVariant();
        case models::StrongRole:
            return column == 0;
        case models::FramedRole:
            return kColumns[column] == MasterModel::Kind && !text().isEmpty();
        case models::KeyRole:
            return keyOf(group.name);
        default:
            return {};
    }
}

QVariant MasterTreeModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    if (isGroup(index)) return groupData(groupAt(index), index.column(), role);
    return m_masters.index(masterOf(index), kColumns[index.column()]).data(role);
}

bool MasterTreeModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (role != Qt::EditRole || !isGroup(index) || index.column() != 0) return false;
    const QString name = groupAt(index).name;
    if (value.toString().simplified() == name) return false;
    Q_EMIT renameWanted(name, value.toString());
    return true;
}

QVariant MasterTreeModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
    return m_masters.headerData(kColumns[section], orientation, role);
}

Qt::ItemFlags MasterTreeModel::flags(const QModelIndex& index) const {
    Qt::ItemFlags out = QAbstractItemModel::flags(index);
    // Onto the empty room below: out of every group.
    if (!index.isValid()) return out | Qt::ItemIsDropEnabled;
    out |= Qt::ItemIsDropEnabled;
    if (!isGroup(index)) return out | Qt::ItemIsDragEnabled | Qt::ItemNeverHasChildren;
    return index.column() == 0 ? out | Qt::ItemIsEditable : out;
}

QStringList MasterTreeModel::mimeTypes() const {
    return {QLatin1String(kMime)};
}

QMimeData* MasterTreeModel::mimeData(const QModelIndexList& indexes) const {
    const auto dragged = std::find_if(indexes.begin(), indexes.end(),
                                      [this](const auto& index) { return masterOf(index) >= 0; });
    if (dragged == indexes.end()) return nullptr;
    auto out = std::make_unique<QMimeData>();
    out->setData(QLatin1String(kMime), dragged->data(models::KeyRole).toString().toUtf8());
    return out.release();
}

bool MasterTreeModel::canDropMimeData(const QMimeData* data, Qt::DropAction action, int row, int,
                                      const QModelIndex& parent) const {
    // Between two groups is in none of them.
    return action == Qt::MoveAction && data->hasFormat(QLatin1String(kMime)) &&
           (parent.isValid() || row < 0);
}

bool MasterTreeModel::dropMimeData(const QMimeData* data, Qt::DropAction action, int row,
                                   int column, const QModelIndex& parent) {
    if (!canDropMimeData(data, action, row, column, parent)) return false;
    Q_EMIT moveWanted(QString::fromUtf8(data->data(QLatin1String(kMime))), groupOf(parent));
    return true;
}

}  // namespace ifrit::gui::pages
