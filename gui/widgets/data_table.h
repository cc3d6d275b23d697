// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QSet>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QTimer>

#include "gui/models/table_role.h"

namespace ifrit::gui::widgets {

class ColumnChooser;
class ColumnFit;
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
    /// Columns get the width of what they hold as soon as there is something; where that is more
    /// than the table is wide, digests and long sentences give way. Holds until the operator
    /// changes a width.
    void fitColumns();
    /// A width that the fitting does not go below: for words that change.
    void keepAtLeast(int column, int width);
    /// What it holds is never cut: names that differ at their end.
    void keepWhole(int column);
    /// Cut only where there is too little room for it without all that may be left out.
    void preferWhole(int column);
    /// Columns that are left out, in this order, where the others would have too little room. The
    /// operator brings them back with the button in the header, or the header's menu.
    void leaveOut(const QList<int>& columns);
    /// What the button for the columns covers of the end of the column, in pixels: titles and
    /// figures end before it. 0 of all but the last.
    int widthUnderButton(int column) const;
    /// What these hold takes as many lines as it wants, in the first 500 rows; for short lists with
    /// little room.
    void wrapColumns(const QList<int>& columns);
    bool wraps() const { return !m_wrapped.isEmpty(); }
    bool wraps(const QModelIndex& index) const;
    /// One that says the same in every row here; the header's menu has it all the same.
    void leaveOutAlways(int column);
    /// By the operator's own wish: no fitting any more.
    void showColumn(int column, bool shown);
    /// Columns, widths and order as on the first day.
    void resetColumns();
    /// Widths and order of the columns are the operator's own: no fitting any more.
    void restoreColumns(const QByteArray& state);
    QByteArray columns() const;
    /// What is shown is old: everything is muted, no state keeps its colour or its shape, and its
    /// word is struck through.
    void setOld(bool old);
    bool isOld() const { return m_old; }
    /// Its rows say what happened: a state among them was one then, and stays so however old it is.
    void holdPast() { m_past = true; }
    bool holdsPast() const { return m_past; }
    /// What stands in the table's room while it shows no row.
    void setEmptyText(const QString& text);
    /// Ctrl+C: the selected rows, tab-separated.
    void copySelected() const;
    /// Sorted by nothing until a header is clicked.
    void makeSortable(int column = -1);

Q_SIGNALS:
    void opened(const QModelIndex& index);
    /// Space.
    void detailsWanted();

protected:
    void changeEvent(QEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void fitRows();
    void addChooser();

    const Theme& m_theme;
    ColumnFit* m_columns;
    QSet<int> m_wrapped;
    QTimer m_reveal;   ///< the current row, once everything has its place
    QTimer m_rowsFit;  ///< once for all columns that have changed
    bool m_old = false;
    bool m_past = false;
    QString m_emptyText;
    ColumnChooser* m_chooser = nullptr;
    int m_sortedFirst = -1;  ///< by what makeSortable() said
};

}  // namespace ifrit::gui::widgets
