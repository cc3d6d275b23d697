// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/table_commands.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QDialog>
#include <QKeyEvent>
#include <QMenu>
#include <QPointer>

#include "gui/app/key_map.h"
#include "gui/app/main_window.h"
#include "gui/pages/page.h"
#include "gui/pages/table_export.h"
#include "gui/widgets/data_table.h"

namespace ifrit::gui::app {

using widgets::DataTable;

namespace {

const QString kExport = QStringLiteral("export");

/// The table that a widget is, or is the inside of; not its headers, which have a menu of their
/// own.
DataTable* tableOf(QObject* widget) {
    if (auto* table = qobject_cast<DataTable*>(widget)) return table;
    auto* table = widget == nullptr ? nullptr : qobject_cast<DataTable*>(widget->parent());
    return table != nullptr && table->viewport() == widget ? table : nullptr;
}

}  // namespace

TableCommands::TableCommands(const KeyMap& keys, MainWindow& window)
    : m_keys(keys), m_window(window) {
    qApp->installEventFilter(this);
}

void TableCommands::exportChosen() {
    if (const DataTable* table = tableOf(QApplication::focusWidget()))
        exportOne(*table);
    else
        m_window.page()->exportRows();
}

void TableCommands::exportOne(const DataTable& table) {
    QWidget* dialog = qobject_cast<QDialog*>(table.window());
    pages::exportTable(table, dialog != nullptr ? dialog : m_window.page());
}

bool TableCommands::isExportKey(const DataTable& table, const QKeyEvent& event) const {
    const QKeySequence keys = m_keys.keys(kExport);
    return !keys.isEmpty() && qobject_cast<QDialog*>(table.window()) != nullptr &&
           QKeySequence(event.keyCombination()) == keys;
}

bool TableCommands::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::ContextMenu) {
        const auto& asked = static_cast<const QContextMenuEvent&>(*event);
        DataTable* table = tableOf(watched);
        if (table == nullptr) return false;
        const bool byKey = asked.reason() == QContextMenuEvent::Keyboard;
        const QRect row = table->visualRect(table->currentIndex());
        showMenu(*table, byKey ? table->viewport()->mapToGlobal(row.center()) : asked.globalPos());
        return true;
    }
    if (event->type() == QEvent::KeyPress) {
        const auto* table = qobject_cast<const DataTable*>(watched);
        if (table == nullptr || !isExportKey(*table, static_cast<const QKeyEvent&>(*event)))
            return false;
        exportOne(*table);
        return true;
    }
    return false;
}

void TableCommands::showMenu(DataTable& table, const QPoint& at) {
    QMenu menu(&table);
    const QPointer<DataTable> there(&table);
    QAction* copy = menu.addAction(tr("Copy"));
    copy->setShortcut(QKeySequence::Copy);
    copy->setEnabled(table.selectionModel() != nullptr && table.selectionModel()->hasSelection());
    QAction* write = menu.addAction(tr("Export…"));
    write->setShortcut(m_keys.keys(kExport));
    const QAction* chosen = menu.exec(at);
    // It may have gone with its dialog meanwhile.
    if (chosen == nullptr || there == nullptr) return;
    if (chosen == copy) table.copySelected();
    if (chosen == write) exportOne(table);
}

}  // namespace ifrit::gui::app
