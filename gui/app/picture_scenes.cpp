// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/picture_scenes.h"

#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QLineEdit>
#include <QTabWidget>

#include <algorithm>

#include "gui/pages/access/access_page.h"
#include "gui/pages/campaigns/campaigns_page.h"
#include "gui/pages/connections/connections_page.h"
#include "gui/pages/machines/machine_detail_view.h"
#include "gui/pages/machines/machines_page.h"
#include "gui/pages/map/map_page.h"
#include "gui/pages/releases/release_page.h"
#include "gui/widgets/data_table.h"

namespace ifrit::gui::app {

using presenters::MapColor;
using presenters::MapGroupBy;

namespace {

void chooseTab(QWidget* page, int index) {
    page->findChild<QTabWidget*>()->setCurrentIndex(index);
}

void check(QWidget* page, const char* button, bool on) {
    page->findChild<QPushButton*>(QString::fromLatin1(button))->setChecked(on);
}

}  // namespace

PictureScenes::PictureScenes(Desktop& desktop, MainWindow& window)
    : m_desktop(desktop), m_window(window) {
    addConnections();
    addMap();
    addMachines();
    addLists();
    addRelease();
    addAccess();
    addReleaseDialogs();
    addWindow();
}

void PictureScenes::add(const char* name, Test isReady, Deed arrange, Test isShown) {
    if (!isShown) isShown = [] { return true; };
    m_scenes.push_back(
        {QString::fromLatin1(name), std::move(isReady), std::move(arrange), std::move(isShown)});
}

void PictureScenes::addDialog(const char* name, Test isReady, Deed arrange) {
    add(name, std::move(isReady), std::move(arrange),
        [] { return qobject_cast<QDialog*>(QApplication::activeModalWidget()) != nullptr; });
}

bool PictureScenes::hasFleet() const {
    // Where the line is broken, verbs are not offered and everything is pale.
    return m_desktop.hub.isConnected() && m_desktop.feed.store().size() > 0 &&
           m_desktop.feed.cluster();
}

bool PictureScenes::hasReleases() const {
    return hasFleet() && m_desktop.releases.model().rowCount() > 0;
}

bool PictureScenes::hasRelease() const {
    return m_desktop.release.info() && m_desktop.release.timelineModel().rowCount() > 0;
}

void PictureScenes::reset() {
    m_window.resetLayout();
    m_window.resize(1440, 900);
    // A page that nobody has looked at is as on the first day.
    if (auto* map = page<pages::MapPage>()) {
        check(map, "map-ring", false);
        check(map, "map-versions", false);
    }
    m_desktop.map.setGroupBy(MapGroupBy::Batch, {});
    m_desktop.map.setColor(MapColor::State);
    for (QWidget* tabbed : std::initializer_list<QWidget*>{
             page<pages::MachineDetailView>(), page<pages::ReleasePage>(),
             page<pages::AccessPage>(), page<pages::ConnectionsPage>()}) {
        if (tabbed != nullptr) chooseTab(tabbed, 0);
    }
}

void PictureScenes::warmUp() {
    if (!hasFleet() || m_warm) return;
    m_warm = true;
    // What it uses is kept from when it is chosen.
    chooseMachine();
    m_window.showView(MainWindow::Map);
}

void PictureScenes::chooseMachine() {
    const auto& uuids = m_desktop.feed.store().columns().uuid;
    if (uuids.size() == 0) return;
    std::string_view lowest = uuids[0];
    for (std::size_t i = 1; i < uuids.size(); ++i)
        lowest = std::min(lowest, uuids[i]);
    m_window.showMachine(models::toText(lowest));
}

void PictureScenes::showRelease() {
    const auto& all = m_desktop.releases.model().all();
    const auto started = std::find_if(all.begin(), all.end(), [](const auto& info) {
        return info.release.state != domain::ReleaseState::Draft;
    });
    if (started != all.end()) m_window.showRelease(models::toText(started->release.id));
}

void PictureScenes::addConnections() {
    add(
        "connections", [this] { return m_desktop.hub.identity() && hasFleet(); },
        [this] {
            show("connections");
            // With its steps run: a list of "not run yet" shows nothing of what the page is for.
            chooseTab(page<pages::ConnectionsPage>(), 1);
            m_desktop.connections.test(m_desktop.connections.current());
        },
        [this] {
            const auto& connections = m_desktop.connections;
            return !connections.testVerdict(connections.current()).isEmpty();
        });
    add(
        "connections-load", [this] { return m_desktop.hub.identity() && hasFleet(); },
        [this] {
            show("connections");
            chooseTab(page<pages::ConnectionsPage>(), 2);
        },
        [this] { return m_desktop.masterLoad.latency().whyEmpty.isEmpty(); });
}

void PictureScenes::addMap() {
    const Test ready = [this] { return hasFleet(); };
    add("map", ready, [this] { show("map"); });
    add("map-versions-by-zone", ready, [this] {
        show("map");
        m_desktop.map.setGroupBy(MapGroupBy::Label, QStringLiteral("zone"));
        m_desktop.map.setColor(MapColor::Version);
    });
    add("map-ring", ready, [this] {
        show("map");
        check(page<pages::MapPage>(), "map-ring", true);
    });
    add("map-history", ready, [this] {
        show("map");
        check(page<pages::MapPage>(), "map-versions", true);
    });
}

void PictureScenes::addMachines() {
    constexpr int kLogTab = 4;
    const char* const names[] = {"machines",         "machine-explain", "machine-agents",
                                 "machine-timeline", "machine-log",     "machine-usage"};
    int tab = 0;
    for (const char* name : names) {
        add(
            name, [this] { return hasFleet(); },
            [this, tab] {
                show("machines");
                chooseMachine();
                chooseTab(page<pages::MachineDetailView>(), tab);
                if (tab == kLogTab) m_desktop.machines.log().fetch();
            },
            [this, tab] {
                const auto& log = m_desktop.machines.log();
                return tab != kLogTab || (!log.text().isEmpty() && log.fetchAction().enabled());
            });
        ++tab;
    }
}

void PictureScenes::addLists() {
    add(
        "packages", [this] { return m_desktop.packages.model().rowCount() > 0; },
        [this] { show("packages"); });
    add(
        "releases", [this] { return hasReleases(); }, [this] { show("releases"); });
    add(
        "campaigns", [this] { return hasFleet(); }, [this] { show("campaigns"); },
        [this] { return m_desktop.campaigns.model().rowCount() > 0; });
    add(
        "audit", [this] { return m_desktop.audit.model().rowCount() > 0; },
        [this] {
            show("audit");
            const auto& rows = m_desktop.audit.model().records();
            const auto denied = std::find_if(
                rows.begin(), rows.end(), [](const auto& row) { return row.result == "denied"; });
            if (denied == rows.end()) return;
            m_window.page()
                ->findChild<QTableView*>(QStringLiteral("audit"))
                ->selectRow(static_cast<int>(denied - rows.begin()));
        });
    addDialog(
        "new-campaign", [this] { return hasReleases(); },
        [this] {
            show("campaigns");
            page<pages::CampaignsPage>()->create();
        });
}

void PictureScenes::addRelease() {
    const char* const names[] = {"release",      "release-machines",    "release-timeline",
                                 "release-cost", "release-convergence", "release-plan",
                                 "release-audit"};
    int tab = 0;
    for (const char* name : names) {
        add(
            name, [this] { return hasReleases(); },
            [this, tab] {
                showRelease();
                page<pages::ReleasePage>()->tabs()->setCurrentIndex(tab);
            },
            [this] { return hasRelease(); });
        ++tab;
    }
}

void PictureScenes::askAboutStart() {
    auto* access = page<pages::AccessPage>();
    access->findChild<QComboBox*>(QStringLiteral("asked-permission"))
        ->setCurrentText(QStringLiteral("release.start"));
    access->findChild<QLineEdit*>(QStringLiteral("asked-agent"))
        ->setText(m_desktop.map.leadingAgent());
    access->ask();
}

void PictureScenes::addAccess() {
    const char* const names[] = {"permissions", "permissions-tokens", "permissions-certificates",
                                 "permissions-check"};
    int tab = 0;
    for (const char* name : names) {
        add(
            name, [this] { return m_desktop.access.users().rowCount() > 0; },
            [this, tab] {
                show("access");
                auto* users =
                    page<pages::AccessPage>()->findChild<QTableView*>(QStringLiteral("users"));
                // The second one: the first is the administrator, who needs no grant.
                users->selectRow(std::min(1, users->model()->rowCount() - 1));
                chooseTab(page<pages::AccessPage>(), tab);
                if (tab == 3) askAboutStart();
            });
        ++tab;
    }
}

}  // namespace ifrit::gui::app
