// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <optional>
#include <vector>

#include "gui/models/map_group_model.h"
#include "gui/models/page_parts.h"
#include "gui/models/state_share_model.h"
#include "gui/models/view_notice.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/fleet_roster.h"
#include "gui/presenters/map_coloring.h"
#include "gui/presenters/map_grouping.h"
#include "gui/presenters/version_history.h"

namespace ifrit::gui::presenters {

/// The cluster map: figures of all clusters that answer, one card per cluster, and of the window's
/// own one cell per machine in groups, with a legend that filters. Counts once per change of the
/// fleet, however often it is asked. GUI thread.
class MapPresenter : public QObject {
    Q_OBJECT
public:
    using GroupBy = MapGroupBy;
    using Bucket = MachineBucket;

    struct LegendEntry {
        std::uint8_t entry = 0;  ///< for toggle()
        models::MapSwatch swatch;
        QString word;
        qint64 machines = 0;
        QString filter;  ///< of the machines view; empty: none finds what it counts
        bool chosen = false;
    };

    struct VersionShare {
        QString version;
        qint64 machines = 0;
        int color = 0;  ///< of the series
    };

    /// `roster`: the other clusters, or null; `history`: what stands beside the map, or null.
    MapPresenter(ConnectionHub& hub, FleetFeed& feed, FleetRoster* roster = nullptr,
                 const VersionHistory* history = nullptr, QObject* parent = nullptr);

    /// Of all clusters that answer; where none does, the last ones, struck through.
    QList<models::Figure> figures() const;
    /// No cluster answers: figures, versions and releases are of before.
    bool fleetIsOld() const { return totals().answering == 0; }
    /// In the order of the list of masters, whichever of them the window is about.
    QList<models::ClusterCard> cards() const;
    /// The place on the list of masters of the card at `index`; -1: the window's own.
    int masterOfCard(int index) const;
    /// The bundle of the master of a card, which stays its own while the list changes; empty: the
    /// window's own.
    QString pathOfCard(int index) const;
    int masterOf(const QString& bundlePath) const;
    /// "3 clusters · 2 answering".
    QString fleetLine() const;
    std::vector<models::MapGroup> groups() const;
    /// What the cells' numbers mean, filtered ones pale.
    std::vector<models::MapSwatch> swatches() const;
    std::vector<LegendEntry> legend() const;
    /// The groups in figures; kept up to date by updateGroupModel() alone.
    models::MapGroupModel& groupModel() { return m_groupModel; }
    void updateGroupModel();
    /// Of all clusters as figures() are: the agent that most machines run, its versions, largest
    /// first, and how many releases have not ended.
    QString leadingAgent() const { return totals().shown().leadingAgent(); }
    std::vector<VersionShare> versions() const;
    /// The colours of an agent's versions, wherever on the page they are: of all that a cluster
    /// runs, and of those that the history has.
    models::VersionColors versionColors(const std::string& agent) const;
    qint64 openReleases() const { return totals().shown().openReleases; }
    /// All machines whose cluster answers, by state, worst first; without the states that none is
    /// in. Silent ones are one of them.
    QList<models::StateShare> states() const;
    /// "States", or of how many clusters where there are several.
    QString statesTitle() const;
    /// states() as a table; kept up to date by updateStateModel() alone.
    models::StateShareModel& stateModel() { return m_stateModel; }
    void updateStateModel();
    QString describe(std::uint32_t row) const;
    QString uuidOf(std::uint32_t row) const;
    qint64 total() const { return m_feed.store().size(); }

    const MapGrouping& grouping() const { return m_grouping; }
    void setGroupBy(GroupBy by, const QString& label = {});
    QStringList labelKeys() const;
    MapColor color() const { return m_color; }
    /// The legend is another one then: its filter goes.
    void setColor(MapColor color);
    /// Of the legend; a second toggle of the same entry shows everything again.
    void toggle(std::uint8_t entry);
    /// Shows this state alone, whatever the colours say now.
    void toggle(Bucket bucket);
    void clearFilter();
    /// The filter for the machines view that finds what the legend entry counts.
    static QString filterOf(Bucket bucket) { return MapColoring::filterOf(bucket); }
    models::ViewNotice notice() const;
    void refresh() { m_feed.refresh(); }
    /// Says everything again: the language is another one.
    void retell();

Q_SIGNALS:
    void changed();

private:
    const BucketCounts& counts() const;
    const MapColoring& coloring() const;
    models::ClusterCard ownCard() const;
    /// Where it is among the cards.
    int ownPlace() const;
    bool hasOthers() const;
    /// Of all clusters; what does not answer is in none of its numbers but `clusters`.
    FleetTotals totals() const;
    /// Of the window's cluster, as far as it has told.
    FleetSums ownSums() const;
    /// Which clusters do not answer; empty: all do.
    QString missingLine() const;
    void forget();

    ConnectionHub& m_hub;
    FleetFeed& m_feed;
    FleetRoster* m_roster;
    const VersionHistory* m_history;
    MapGrouping m_grouping;
    MapColor m_color = MapColor::State;
    std::optional<std::uint8_t> m_only;
    models::MapGroupModel m_groupModel;
    models::StateShareModel m_stateModel;
    // Of the fleet as it is; empty: to be counted.
    mutable std::optional<BucketCounts> m_counts;
    mutable std::optional<MapColoring> m_coloring;
    mutable models::VersionColors m_versionColors;  ///< that m_coloring was made with
};

}  // namespace ifrit::gui::presenters
