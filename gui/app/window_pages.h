// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>
#include <QStackedWidget>

#include "gui/app/desktop.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {
class ConnectionsPage;
class MachinesPage;
class MapPage;
class PackagesPage;
class Page;
class ReleasePage;
class ReleasesPage;
}  // namespace ifrit::gui::pages

namespace ifrit::gui::app {

class SettingsPage;

/// The pages of the window, made once, and what each of them wants to be shown. The views come
/// first, in the order of the rail; the release page and what else is reached from a view follow.
class WindowPages : public QObject {
    Q_OBJECT
public:
    enum View {
        Connections,
        Map,
        Machines,
        Packages,
        Releases,
        Campaigns,
        Audit,
        Access,
        ViewCount
    };
    enum Other { Release = ViewCount, Settings, PageCount };

    WindowPages(Desktop& desktop, widgets::Theme& theme, QStackedWidget* stack);

    /// As --page takes them, in the order of the pages.
    static QStringList names();
    static QString iconOf(int view);
    pages::Page* at(int index) const;

    pages::ConnectionsPage* connections = nullptr;
    pages::MapPage* map = nullptr;
    pages::MachinesPage* machines = nullptr;
    pages::PackagesPage* packages = nullptr;
    pages::ReleasesPage* releases = nullptr;
    pages::ReleasePage* release = nullptr;
    SettingsPage* settings = nullptr;

Q_SIGNALS:
    void viewWanted(int view);
    void machineWanted(const QString& uuid);
    /// Machines, filtered.
    void filterWanted(const QString& filter);
    void releaseWanted(const QString& releaseId);
    void placeChanged();
    void told(const QString& sentence);

private:
    QStackedWidget* m_stack;
};

}  // namespace ifrit::gui::app
