// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "gui/app/desktop.h"
#include "gui/app/log_dock.h"
#include "gui/widgets/theme.h"

class QMainWindow;

namespace ifrit::gui::app {

/// Operations and events, docked below the pages. Hidden until they are wanted; where they are and
/// whether they are shown is the area's to remember.
class WindowDocks : public QObject {
    Q_OBJECT
public:
    WindowDocks(Desktop& desktop, const widgets::Theme& theme, QMainWindow& area);
    QDockWidget* operations() { return m_operations; }
    QDockWidget* events() { return m_events; }
    /// Brings it to the front, and hides it only from there.
    void toggle(QDockWidget& dock);
    /// Hidden, as on the first day.
    void reset();
    void retranslate();
    /// For the dock that has the keyboard; false: none has it.
    bool focusFilter();
    /// As Page::escape(), for that dock.
    bool escape();

Q_SIGNALS:
    void releaseWanted(const QString& cluster, const QString& bundlePath, const QString& releaseId);
    /// A sentence that passes.
    void told(const QString& sentence);

private:
    void connectParts();
    void openEvent(int row);
    LogDock* withKeyboard() const;
    void updateCancel();
    /// How many rows are kept, and that there is an end to it.
    void updateKept();

    Desktop& m_desktop;
    QMainWindow& m_area;
    LogDock* m_operations;
    LogDock* m_events;
};

}  // namespace ifrit::gui::app
