// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/window_docks.h"

#include <QAbstractButton>
#include <QDockWidget>
#include <QHBoxLayout>
#include <QLabel>
#include <QMainWindow>
#include <QPushButton>

#include "gui/models/selection_keeper.h"
#include "gui/pages/page.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/panel.h"

namespace ifrit::gui::app {
namespace {

constexpr int kTook = 4;
constexpr int kTookWidth = 84;
constexpr int kLeastHeight = 140;

/// Qt names the buttons of a dock once, in the language of its start. The names are those of
/// qdockwidget.cpp.
void nameButton(const QDockWidget& dock, const QString& button, const QString& name) {
    auto* found = dock.findChild<QAbstractButton*>(button);
    if (found == nullptr) return;
    found->setAccessibleName(name);
    found->setAccessibleDescription(QStringLiteral("%1: %2").arg(dock.windowTitle(), name));
}

}  // namespace

WindowDocks::WindowDocks(Desktop& desktop, const widgets::Theme& theme, QMainWindow& area)
    : QObject(&area),
      m_desktop(desktop),
      m_theme(theme),
      m_area(area),
      m_operationTable(new widgets::DataTable(theme, &area)),
      m_eventTable(new widgets::DataTable(theme, &area)),
      m_operationsKept(widgets::mutedLabel({}, &area)),
      m_eventsKept(widgets::mutedLabel({}, &area)),
      m_cancel(new QPushButton(&area)),
      m_clear(new QPushButton(&area)),
      m_operations(nullptr),
      m_events(nullptr) {
    m_operationTable->setModel(&desktop.operations.model());
    // It grows while the call runs.
    m_operationTable->keepAtLeast(kTook, kTookWidth);
    m_eventTable->setModel(&desktop.events.model());
    m_operations =
        addDock(QStringLiteral("operations"), m_operationTable, m_operationsKept, m_cancel);
    m_events = addDock(QStringLiteral("events"), m_eventTable, m_eventsKept, m_clear);
    area.tabifyDockWidget(m_operations, m_events);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        const auto* chosen =
            m_desktop.operations.model().at(m_operationTable->currentIndex().row());
        if (chosen != nullptr) m_desktop.operations.cancel(chosen->id);
    });
    connect(m_clear, &QPushButton::clicked, &desktop.events, &presenters::EventLog::clear);
    connect(m_operationTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &WindowDocks::updateCancel);
    connect(&desktop.operations, &presenters::OperationLog::changed, this,
            &WindowDocks::updateCancel);
    connect(&desktop.operations, &presenters::OperationLog::changed, this,
            &WindowDocks::updateKept);
    connect(&desktop.events, &presenters::EventLog::changed, this, &WindowDocks::updateKept);
    connect(m_eventTable, &widgets::DataTable::opened, this, [this](const QModelIndex& index) {
        const auto* row = m_desktop.events.model().at(index.row());
        if (row != nullptr && !row->releaseId.isEmpty()) Q_EMIT releaseWanted(row->releaseId);
    });
    retranslate();
    reset();
}

QDockWidget* WindowDocks::addDock(const QString& name, widgets::DataTable* table, QLabel* kept,
                                  QPushButton* button) {
    auto* dock = new QDockWidget(&m_area);
    dock->setObjectName(name);
    auto* content = new QWidget(dock);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(12, 6, 12, 8);
    column->setSpacing(6);
    table->setObjectName(name + QStringLiteral("-table"));
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setMinimumHeight(kLeastHeight);
    table->fitColumns();
    column->addWidget(table, 1);
    auto* row = new QHBoxLayout;
    kept->setObjectName(name + QStringLiteral("-kept"));
    row->addWidget(kept, 1);
    row->addWidget(button);
    column->addLayout(row);
    dock->setWidget(content);
    auto* model = table->model();
    new models::SelectionKeeper(table->selectionModel(), [model](const QString& key) {
        for (int at = 0; at < model->rowCount(); ++at) {
            if (model->index(at, 0).data(models::KeyRole).toString() == key) return at;
        }
        return -1;
    });
    m_area.addDockWidget(Qt::BottomDockWidgetArea, dock);
    return dock;
}

void WindowDocks::updateCancel() {
    const auto* chosen = m_desktop.operations.model().at(m_operationTable->currentIndex().row());
    const bool running =
        chosen != nullptr && chosen->state == presenters::Operation::State::Running;
    pages::apply(m_cancel, {running ? QString() : tr("Choose an operation that is running.")},
                 tr("Stop waiting. What the master has begun may be done all the same."));
}

void WindowDocks::updateKept() {
    const auto line = [](int rows, std::size_t most) {
        return rows == 0
                   ? QString()
                   : tr("%1 kept; at most %2, then the oldest are dropped")
                         .arg(models::grouped(rows), models::grouped(static_cast<qint64>(most)));
    };
    m_operationsKept->setText(
        line(m_desktop.operations.model().rowCount(), presenters::OperationLog::kMost));
    m_eventsKept->setText(line(m_desktop.events.model().rowCount(), presenters::EventLog::kMost));
}

void WindowDocks::reset() {
    m_area.addDockWidget(Qt::BottomDockWidgetArea, m_operations);
    m_area.tabifyDockWidget(m_operations, m_events);
    for (QDockWidget* dock : {m_operations, m_events}) {
        dock->setFloating(false);
        dock->hide();
    }
}

void WindowDocks::retranslate() {
    m_operations->setWindowTitle(tr("Operations"));
    m_events->setWindowTitle(tr("Events"));
    for (const QDockWidget* dock : {m_operations, m_events}) {
        nameButton(*dock, QStringLiteral("qt_dockwidget_closebutton"), tr("Close"));
        nameButton(*dock, QStringLiteral("qt_dockwidget_floatbutton"), tr("Float"));
    }
    m_operationTable->setAccessibleName(tr("Operations"));
    m_eventTable->setAccessibleName(tr("Events"));
    m_operationTable->setEmptyText(
        tr("No call yet that changes something, or that takes over a second."));
    m_eventTable->setEmptyText(tr("Nothing has happened since the window was opened or cleared."));
    m_cancel->setText(tr("Cancel"));
    m_clear->setText(tr("Clear"));
    m_desktop.operations.model().touchAll();
    m_desktop.events.model().touchAll();
    updateCancel();
    updateKept();
}

}  // namespace ifrit::gui::app
