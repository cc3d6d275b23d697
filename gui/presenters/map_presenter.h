// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <map>
#include <optional>
#include <vector>

#include "gui/models/page_parts.h"
#include "gui/models/view_notice.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/fleet_roster.h"

namespace ifrit::gui::presenters {

/// The cluster map: figures, one card per cluster, one cell per machine in groups, a legend that
/// filters. GUI thread.
class MapPresenter : public QObject {
    Q_OBJECT
public:
    enum class GroupBy { Batch, Pin, Type, Nothing };
    /// What a cell's colour says in the legend, worst first.
    enum class Bucket { Failed, Silent, Watching, InFlight, Healthy, Offline, Other, Count };

    struct LegendEntry {
        Bucket bucket = Bucket::Other;
        models::StatusLook look;
        qint64 machines = 0;
        bool chosen = false;
    };
    struct VersionShare {
        QString version;
        qint64 machines = 0;
    };

    /// `roster`: the other clusters, or null.
    MapPresenter(ConnectionHub& hub, FleetFeed& feed, FleetRoster* roster = nullptr,
                 QObject* parent = nullptr);

    QList<models::Figure> figures() const;
    /// The cluster of the window first, then the others.
    QList<models::ClusterCard> cards() const;
    /// The place on the list of masters of the card at `index`; -1: the window's own.
    int masterOfCard(int index) const;
    /// "3 clusters, 2 answer · 148 000 machines, 99.1 % healthy".
    QString fleetLine() const;
    std::vector<models::MapGroup> groups() const;
    std::vector<LegendEntry> legend() const;
    /// The agent that most machines run, and its versions, largest first.
    QString leadingAgent() const;
    std::vector<VersionShare> versions() const;
    qint64 runningReleases() const;
    QString describe(std::uint32_t row) const;
    QString uuidOf(std::uint32_t row) const;
    qint64 total() const { return m_feed.store().size(); }

    GroupBy groupBy() const { return m_groupBy; }
    void setGroupBy(GroupBy groupBy);
    /// A second toggle of the same entry shows everything again.
    void toggle(Bucket bucket);
    void clearFilter();
    /// The filter for the machines view that finds what the legend entry counts.
    static QString filterOf(Bucket bucket);
    models::ViewNotice notice() const;
    void refresh() { m_feed.refresh(); }

Q_SIGNALS:
    void changed();

private:
    Bucket bucketOf(std::uint32_t row) const;
    std::vector<qint64> counts() const;
    static models::StatusLook lookOf(Bucket bucket);
    QList<models::ClusterCard> ownCards() const;
    /// Which clusters do not answer; empty: all do.
    QString missingLine() const;
    QString groupTitle(std::uint32_t row) const;

    ConnectionHub& m_hub;
    FleetFeed& m_feed;
    FleetRoster* m_roster;
    GroupBy m_groupBy = GroupBy::Batch;
    std::optional<Bucket> m_only;
};

}  // namespace ifrit::gui::presenters
