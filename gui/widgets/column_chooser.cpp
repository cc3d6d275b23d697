// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/column_chooser.h"

#include <QEvent>
#include <QHeaderView>
#include <QMenu>
#include <QPainter>

#include "gui/widgets/data_table.h"

namespace ifrit::gui::widgets {
namespace {

QString nameOf(const DataTable& table, int column) {
    return table.model()->headerData(column, Qt::Horizontal).toString();
}

void addShown(QMenu& menu, DataTable& table) {
    int shown = 0;
    for (int column = 0; column < table.model()->columnCount(); ++column)
        shown += table.isColumnHidden(column) ? 0 : 1;
    for (int column = 0; column < table.model()->columnCount(); ++column) {
        QAction* entry = menu.addAction(nameOf(table, column));
        entry->setCheckable(true);
        entry->setChecked(!table.isColumnHidden(column));
        // A table without a column has no header to bring one back with.
        entry->setEnabled(shown > 1 || table.isColumnHidden(column));
        QObject::connect(entry, &QAction::toggled, &table,
                         [&table, column](bool on) { table.showColumn(column, on); });
    }
}

void addOrder(QMenu& menu, DataTable& table) {
    if (!table.isSortingEnabled()) return;
    const QHeaderView& header = *table.horizontalHeader();
    QMenu* orders = menu.addMenu(ColumnChooser::tr("Sort by"));
    for (int column = 0; column < table.model()->columnCount(); ++column) {
        QAction* entry = orders->addAction(nameOf(table, column));
        const bool sorted = header.sortIndicatorSection() == column;
        entry->setCheckable(true);
        entry->setChecked(sorted);
        // The one that sorts now is turned round.
        const Qt::SortOrder order = sorted && header.sortIndicatorOrder() == Qt::AscendingOrder
                                        ? Qt::DescendingOrder
                                        : Qt::AscendingOrder;
        QObject::connect(entry, &QAction::triggered, &table,
                         [&table, column, order] { table.sortByColumn(column, order); });
    }
}

}  // namespace

ColumnChooser::ColumnChooser(DataTable& table) : QToolButton(&table), m_table(table) {
    setObjectName(QStringLiteral("columns"));
    setFocusPolicy(Qt::TabFocus);
    setAutoRaise(true);
    connect(this, &QToolButton::clicked, this,
            [this] { openAt(m_table, mapToGlobal(QPoint(0, height()))); });
    table.installEventFilter(this);
    table.horizontalHeader()->installEventFilter(this);
    retranslate();
    place();
}

void ColumnChooser::fill(QMenu& menu, DataTable& table) {
    addShown(menu, table);
    menu.addSeparator();
    addOrder(menu, table);
    QObject::connect(menu.addAction(tr("Reset columns")), &QAction::triggered, &table,
                     &DataTable::resetColumns);
}

void ColumnChooser::openAt(DataTable& table, const QPoint& at) {
    QMenu menu(&table);
    fill(menu, table);
    menu.exec(at);
}

void ColumnChooser::retranslate() {
    setToolTip(tr("Columns"));
    setAccessibleName(tr("Columns"));
}

void ColumnChooser::place() {
    const QHeaderView& header = *m_table.horizontalHeader();
    setGeometry(header.geometry().right() + 1 - kWidth, header.geometry().top(), kWidth,
                header.height() - 1);
    setVisible(!header.isHidden());
    raise();
}

void ColumnChooser::changeEvent(QEvent* event) {
    QToolButton::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) retranslate();
}

bool ColumnChooser::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize || event->type() == QEvent::Move) place();
    return QToolButton::eventFilter(watched, event);
}

// Three bars, the last of them short: columns, and one that is left out.
void ColumnChooser::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    const QColor ink = hasFocus() || underMouse() ? palette().color(QPalette::Text)
                                                  : palette().color(QPalette::PlaceholderText);
    constexpr int kBar = 2;
    constexpr int kHigh = 10;
    int left = (width() - 5 * kBar) / 2;
    const int top = (height() - kHigh) / 2;
    for (const int high : {kHigh, kHigh, kHigh / 2}) {
        painter.fillRect(left, top, kBar, high, ink);
        left += 2 * kBar;
    }
    if (!hasFocus()) return;
    painter.setPen(palette().color(QPalette::Highlight));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

}  // namespace ifrit::gui::widgets
