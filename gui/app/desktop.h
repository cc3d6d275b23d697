// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSettings>

#include "gui/models/worker.h"
#include "gui/presenters/audit_presenter.h"
#include "gui/presenters/connections_presenter.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/machines_presenter.h"
#include "gui/presenters/map_presenter.h"
#include "gui/presenters/new_release_presenter.h"
#include "gui/presenters/packages_presenter.h"
#include "gui/presenters/release_presenter.h"
#include "gui/presenters/releases_presenter.h"

namespace ifrit::gui::app {

/// What varies from program to test.
struct DesktopParts {
    services::SessionFactory& sessions;
    const base::Clock& clock;
    models::Worker& worker;
    QSettings& settings;
};

/// Everything behind the window, put together once, in the order in which it depends on each other.
struct Desktop {
    explicit Desktop(const DesktopParts& parts)
        : settings(parts.settings),
          times(parts.clock),
          hub(parts.sessions, times),
          store(parts.settings),
          feed(hub),
          connections(hub, store, parts.sessions),
          map(hub, feed),
          machines(hub, feed, parts.worker),
          packages(hub, feed),
          releases(hub, feed),
          release(hub),
          newRelease(hub, feed),
          audit(hub, feed) {}
    // While everybody still lives who is told of it.
    ~Desktop() { hub.close(); }

    QSettings& settings;
    models::TimeText times;
    presenters::ConnectionHub hub;
    presenters::ConnectionStore store;
    presenters::FleetFeed feed;
    presenters::ConnectionsPresenter connections;
    presenters::MapPresenter map;
    presenters::MachinesPresenter machines;
    presenters::PackagesPresenter packages;
    presenters::ReleasesPresenter releases;
    presenters::ReleasePresenter release;
    presenters::NewReleasePresenter newRelease;
    presenters::AuditPresenter audit;
};

}  // namespace ifrit::gui::app
