// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/selection_keeper.h"

#include <utility>

#include "gui/models/table_role.h"

namespace ifrit::gui::models {

SelectionKeeper::SelectionKeeper(QItemSelectionModel* selection,
                                 std::function<int(const QString&)> rowOfKey)
    : SelectionKeeper(selection, [model = selection->model(),
                                  rowOfKey = std::move(rowOfKey)](const QString& key) {
          const int row = rowOfKey(key);
          return row < 0 ? QModelIndex() : model->index(row, 0);
      }) {}

SelectionKeeper::SelectionKeeper(QItemSelectionModel* selection,
                                 std::function<QModelIndex(const QString&)> indexOfKey)
    : QObject(selection), m_selection(selection), m_indexOfKey(std::move(indexOfKey)) {
    // After the selection model's own connection, which empties it.
    connect(selection->model(), &QAbstractItemModel::modelAboutToBeReset, this,
            &SelectionKeeper::remember);
    connect(selection->model(), &QAbstractItemModel::modelReset, this, &SelectionKeeper::restore);
}

void SelectionKeeper::remember() {
    const QModelIndexList rows = m_selection->selectedRows();
    // Two resets in a row, of which the first left nothing, must not forget.
    if (rows.isEmpty() && m_selection->model()->rowCount() == 0) return;
    m_keys.clear();
    for (const QModelIndex& row : rows)
        m_keys << row.data(KeyRole).toString();
    m_current = m_selection->currentIndex().data(KeyRole).toString();
}

void SelectionKeeper::restore() {
    const QAbstractItemModel* model = m_selection->model();
    QItemSelection selected;
    for (const QString& key : std::as_const(m_keys)) {
        const QModelIndex row = m_indexOfKey(key);
        if (row.isValid()) selected.select(row, row.siblingAtColumn(model->columnCount() - 1));
    }
    if (!selected.isEmpty()) m_selection->select(selected, QItemSelectionModel::ClearAndSelect);
    if (m_current.isEmpty()) return;
    if (const QModelIndex row = m_indexOfKey(m_current); row.isValid())
        m_selection->setCurrentIndex(row, QItemSelectionModel::NoUpdate);
}

}  // namespace ifrit::gui::models
