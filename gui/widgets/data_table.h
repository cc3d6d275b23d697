// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>
#include <QTableView>

#include "gui/models/table_role.h"

namespace ifrit::gui::widgets {

class Theme;

using models::KeyRole;
using models::MonospaceRole;
using models::MutedRole;
using models::StatusKindRole;

/// A table in the look: rows of 27 px, lines between rows only, whole rows selected, Ctrl+C copies
/// them tab-separated. Draws only what is visible, so a million rows cost what a screenful costs.
class DataTable : public QTableView {
    Q_OBJECT
public:
    DataTable(const Theme& theme, QWidget* parent);
    void setModel(QAbstractItemModel* model) override;
    /// Columns get the width of what they hold as soon as there is something, once.
    void fitColumnsOnce();
    /// Widths and order of the columns are the operator's own: no fitting any more.
    void restoreColumns(const QByteArray& state);
    QByteArray columns() const;
    /// What is shown is old: everything is muted, no state keeps its colour.
    void setOld(bool old);
    bool isOld() const { return m_old; }
    /// Sorted by nothing until a header is clicked.
    void makeSortable(int column = -1);

Q_SIGNALS:
    void opened(const QModelIndex& index);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void copySelection() const;
    const Theme& m_theme;
    bool m_fitted = false;
    bool m_old = false;
};

}  // namespace ifrit::gui::widgets
