// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QItemSelection>
#include <QItemSelectionModel>
#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>

namespace ifrit::gui::models {

/// Carries a selection through resets of its model, by KeyRole: rows that are still there stay
/// selected and current, whatever their new place. Of more than kMostKeys rows only "all" is kept.
/// Child of the selection model.
class SelectionKeeper : public QObject {
    Q_OBJECT
public:
    /// By a key each; a list of a million rows must not keep anybody waiting.
    static constexpr int kMostKeys = 2'000;

    /// `rowOfKey` answers -1 for a key that is not shown. `selection` must have its model already.
    SelectionKeeper(QItemSelectionModel* selection, std::function<int(const QString&)> rowOfKey);
    /// Of a tree: an index of the first column, or an invalid one.
    SelectionKeeper(QItemSelectionModel* selection,
                    std::function<QModelIndex(const QString&)> indexOfKey);
    /// Nothing is chosen any more, and nothing comes back: what comes next is another list, in
    /// which the same key is something else.
    void forget();

private:
    void remember();
    void restore();
    int selectedRows() const;
    /// Some rows of a list that is all selected, by which it is known again.
    void rememberAll();
    bool isSameList() const;
    QItemSelection rememberedRows() const;
    QItemSelectionModel* m_selection;
    std::function<QModelIndex(const QString&)> m_indexOfKey;
    QStringList m_keys;  ///< where `m_all` is not 0: of some rows
    int m_all = 0;       ///< every row was selected, and so many there were
    QString m_current;
};

}  // namespace ifrit::gui::models
