// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/window_docks.h"

#include <QMainWindow>
#include <QPushButton>

#include "gui/pages/page.h"
#include "gui/widgets/data_table.h"

namespace ifrit::gui::app {
namespace {

constexpr int kTook = 4;
constexpr int kTookWidth = 84;

}  // namespace

WindowDocks::WindowDocks(Desktop& desktop, const widgets::Theme& theme, QMainWindow& area)
    : QObject(&area),
      m_desktop(desktop),
      m_area(area),
      m_operations(new LogDock(
          QStringLiteral("operations"), theme, desktop.operations.model(),
          [this](const QString& text) { m_desktop.operations.setFilter(text); }, &area)),
      m_events(new LogDock(
          QStringLiteral("events"), theme, desktop.events.model(),
          [this](const QString& text) { m_desktop.events.setFilter(text); }, &area)) {
    // It grows while the call runs.
    m_operations->table().keepAtLeast(kTook, kTookWidth);
    area.addDockWidget(Qt::BottomDockWidgetArea, m_operations);
    area.addDockWidget(Qt::BottomDockWidgetArea, m_events);
    area.tabifyDockWidget(m_operations, m_events);
    connectParts();
    retranslate();
    reset();
}

void WindowDocks::connectParts() {
    using presenters::EventLog;
    using presenters::OperationLog;
    connect(&m_operations->button(), &QPushButton::clicked, this, [this] {
        const auto* chosen = m_desktop.operations.model().at(m_operations->row());
        if (chosen != nullptr) m_desktop.operations.cancel(chosen->id);
    });
    connect(&m_events->button(), &QPushButton::clicked, &m_desktop.events, &EventLog::clear);
    connect(m_operations->table().selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &WindowDocks::updateCancel);
    connect(&m_desktop.operations, &OperationLog::changed, this, &WindowDocks::updateCancel);
    connect(&m_desktop.operations, &OperationLog::changed, this, &WindowDocks::updateKept);
    connect(&m_desktop.events, &EventLog::changed, this, &WindowDocks::updateKept);
    connect(&m_events->table(), &widgets::DataTable::opened, this,
            [this](const QModelIndex& index) { openEvent(index.row()); });
}

void WindowDocks::openEvent(int row) {
    const auto* event = m_desktop.events.model().at(row);
    if (event == nullptr || event->releaseId.isEmpty()) return;
    Q_EMIT releaseWanted(event->cluster, event->bundlePath, event->releaseId);
}

void WindowDocks::updateCancel() {
    const auto* chosen = m_desktop.operations.model().at(m_operations->row());
    const bool running =
        chosen != nullptr && chosen->state == presenters::Operation::State::Running;
    pages::apply(&m_operations->button(),
                 {running ? QString() : tr("Choose an operation that is running.")},
                 tr("Stop waiting. What the master has begun may be done all the same."));
}

void WindowDocks::updateKept() {
    m_operations->say(m_desktop.operations.operations().size(), presenters::OperationLog::kMost);
    m_events->say(m_desktop.events.model().all().size(), presenters::EventLog::kMost);
}

// Of two that lie in one place the one behind is shown all the same, as Qt sees it.
void WindowDocks::toggle(QDockWidget& dock) {
    const bool isBehind = !dock.isHidden() && !m_area.tabifiedDockWidgets(&dock).isEmpty() &&
                          dock.visibleRegion().isEmpty();
    if (!isBehind) dock.setVisible(dock.isHidden());
    if (!dock.isHidden()) dock.raise();
}

LogDock* WindowDocks::withKeyboard() const {
    for (LogDock* dock : {m_operations, m_events})
        if (dock->hasKeyboard()) return dock;
    return nullptr;
}

bool WindowDocks::focusFilter() {
    LogDock* dock = withKeyboard();
    if (dock != nullptr) dock->focusFilter();
    return dock != nullptr;
}

bool WindowDocks::escape() {
    LogDock* dock = withKeyboard();
    return dock != nullptr && dock->clearFilter();
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
    m_operations->setWords(tr("Operations"),
                           tr("Filter by state, what was asked, cluster, request, answer…"),
                           tr("Filter of the operations"),
                           tr("No call yet that changes something, or that takes over a second."),
                           tr("No operation matches the filter."));
    m_events->setWords(tr("Events"), tr("Filter by kind, what happened, cluster…"),
                       tr("Filter of the events"),
                       tr("Nothing has happened since the window was opened or cleared."),
                       tr("No event matches the filter."));
    m_operations->button().setText(tr("Cancel"));
    // Beside the filter's own "Clear".
    m_events->button().setText(tr("Empty the list"));
    m_desktop.operations.model().touchAll();
    m_desktop.events.model().touchAll();
    updateCancel();
    updateKept();
}

}  // namespace ifrit::gui::app
