// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/window_pages.h"

#include <algorithm>

#include "gui/app/settings_page.h"
#include "gui/models/selection_keeper.h"
#include "gui/pages/access/access_page.h"
#include "gui/pages/audit/audit_page.h"
#include "gui/pages/campaigns/campaigns_page.h"
#include "gui/pages/connections/connections_page.h"
#include "gui/pages/export_job.h"
#include "gui/pages/machines/machines_page.h"
#include "gui/pages/map/map_page.h"
#include "gui/pages/packages/packages_page.h"
#include "gui/pages/releases/release_page.h"
#include "gui/pages/releases/releases_page.h"

namespace ifrit::gui::app {

WindowPages::WindowPages(Desktop& desktop, widgets::Theme& theme, QStackedWidget* stack)
    : QObject(stack), m_desktop(desktop), m_theme(theme), m_stack(stack) {
    connect(&desktop.hub, &presenters::ConnectionHub::sessionClosing, this,
            &WindowPages::endExports);
    // Also from the wizard of a release, when nobody has seen a campaign yet.
    connect(&desktop.newCampaign, &presenters::NewCampaignPresenter::created, this,
            [this](const QString& id) {
                static_cast<pages::CampaignsPage*>(at(Campaigns))->showCampaign(id);
            });
}

template <typename SomePage, typename Signal>
void WindowPages::wants(View view, SomePage* page, Signal signal) {
    connect(page, signal, this, [this, view] { Q_EMIT viewWanted(view); });
}

pages::Page* WindowPages::at(int index) {
    pages::Page*& page = m_pages[static_cast<std::size_t>(index)];
    if (page != nullptr) return page;
    page = make(index);
    m_stack->addWidget(page);
    connect(page, &pages::Page::placeChanged, this, &WindowPages::placeChanged);
    connect(page, &pages::Page::told, this, &WindowPages::told);
    wants(Connections, page, &pages::Page::connectionsAsked);
    connect(page, &pages::Page::lineWanted, this, [this] {
        if (!m_desktop.hub.isConnected()) m_desktop.hub.retryNow();
        m_desktop.roster.tryAgain();
    });
    connect(page, &pages::Page::disconnectAsked, &m_desktop.connections,
            &presenters::ConnectionsPresenter::disconnect);
    Q_EMIT made(page);
    return page;
}

int WindowPages::current() const {
    const auto shown = std::find(m_pages.begin(), m_pages.end(), m_stack->currentWidget());
    return m_stack->currentWidget() == nullptr ? -1 : static_cast<int>(shown - m_pages.begin());
}

pages::Page* WindowPages::make(int index) {
    switch (index) {
        case Connections:
            return makeConnections();
        case Map:
            return makeMap();
        case Machines:
            return makeMachines();
        case Packages:
            return makePackages();
        case Releases:
            return makeReleases();
        case Campaigns:
            return makeCampaigns();
        case Audit:
            return makeAudit();
        case Access:
            return makeAccess();
        case Release:
            return makeRelease();
        default:
            return makeSettings();
    }
}

pages::Page* WindowPages::makeConnections() {
    return new pages::ConnectionsPage(m_theme,
                                      {m_desktop.connections, m_desktop.details, m_desktop.adder,
                                       m_desktop.hub, m_desktop.demo, m_desktop.masterLoad},
                                      m_stack);
}

pages::Page* WindowPages::makeMap() {
    auto* page = new pages::MapPage(
        m_theme,
        {m_desktop.map, m_desktop.ring, m_desktop.versions, m_desktop.freeze, m_desktop.times},
        m_stack);
    wants(Releases, page, &pages::MapPage::releasesWanted);
    connect(page, &pages::MapPage::machineWanted, this, &WindowPages::machineWanted);
    connect(page, &pages::MapPage::filterWanted, this, &WindowPages::filterWanted);
    connect(page, &pages::MapPage::clusterWanted, &m_desktop.connections,
            &presenters::ConnectionsPresenter::connectTo);
    return page;
}

pages::Page* WindowPages::makeMachines() {
    auto* page = new pages::MachinesPage(m_theme, m_desktop.machines, m_stack);
    return page;
}

pages::Page* WindowPages::makePackages() {
    auto* page = new pages::PackagesPage(m_theme, {m_desktop.packages, m_desktop.package}, m_stack);
    connect(page, &pages::PackagesPage::filterWanted, this, &WindowPages::filterWanted);
    connect(page, &pages::PackagesPage::releaseWanted, this, &WindowPages::releaseWanted);
    return page;
}

pages::Page* WindowPages::makeReleases() {
    auto* page = new pages::ReleasesPage(m_theme, m_desktop.releases, m_desktop.newRelease,
                                         m_desktop.newCampaign, m_desktop.freeze, m_stack);
    wants(Campaigns, page, &pages::ReleasesPage::campaignsWanted);
    connect(page, &pages::ReleasesPage::releaseWanted, this, &WindowPages::releaseWanted);
    return page;
}

pages::Page* WindowPages::makeCampaigns() {
    auto* page =
        new pages::CampaignsPage(m_theme, m_desktop.campaigns, m_desktop.newCampaign, m_stack);
    connect(page, &pages::CampaignsPage::releaseWanted, this, &WindowPages::releaseWanted);
    return page;
}

pages::Page* WindowPages::makeAudit() {
    auto* page = new pages::AuditPage(m_theme, m_desktop.audit, m_stack);
    return page;
}

pages::Page* WindowPages::makeAccess() {
    auto* page = new pages::AccessPage(m_theme, m_desktop.access, m_stack);
    return page;
}

pages::Page* WindowPages::makeRelease() {
    auto* page = new pages::ReleasePage(
        m_theme,
        {m_desktop.release, m_desktop.releaseRing, m_desktop.releaseCharts, m_desktop.times},
        m_stack);
    wants(Releases, page, &pages::ReleasePage::backWanted);
    connect(page, &pages::ReleasePage::machineWanted, this, &WindowPages::machineWanted);
    connect(page, &pages::ReleasePage::filterWanted, this, &WindowPages::filterWanted);
    return page;
}

pages::Page* WindowPages::makeSettings() {
    auto* page = new SettingsPage({m_theme, m_desktop.preferences, m_desktop.times, m_desktop.keys},
                                  m_stack);
    connect(page, &SettingsPage::resetLayoutWanted, this, &WindowPages::resetLayoutWanted);
    connect(page, &SettingsPage::diagnosticsWanted, this, &WindowPages::diagnosticsWanted);
    return page;
}

QList<pages::Page*> WindowPages::ofCluster() const {
    QList<pages::Page*> out;
    for (int index = 0; index < PageCount; ++index) {
        const bool isOfCluster = index != Connections && index != Settings;
        if (isOfCluster && found(index) != nullptr) out << found(index);
    }
    return out;
}

void WindowPages::forgetChoices() {
    for (const pages::Page* page : ofCluster()) {
        for (auto* keeper : page->findChildren<models::SelectionKeeper*>())
            keeper->forget();
    }
}

void WindowPages::endExports() {
    for (const pages::Page* page : ofCluster()) {
        for (auto* job : page->findChildren<pages::ExportJob*>())
            job->closeLine();
    }
}

pages::MapPage* WindowPages::map() {
    return static_cast<pages::MapPage*>(at(Map));
}
pages::MachinesPage* WindowPages::machines() {
    return static_cast<pages::MachinesPage*>(at(Machines));
}
pages::PackagesPage* WindowPages::packages() {
    return static_cast<pages::PackagesPage*>(at(Packages));
}
pages::ReleasesPage* WindowPages::releases() {
    return static_cast<pages::ReleasesPage*>(at(Releases));
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

QString WindowPages::nameOf(int index) {
    switch (index) {
        case Connections:
            return pages::ConnectionsPage::viewName();
        case Map:
            return pages::MapPage::viewName();
        case Machines:
            return pages::MachinesPage::viewName();
        case Packages:
            return pages::PackagesPage::viewName();
        case Releases:
            return pages::ReleasesPage::viewName();
        case Campaigns:
            return pages::CampaignsPage::viewName();
        case Audit:
            return pages::AuditPage::viewName();
        case Access:
            return pages::AccessPage::viewName();
        default:
            return SettingsPage::viewName();
    }
}

}  // namespace ifrit::gui::app
