// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/list_keys.h"

#include <QAbstractItemView>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>

#include <algorithm>

namespace ifrit::gui::widgets {

bool isEnter(const QKeyEvent& event) {
    return event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter;
}

bool isForTheWindow(const QKeyEvent& event) {
    const QString text = event.text();
    return !text.isEmpty() && text[0].isPrint() && text[0] != QLatin1Char(' ');
}

void copySelectedRows(const QAbstractItemView& view, const QHeaderView& header) {
    if (view.selectionModel() == nullptr) return;
    QModelIndexList rows = view.selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    QStringList lines;
    for (const QModelIndex& row : rows) {
        QStringList cells;
        for (int column = 0; column < header.count(); ++column) {
            if (!header.isSectionHidden(column)) {
                cells << row.siblingAtColumn(column).data().toString();
            }
        }
        lines << cells.join(QLatin1Char('\t'));
    }
    QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

}  // namespace ifrit::gui::widgets
