// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QMainWindow>
#include <QStackedWidget>
#include <QTimer>

#include "gui/app/desktop.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {
class ConnectionsPage;
class MachinesPage;
class MapPage;
class Page;
class ReleasePage;
class ReleasesPage;
}  // namespace ifrit::gui::pages

namespace ifrit::gui::widgets {
class NavigationRail;
class StatusLine;
class TitleLine;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::app {

/// The one window: title line, rail, page, status line. Puts gestures to pages and pages to places;
/// knows nothing of what they show.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// Both outlive the window.
    MainWindow(Desktop& desktop, widgets::Theme& theme);

    enum View { Connections, Map, Machines, Packages, Releases, Audit, ViewCount };
    void showView(int view);
    /// By name, as --page takes it: "connections", "map", "machines", "packages", "releases",
    /// "release" (the newest), "audit". False: there is no such page.
    bool showPage(const QString& name);
    static QStringList pageNames();
    void showRelease(const QString& releaseId);
    pages::Page* page() const;
    void resetLayout();

protected:
    void changeEvent(QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    /// Where the operator was: a view, and of the release page which release.
    struct Place {
        int index = 0;
        QString releaseId;
        bool operator==(const Place&) const = default;
    };
    void build();
    void addPages();
    void connectPages();
    void addKeys();
    void addKey(const QKeySequence& keys, std::function<void()> action);
    void retranslate();
    void updateLines();
    void back();
    void forward();
    void go(const Place& place);
    void visit(const Place& place);
    void showKeys();
    void showMenu();
    void restoreLayout();
    void saveLayout();

    Desktop& m_desktop;
    widgets::Theme& m_theme;
    widgets::TitleLine* m_title;
    widgets::NavigationRail* m_rail;
    QStackedWidget* m_stack;
    widgets::StatusLine* m_status;
    pages::ConnectionsPage* m_connections = nullptr;
    pages::MapPage* m_map = nullptr;
    pages::MachinesPage* m_machines = nullptr;
    pages::ReleasesPage* m_releases = nullptr;
    pages::ReleasePage* m_release = nullptr;
    int m_releaseIndex = 0;
    QList<Place> m_history;
    qsizetype m_historyAt = -1;
    QTimer m_seconds;
};

}  // namespace ifrit::gui::app
