// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/window_pages.h"

#include "gui/app/settings_page.h"
#include "gui/pages/access/access_page.h"
#include "gui/pages/audit/audit_page.h"
#include "gui/pages/campaigns/campaigns_page.h"
#include "gui/pages/connections/connections_page.h"
#include "gui/pages/machines/machines_page.h"
#include "gui/pages/map/map_page.h"
#include "gui/pages/packages/packages_page.h"
#include "gui/pages/releases/release_page.h"
#include "gui/pages/releases/releases_page.h"

namespace ifrit::gui::app {

WindowPages::WindowPages(Desktop& desktop, widgets::Theme& theme, QStackedWidget* stack)
    : QObject(stack), m_stack(stack) {
    connections = new pages::ConnectionsPage(theme,
                                             {desktop.connections, desktop.details, desktop.adder,
                                              desktop.hub, desktop.demo, desktop.masterLoad},
                                             stack);
    map = new pages::MapPage(
        theme, {desktop.map, desktop.ring, desktop.versions, desktop.freeze, desktop.times}, stack);
    machines = new pages::MachinesPage(theme, desktop.machines, stack);
    packages = new pages::PackagesPage(theme, {desktop.packages, desktop.package}, stack);
    releases = new pages::ReleasesPage(theme, desktop.releases, desktop.newRelease,
                                       desktop.newCampaign, desktop.freeze, stack);
    auto* campaigns =
        new pages::CampaignsPage(theme, desktop.campaigns, desktop.newCampaign, stack);
    auto* audit = new pages::AuditPage(theme, desktop.audit, stack);
    auto* access = new pages::AccessPage(theme, desktop.access, stack);
    release = new pages::ReleasePage(
        theme, {desktop.release, desktop.releaseRing, desktop.releaseCharts, desktop.times}, stack);
    settings = new SettingsPage({theme, desktop.preferences, desktop.times, desktop.keys}, stack);
    const std::initializer_list<pages::Page*> all = {connections, map,       machines, packages,
                                                     releases,    campaigns, audit,    access,
                                                     release,     settings};
    for (pages::Page* page : all) {
        stack->addWidget(page);
        connect(page, &pages::Page::placeChanged, this, &WindowPages::placeChanged);
        connect(page, &pages::Page::told, this, &WindowPages::told);
        connect(page, &pages::Page::connectionsAsked, this,
                [this] { Q_EMIT viewWanted(Connections); });
        connect(page, &pages::Page::disconnectAsked, &desktop.connections,
                &presenters::ConnectionsPresenter::disconnect);
    }
    connect(map, &pages::MapPage::machineWanted, this, &WindowPages::machineWanted);
    connect(map, &pages::MapPage::releasesWanted, this, [this] { Q_EMIT viewWanted(Releases); });
    connect(map, &pages::MapPage::filterWanted, this, &WindowPages::filterWanted);
    connect(release, &pages::ReleasePage::machineWanted, this, &WindowPages::machineWanted);
    connect(release, &pages::ReleasePage::filterWanted, this, &WindowPages::filterWanted);
    connect(release, &pages::ReleasePage::backWanted, this,
            [this] { Q_EMIT viewWanted(Releases); });
    connect(packages, &pages::PackagesPage::filterWanted, this, &WindowPages::filterWanted);
    connect(packages, &pages::PackagesPage::releaseWanted, this, &WindowPages::releaseWanted);
    connect(campaigns, &pages::CampaignsPage::releaseWanted, this, &WindowPages::releaseWanted);
    connect(releases, &pages::ReleasesPage::campaignsWanted, this,
            [this] { Q_EMIT viewWanted(Campaigns); });
    connect(releases, &pages::ReleasesPage::releaseWanted, this, &WindowPages::releaseWanted);
}

QStringList WindowPages::names() {
    return {QStringLiteral("connections"), QStringLiteral("map"),      QStringLiteral("machines"),
            QStringLiteral("packages"),    QStringLiteral("releases"), QStringLiteral("campaigns"),
            QStringLiteral("audit"),       QStringLiteral("access"),   QStringLiteral("release"),
            QStringLiteral("settings")};
}

QString WindowPages::iconOf(int view) {
    return names().value(view);
}

pages::Page* WindowPages::at(int index) const {
    return static_cast<pages::Page*>(m_stack->widget(index));
}

}  // namespace ifrit::gui::app
