// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QItemSelectionModel>
#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>

namespace ifrit::gui::models {

/// Carries a selection through resets of its model, by KeyRole: rows that are still there stay
/// selected and current, whatever their new place. Child of the selection model.
class SelectionKeeper : public QObject {
    Q_OBJECT
public:
    /// `rowOfKey` answers -1 for a key that is not shown. `selection` must have its model already.
    SelectionKeeper(QItemSelectionModel* selection, std::function<int(const QString&)> rowOfKey);
    /// Of a tree: an index of the first column, or an invalid one.
    SelectionKeeper(QItemSelectionModel* selection,
                    std::function<QModelIndex(const QString&)> indexOfKey);

private:
    void remember();
    void restore();
    QItemSelectionModel* m_selection;
    std::function<QModelIndex(const QString&)> m_indexOfKey;
    QStringList m_keys;
    QString m_current;
};

}  // namespace ifrit::gui::models
