// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>

#include <functional>
#include <vector>

#include "gui/models/go_to.h"
#include "gui/presenters/campaigns_presenter.h"
#include "gui/presenters/connections_presenter.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/packages_presenter.h"
#include "gui/presenters/release_presenter.h"
#include "gui/presenters/releases_presenter.h"

namespace ifrit::gui::presenters {

/// Finds what the palette offers: views and verbs of the window, machines, agents, releases,
/// packages, campaigns, connections. GUI thread.
class GoToPresenter {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::presenters::GoToPresenter)
public:
    struct Sources {
        const FleetFeed& feed;
        ConnectionsPresenter& connections;
        PackagesPresenter& packages;
        ReleasesPresenter& releases;
        ReleasePresenter& release;
        CampaignsPresenter& campaigns;
    };
    /// What opens each kind of thing.
    struct Targets {
        std::function<void(const QString& uuid)> machine;
        std::function<void(const QString& name)> agent;
        std::function<void(const QString& releaseId)> release;
        std::function<void(const QString& digest)> package;
        std::function<void(const QString& id)> campaign;
        std::function<void(int index)> connection;
        /// Of the release that is open: asks as its button does.
        std::function<void(domain::ReleaseVerb verb)> verb;
        /// Views, and commands of the window that can be done now.
        std::function<std::vector<models::GoToEntry>()> window;
    };

    GoToPresenter(const Sources& sources, Targets targets)
        : m_sources(sources), m_targets(std::move(targets)) {}

    struct Found {
        std::vector<models::GoToEntry> entries;  ///< at most 40, 12 of them machines
        QString leftOut;                         ///< how many of how many these are; empty: all
    };
    /// Nothing typed: views and verbs. Machines are looked for from two letters on, by the
    /// beginning of uuid or address, then anywhere in the uuid. Under 50 ms at a million.
    Found find(const QString& query) const;

private:
    using Entries = std::vector<models::GoToEntry>;
    /// Adds the first of them; answers how many there are.
    std::size_t addMachines(const QString& query, Entries& out) const;
    void addAgents(Entries& out) const;
    void addReleases(Entries& out) const;
    void addPackages(Entries& out) const;
    void addCampaigns(Entries& out) const;
    void addConnections(Entries& out) const;
    void addVerbs(Entries& out) const;
    models::GoToEntry machineEntry(std::uint32_t row) const;

    Sources m_sources;
    Targets m_targets;
};

}  // namespace ifrit::gui::presenters
