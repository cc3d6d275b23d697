// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>

#include "gui/app/desktop.h"
#include "gui/app/layout_memory.h"
#include "gui/app/place_history.h"
#include "gui/app/window_pages.h"
#include "gui/widgets/theme.h"

class QStackedWidget;

namespace ifrit::gui::widgets {
class NavigationRail;
class StatusLine;
class TitleLine;
class Toast;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::app {

class LocalLog;
class UndoToast;
class WindowDocks;
class WindowRail;
class WindowStatus;

/// The one window: title line, rail, page, status line. Puts pages to places; knows nothing of what
/// they show. Keys and palette are WindowCommands'.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// Both outlive the window.
    MainWindow(Desktop& desktop, widgets::Theme& theme);

    using View = WindowPages::View;
    static constexpr View Connections = View::Connections;
    static constexpr View Map = View::Map;
    static constexpr View Machines = View::Machines;
    static constexpr View Packages = View::Packages;
    static constexpr View Releases = View::Releases;
    static constexpr View Campaigns = View::Campaigns;
    static constexpr View Audit = View::Audit;
    static constexpr View Access = View::Access;
    static constexpr View ViewCount = View::ViewCount;

    void showView(int view);
    /// By name, as --page takes it: "connections", "map", "machines", "packages", "releases",
    /// "campaigns", "audit", "release" (the newest). False: there is no such page.
    bool showPage(const QString& name);
    static QStringList pageNames() { return WindowPages::names(); }
    void showRelease(const QString& releaseId);
    /// Of the cluster of this bundle, to which the window goes where it is about another one.
    void showReleaseOf(const QString& cluster, const QString& bundlePath, const QString& releaseId);
    void showMachine(const QString& uuid);
    void showMachines(const QString& filter);
    void back();
    void forward();
    void showMenu();
    /// Of what has the keyboard: a dock, else the page.
    void focusFilter();
    void toggleOperations();
    void toggleEvents();
    /// A sentence that passes by itself.
    void tell(const QString& sentence);
    /// Of what happened elsewhere: as soon as nothing is offered to be undone.
    void inform(const QString& sentence);
    /// What was said by inform() is not so any more.
    void takeBack(const QString& sentence);
    /// Asks for a file, and writes it. `log` may be null.
    void saveDiagnostics(const LocalLog* log);

Q_SIGNALS:
    void diagnosticsWanted();

public:
    pages::Page* page() const;
    Place place() const;
    void resetLayout();

protected:
    void changeEvent(QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void build();
    void connectPages();
    void retranslate();
    void addDocks();
    void closeDialogs();
    /// The bundle of the cluster that the window is about, or is about to be; empty: of none.
    QString cluster() const;
    /// Leaves what was chosen and visited where another cluster comes.
    void followCluster();
    void go(const Place& place);
    void visit(const Place& place);

    Desktop& m_desktop;
    LayoutMemory m_layout;
    widgets::Theme& m_theme;
    widgets::TitleLine* m_title;
    widgets::NavigationRail* m_rail;
    /// Between rail and edge: the pages, and around them what is docked.
    QMainWindow* m_area;
    QStackedWidget* m_stack;
    widgets::StatusLine* m_status;
    widgets::Toast* m_toast;
    UndoToast* m_undo;
    WindowPages* m_pages;
    WindowDocks* m_docks;
    WindowStatus* m_lines;
    WindowRail* m_views;
    PlaceHistory m_history;
    QString m_cluster;  ///< of the history and of what is chosen: the last that there was
};

}  // namespace ifrit::gui::app
