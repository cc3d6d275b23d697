// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include <cstdint>
#include <deque>

#include "gui/models/record_table_model.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/fleet_notices.h"
#include "gui/presenters/kept_text.h"
#include "gui/presenters/release_notices.h"

namespace ifrit::gui::presenters {

/// Something that happened in a cluster, or to the line to it.
struct EventRow {
    std::uint64_t id = 0;
    base::WallTime at{};
    QString cluster;
    QString bundlePath;  ///< of the cluster: two may have one name
    models::StatusKind kind = models::StatusKind::None;
    KeptText word;
    KeptText sentence;
    QString releaseId;  ///< what opening the row opens; empty: nothing
};

class EventModel : public models::RecordTableModel<EventRow> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::presenters::EventModel)
public:
    explicit EventModel(const models::TimeText& times, QObject* parent = nullptr);
};

/// The cluster's events as they arrive, and of the other clusters what wants a person, newest
/// first, until the window is closed: the first at once, and what follows it closely ten times a
/// second. GUI thread.
class EventLog : public QObject {
    Q_OBJECT
public:
    static constexpr std::size_t kMost = 1'000;

    EventLog(ConnectionHub& hub, FleetFeed& feed, ReleaseWatch& releases,
             QObject* parent = nullptr);

    /// Tells what these tell, too.
    void follow(FleetNotices& others);
    EventModel& model() { return m_model; }
    /// Rows that say each word are left in the table.
    void setFilter(const QString& text);
    void clear();

Q_SIGNALS:
    void changed();

private:
    struct Said {
        models::StatusKind kind = models::StatusKind::None;
        KeptText word;
        KeptText sentence;
        QString releaseId;
    };
    static Said saidOf(const ReleaseNotice& notice);
    void add(Said said);
    void add(Said said, const QString& cluster, const QString& bundlePath);
    void show();
    void tell(const services::ClusterEvent& event);
    void linkChanged();

    ConnectionHub& m_hub;
    EventModel m_model;
    std::deque<EventRow> m_rows;  ///< newest first, whatever the table is sorted by
    QTimer m_shown{this};         ///< runs: what comes meanwhile is shown with the next ones
    bool m_late = false;          ///< something came meanwhile
    services::LinkState m_link = services::LinkState::Disconnected;
    QString m_cluster;
    QString m_bundlePath;
    std::uint64_t m_last = 0;
};

}  // namespace ifrit::gui::presenters
