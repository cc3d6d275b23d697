// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/selection_keeper.h"

#include <utility>

#include "gui/models/table_role.h"

namespace ifrit::gui::models {

SelectionKeeper::SelectionKeeper(QItemSelectionModel* selection,
                                 std::function<int(const QString&)> rowOfKey)
    : QObject(selection), m_selection(selection), m_rowOfKey(std::move(rowOfKey)) {
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
    QAbstractItemModel* model = m_selection->model();
    QItemSelection selected;
    for (const QString& key : std::as_const(m_keys)) {
        const int row = m_rowOfKey(key);
        if (row < 0) continue;
        selected.select(model->index(row, 0), model->index(row, model->columnCount() - 1));
    }
    if (!selected.isEmpty()) m_selection->select(selected, QItemSelectionModel::ClearAndSelect);
    if (const int row = m_current.isEmpty() ? -1 : m_rowOfKey(m_current); row >= 0) {
        m_selection->setCurrentIndex(model->index(row, 0), QItemSelectionModel::NoUpdate);
    }
}

}  // namespace ifrit::gui::models
