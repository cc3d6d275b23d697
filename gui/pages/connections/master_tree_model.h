// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractItemModel>

#include <functional>
#include <vector>

#include "gui/pages/connections/master_model.h"

namespace ifrit::gui::pages {

/// The list of masters under their groups: each group with what can be said of all that are in it.
/// Groups stand in the order of their names; masters without one come last, under a row that says
/// so. A group's name can be edited, and a master dragged onto a group or onto one that is in it:
/// both are only asked for, by a signal. GUI thread.
class MasterTreeModel : public QAbstractItemModel {
    Q_OBJECT
public:
    /// Both outlive the model.
    MasterTreeModel(MasterModel& masters, const presenters::ConnectionDetails& details,
                    QObject* parent);

    bool isGroup(const QModelIndex& index) const;
    /// The row of a master in its table; -1: a group, or nothing.
    int masterOf(const QModelIndex& index) const;
    /// Rows of all that are in the group of this index.
    std::vector<int> mastersOf(const QModelIndex& index) const;
    /// Name of the group that it is or is in; empty: none.
    QString groupOf(const QModelIndex& index) const;
    QModelIndex indexOfMaster(int row) const;
    QModelIndex indexOfKey(const QString& key) const;
    QModelIndex indexOfGroup(const QString& name) const;
    static QString noGroupText();
    /// Which rows of the table stand in the tree; a group that has none of them does not. Empty
    /// function: all.
    void setShown(std::function<bool(int row)> shown);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    QStringList mimeTypes() const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override;
    bool canDropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                         const QModelIndex& parent) const override;
    bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                      const QModelIndex& parent) override;

Q_SIGNALS:
    void moveWanted(const QString& bundlePath, const QString& group);
    void renameWanted(const QString& from, const QString& to);

private:
    struct Group {
        QString name;
        std::vector<int> masters;  ///< rows of the table
    };
    void build();
    void touch();
    const Group& groupAt(const QModelIndex& index) const;
    QVariant groupData(const Group& group, int column, int role) const;
    models::StatusLook lookOf(const Group& group, int column) const;

    MasterModel& m_masters;
    const presenters::ConnectionDetails& m_details;
    std::vector<Group> m_groups;
    std::function<bool(int row)> m_shown;
};

}  // namespace ifrit::gui::pages
