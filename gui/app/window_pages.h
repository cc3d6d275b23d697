// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>
#include <QStackedWidget>

#include <array>

#include "gui/app/desktop.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {
class MachinesPage;
class MapPage;
class PackagesPage;
class Page;
class ReleasesPage;
}  // namespace ifrit::gui::pages

namespace ifrit::gui::app {

/// The pages of the window, and what each of them wants to be shown. Each is made when it is first
/// asked for: a window that is new, or is told of another look or language, has to do with what
/// somebody has looked at. The views come first, in the order of the rail; the release page and
/// what else is reached from a view follow.
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
    /// What a view, or the settings, are called, made or not.
    static QString nameOf(int index);

    /// Made now if it was not.
    pages::Page* at(int index);
    /// nullptr: nobody has asked for it yet.
    pages::Page* found(int index) const { return m_pages[static_cast<std::size_t>(index)]; }
    /// The one that is shown; -1 before the first.
    int current() const;

    /// Of every list of a cluster: what was chosen in it is no choice in another cluster's.
    void forgetChoices();
    /// Those that are being written of a cluster's lists.
    void endExports();

    pages::MapPage* map();
    pages::MachinesPage* machines();
    pages::PackagesPage* packages();
    pages::ReleasesPage* releases();

Q_SIGNALS:
    /// Of a page that is in its place and was not shown yet.
    void made(ifrit::gui::pages::Page* page);
    void viewWanted(int view);
    void machineWanted(const QString& uuid);
    /// Machines, filtered.
    void filterWanted(const QString& filter);
    void releaseWanted(const QString& releaseId);
    void placeChanged();
    void told(const QString& sentence);
    void resetLayoutWanted();
    void diagnosticsWanted();

private:
    pages::Page* make(int index);
    pages::Page* makeConnections();
    pages::Page* makeMap();
    pages::Page* makeMachines();
    pages::Page* makePackages();
    pages::Page* makeReleases();
    pages::Page* makeCampaigns();
    pages::Page* makeAudit();
    pages::Page* makeAccess();
    pages::Page* makeRelease();
    pages::Page* makeSettings();
    /// Those that were made and show something of a cluster: masters and keys are of none.
    QList<pages::Page*> ofCluster() const;
    template <typename SomePage, typename Signal>
    void wants(View view, SomePage* page, Signal signal);

    Desktop& m_desktop;
    widgets::Theme& m_theme;
    QStackedWidget* m_stack;
    std::array<pages::Page*, PageCount> m_pages{};
};

}  // namespace ifrit::gui::app
