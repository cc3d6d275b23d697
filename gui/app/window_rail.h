// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "gui/app/desktop.h"
#include "gui/app/place_history.h"

namespace ifrit::gui::widgets {
class NavigationRail;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::app {

class WindowDocks;

/// Keeps the window's rail: the views with their keys and what waits in them, and below them the
/// docks and the settings.
class WindowRail : public QObject {
    Q_OBJECT
public:
    /// All but `parent` outlive it.
    WindowRail(Desktop& desktop, widgets::NavigationRail& rail, WindowDocks& docks,
               QObject* parent);
    void retranslate();
    void setCurrent(const Place& place);

Q_SIGNALS:
    void viewWanted(int view);
    void operationsWanted();
    void eventsWanted();

private:
    enum Footer { Operations, Events, Settings };
    void addViews();
    void addFooters();
    QString keysOf(int view) const;

    Desktop& m_desktop;
    widgets::NavigationRail& m_rail;
    WindowDocks& m_docks;
};

}  // namespace ifrit::gui::app
