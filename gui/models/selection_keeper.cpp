// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/selection_keeper.h"

#include <algorithm>
#include <utility>

#include "gui/models/table_role.h"

namespace ifrit::gui::models {
namespace {

constexpr int kSampledRows = 32;

}  // namespace

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
    const int selected = selectedRows();
    // Two resets in a row, of which the first left nothing, must not forget.
    if (selected == 0 && m_selection->model()->rowCount() == 0) return;
    m_keys.clear();
    m_all = 0;
    if (selected > kMostKeys) {
        rememberAll();
    } else {
        for (const QModelIndex& row : m_selection->selectedRows())
            m_keys << row.data(KeyRole).toString();
    }
    m_current = m_selection->currentIndex().data(KeyRole).toString();
}

// By ranges: all of a million rows are one.
int SelectionKeeper::selectedRows() const {
    int out = 0;
    for (const QItemSelectionRange& range : m_selection->selection())
        out += range.height();
    return out;
}

void SelectionKeeper::rememberAll() {
    const QAbstractItemModel* model = m_selection->model();
    const int rows = model->rowCount();
    if (selectedRows() != rows) return;
    m_all = rows;
    for (int i = 0; i < kSampledRows; ++i) {
        const int row = static_cast<int>(qint64{rows - 1} * i / (kSampledRows - 1));
        m_keys << model->index(row, 0).data(KeyRole).toString();
    }
}

// As many rows may be those of another filter.
bool SelectionKeeper::isSameList() const {
    return m_selection->model()->rowCount() == m_all &&
           std::all_of(m_keys.begin(), m_keys.end(),
                       [this](const QString& key) { return m_indexOfKey(key).isValid(); });
}

QItemSelection SelectionKeeper::rememberedRows() const {
    const QAbstractItemModel* model = m_selection->model();
    const int last = model->columnCount() - 1;
    QItemSelection out;
    if (m_all > 0) {
        if (isSameList()) out.select(model->index(0, 0), model->index(m_all - 1, last));
        return out;
    }
    for (const QString& key : m_keys) {
        const QModelIndex row = m_indexOfKey(key);
        if (row.isValid()) out.select(row, row.siblingAtColumn(last));
    }
    return out;
}

void SelectionKeeper::restore() {
    const QItemSelection selected = rememberedRows();
    if (!selected.isEmpty()) m_selection->select(selected, QItemSelectionModel::ClearAndSelect);
    if (m_current.isEmpty()) return;
    if (const QModelIndex row = m_indexOfKey(m_current); row.isValid())
        m_selection->setCurrentIndex(row, QItemSelectionModel::NoUpdate);
}

void SelectionKeeper::forget() {
    m_keys.clear();
    m_all = 0;
    m_current.clear();
    m_selection->clear();
}

}  // namespace ifrit::gui::models
