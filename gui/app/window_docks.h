// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "gui/app/desktop.h"
#include "gui/widgets/theme.h"

class QDockWidget;
class QLabel;
class QMainWindow;
class QPushButton;

namespace ifrit::gui::widgets {
class DataTable;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::app {

/// Operations and events, docked below the pages. Hidden until they are wanted; where they are and
/// whether they are shown is the area's to remember.
class WindowDocks : public QObject {
    Q_OBJECT
public:
    WindowDocks(Desktop& desktop, const widgets::Theme& theme, QMainWindow& area);
    QDockWidget* operations() { return m_operations; }
    QDockWidget* events() { return m_events; }
    /// Hidden, as on the first day.
    void reset();
    void retranslate();

Q_SIGNALS:
    void releaseWanted(const QString& releaseId);

private:
    QDockWidget* addDock(const QString& name, widgets::DataTable* table, QLabel* kept,
                         QPushButton* button);
    void updateCancel();
    /// How many rows are kept, and that there is an end to it.
    void updateKept();

    Desktop& m_desktop;
    const widgets::Theme& m_theme;
    QMainWindow& m_area;
    widgets::DataTable* m_operationTable;
    widgets::DataTable* m_eventTable;
    QLabel* m_operationsKept;
    QLabel* m_eventsKept;
    QPushButton* m_cancel;
    QPushButton* m_clear;
    QDockWidget* m_operations;
    QDockWidget* m_events;
};

}  // namespace ifrit::gui::app
