// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolButton>

class QMenu;

namespace ifrit::gui::widgets {

class DataTable;

/// The button at the right end of a table's header that brings columns back that were left out,
/// and sorts: with the keyboard too, where the header has no focus. Child of the table.
class ColumnChooser : public QToolButton {
    Q_OBJECT
public:
    static constexpr int kWidth = 24;

    explicit ColumnChooser(DataTable& table);
    /// Columns with a tick where they are shown, what to sort by, and everything as at first.
    static void fill(QMenu& menu, DataTable& table);
    /// `at`: of the screen.
    static void openAt(DataTable& table, const QPoint& at);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void place();
    void retranslate();

    DataTable& m_table;
};

}  // namespace ifrit::gui::widgets
