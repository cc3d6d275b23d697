// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/window_rail.h"

#include <QDockWidget>

#include "gui/app/window_docks.h"
#include "gui/app/window_pages.h"
#include "gui/widgets/navigation_rail.h"

namespace ifrit::gui::app {

WindowRail::WindowRail(Desktop& desktop, widgets::NavigationRail& rail, WindowDocks& docks,
                       QObject* parent)
    : QObject(parent), m_desktop(desktop), m_rail(rail), m_docks(docks) {
    addViews();
    addFooters();
}

void WindowRail::addViews() {
    for (int view = 0; view < WindowPages::ViewCount; ++view)
        m_rail.addView(WindowPages::iconOf(view), WindowPages::nameOf(view), keysOf(view));
    connect(&m_rail, &widgets::NavigationRail::chosen, this, &WindowRail::viewWanted);
    connect(&m_desktop.releases, &presenters::ReleasesPresenter::changed, this,
            [this] { m_rail.setBadge(WindowPages::Releases, m_desktop.releases.attention()); });
    connect(&m_desktop.hub, &presenters::ConnectionHub::linkChanged, this,
            [this] { m_rail.setOld(!m_desktop.hub.isConnected()); });
    connect(&m_desktop.campaigns, &presenters::CampaignsPresenter::changed, this,
            [this] { m_rail.setBadge(WindowPages::Campaigns, m_desktop.campaigns.attention()); });
}

void WindowRail::addFooters() {
    for (const char* icon : {"operations", "events", "settings"})
        m_rail.addFooter(QString::fromLatin1(icon));
    const auto follow = [this](QDockWidget* dock, Footer footer) {
        connect(dock, &QDockWidget::visibilityChanged, this, [this, dock, footer] {
            // Behind the other of two tabs it is shown all the same.
            m_rail.checkFooter(footer, !dock->isHidden());
        });
    };
    follow(m_docks.operations(), Operations);
    follow(m_docks.events(), Events);
    connect(&m_rail, &widgets::NavigationRail::footerClicked, this, [this](int footer) {
        if (footer == Operations) {
            Q_EMIT operationsWanted();
        } else if (footer == Events) {
            Q_EMIT eventsWanted();
        } else {
            Q_EMIT viewWanted(WindowPages::Settings);
        }
    });
    connect(&m_desktop.operations, &presenters::OperationLog::changed, this,
            [this] { m_rail.setFooterBadge(Operations, m_desktop.operations.running()); });
}

QString WindowRail::keysOf(int view) const {
    return m_desktop.keys.text(QStringLiteral("view-%1").arg(view + 1));
}

void WindowRail::retranslate() {
    for (int view = 0; view < WindowPages::ViewCount; ++view)
        m_rail.retitle(view, WindowPages::nameOf(view), keysOf(view));
    const auto name = [this](Footer footer, const QString& title, const char* key) {
        m_rail.setFooter(footer, title, m_desktop.keys.text(QString::fromLatin1(key)));
    };
    name(Operations, m_docks.operations()->windowTitle(), "operations");
    name(Events, m_docks.events()->windowTitle(), "events");
    name(Settings, WindowPages::nameOf(WindowPages::Settings), "settings");
}

void WindowRail::setCurrent(const Place& place) {
    const bool settings = place.index == WindowPages::Settings;
    m_rail.setCurrent(place.index == WindowPages::Release ? int(WindowPages::Releases)
                      : settings                          ? -1
                                                          : place.index);
    m_rail.checkFooter(Settings, settings);
}

}  // namespace ifrit::gui::app
