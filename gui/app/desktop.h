// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QFileInfo>
#include <QSettings>

#include "gui/app/key_map.h"
#include "gui/app/preferences.h"
#include "gui/models/worker.h"
#include "gui/presenters/access_presenter.h"
#include "gui/presenters/address_adder.h"
#include "gui/presenters/audit_presenter.h"
#include "gui/presenters/campaigns_presenter.h"
#include "gui/presenters/connection_details.h"
#include "gui/presenters/demo_presenter.h"
#include "gui/presenters/event_log.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/freeze_presenter.h"
#include "gui/presenters/head_keeper.h"
#include "gui/presenters/machines_presenter.h"
#include "gui/presenters/map_presenter.h"
#include "gui/presenters/master_load_presenter.h"
#include "gui/presenters/new_campaign_presenter.h"
#include "gui/presenters/new_release_presenter.h"
#include "gui/presenters/operation_log.h"
#include "gui/presenters/package_detail.h"
#include "gui/presenters/release_charts.h"
#include "gui/presenters/release_presenter.h"
#include "gui/presenters/release_undo.h"
#include "gui/presenters/releases_presenter.h"
#include "gui/presenters/ring_presenter.h"
#include "gui/presenters/tracked_session.h"
#include "gui/presenters/version_history.h"

namespace ifrit::gui::app {

/// What varies from program to test.
struct DesktopParts {
    services::SessionFactory& sessions;
    const base::Clock& clock;
    models::Worker& worker;
    QSettings& settings;
    services::SecretStore& secrets;
    std::optional<presenters::DemoCommand> demo = {};  ///< none: it is not installed
    services::ChainSource* chains = nullptr;           ///< null: masters are not added by address
};

/// Everything behind the window, put together once, in the order in which it depends on each other.
struct Desktop {
    explicit Desktop(const DesktopParts& parts)
        : settings(parts.settings),
          keys(parts.settings),
          preferences(parts.settings),
          times(parts.clock),
          operations(times),
          sessions(parts.sessions, operations),
          hub(sessions, times),
          store(parts.settings),
          feed(hub),
          connections({hub, store, sessions, parts.secrets}),
          roster(connections, hub, parts.sessions),
          details({connections, hub, feed, roster}),
          adder(parts.chains, connections, times),
          demo(parts.demo),
          masterLoad(hub),
          freeze(hub, feed),
          versions(hub, feed),
          map(hub, feed, &roster, &versions),
          ring(hub, feed, parts.worker),
          machines(hub, feed, parts.worker),
          packages(hub, feed),
          package(hub, feed, packages, parts.worker),
          releases(hub, feed),
          release(hub, &feed),
          releaseRing(hub, feed, parts.worker),
          releaseCharts(hub),
          newRelease(hub, feed),
          campaigns(hub, feed, connections, sessions),
          newCampaign(hub, campaigns.lines()),
          heads(hub, feed, parts.worker, headDirectory(parts.settings)),
          audit(hub, feed, heads, &releases),
          access(hub, feed),
          releaseWatch(hub, releases),
          releaseUndo({hub, release, releaseWatch}),
          fleetNotices(roster),
          events(hub, feed, releaseWatch) {
        events.follow(fleetNotices);
        connections.setReadOnlyFirst(preferences.readOnlyFirst());
        QObject::connect(&feed, &presenters::FleetFeed::clusterChanged, &roster, [this] {
            if (feed.cluster()) roster.noteOwn(*feed.cluster());
        });
        QObject::connect(&preferences, &Preferences::changed, &connections,
                         [this] { connections.setReadOnlyFirst(preferences.readOnlyFirst()); });
    }
    // While everybody still lives who is told of it.
    ~Desktop() { hub.close(); }
    /// Beside the settings, where ifritctl keeps its own too.
    static std::string headDirectory(const QSettings& settings) {
        return QFileInfo(settings.fileName()).dir().filePath(QStringLiteral("heads")).toStdString();
    }

    QSettings& settings;
    KeyMap keys;
    Preferences preferences;
    models::TimeText times;
    presenters::OperationLog operations;
    presenters::TrackedSessionFactory sessions;
    presenters::ConnectionHub hub;
    presenters::ConnectionStore store;
    presenters::FleetFeed feed;
    presenters::ConnectionsPresenter connections;
    presenters::FleetRoster roster;
    presenters::ConnectionDetails details;
    presenters::AddressAdder adder;
    presenters::DemoPresenter demo;
    presenters::MasterLoadPresenter masterLoad;
    presenters::FreezePresenter freeze;
    presenters::VersionHistory versions;
    presenters::MapPresenter map;
    presenters::RingPresenter ring;
    presenters::MachinesPresenter machines;
    presenters::PackagesPresenter packages;
    presenters::PackageDetail package;
    presenters::ReleasesPresenter releases;
    presenters::ReleasePresenter release;
    presenters::RingPresenter releaseRing;
    presenters::ReleaseCharts releaseCharts;
    presenters::NewReleasePresenter newRelease;
    presenters::CampaignsPresenter campaigns;
    presenters::NewCampaignPresenter newCampaign;
    presenters::HeadKeeper heads;
    presenters::AuditPresenter audit;
    presenters::AccessPresenter access;
    presenters::ReleaseWatch releaseWatch;
    presenters::ReleaseUndo releaseUndo;
    presenters::FleetNotices fleetNotices;
    presenters::EventLog events;
};

}  // namespace ifrit::gui::app
