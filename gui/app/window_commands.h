// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "gui/app/desktop.h"
#include "gui/app/table_commands.h"
#include "gui/app/window_keys.h"
#include "gui/models/go_to.h"
#include "gui/presenters/go_to_presenter.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {
class Page;
}  // namespace ifrit::gui::pages

namespace ifrit::gui::app {

class MainWindow;
class WindowPages;

/// What can be done in the window as a whole, by key or from the palette.
class WindowCommands : public QObject {
    Q_OBJECT
public:
    /// All outlive this.
    WindowCommands(Desktop& desktop, widgets::Theme& theme, MainWindow& window, WindowPages& pages);
    void goTo();
    void showKeys();

private:
    void addKeys();
    std::vector<models::GoToEntry> entries();
    /// What can be begun on the pages now; of the one that is shown first.
    void addOffered(std::vector<models::GoToEntry>& entries);
    presenters::GoToPresenter::Targets targets();
    void copyCommand();
    void nameKeys();
    void nameKeysOf(pages::Page* page);

    Desktop& m_desktop;
    widgets::Theme& m_theme;
    MainWindow& m_window;
    WindowPages& m_pages;
    WindowKeys m_keys;
    TableCommands m_tables;
    presenters::GoToPresenter m_goTo;
};

}  // namespace ifrit::gui::app
