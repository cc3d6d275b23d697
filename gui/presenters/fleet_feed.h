// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include <deque>
#include <optional>

#include "gui/models/fleet_store.h"
#include "gui/presenters/connection_hub.h"
#include "gui/presenters/repeated_call.h"

namespace ifrit::gui::presenters {

/// Keeps the FleetStore, the cluster's summary and the cluster's events up to date; tells the views
/// at most ten times a second. GUI thread.
class FleetFeed : public QObject {
    Q_OBJECT
public:
    explicit FleetFeed(ConnectionHub& hub, QObject* parent = nullptr);

    const models::FleetStore& store() const { return m_store; }
    const std::optional<services::ClusterSummary>& cluster() const { return m_cluster; }
    /// Why the summary is older than the last question for it; OK: it is not.
    const absl::Status& clusterError() const { return m_clusterError; }
    /// Why machines do not come, where trying again cannot mend it.
    const absl::Status& error() const { return m_error; }
    void refresh();
    /// A summary that came with the answer to something else.
    void take(const services::ClusterSummary& cluster);

Q_SIGNALS:
    /// Right before the store gives its rows other numbers.
    void rowsAboutToGo();
    /// At once after each update of the store: views adjust their row numbers.
    void storeChanged(const ifrit::gui::models::FleetChange& change);
    /// At most ten times a second, and of a large fleet less often: figures, facets, maps.
    void figuresChanged();
    void clusterChanged();
    /// Something to read again; see services::ClusterEvent.
    void happened(const ifrit::gui::services::ClusterEvent& event);

private:
    void begin();
    void end();
    void watchMachines();
    void watchEvents();
    /// Those that have ended.
    void watchAgain();
    void askCluster();
    /// Keeps an update back while a snapshot of the store is held: to copy a million machines would
    /// stop the window.
    void take(services::MachinesUpdate update);
    void takeWaiting();
    void apply(const services::MachinesUpdate& update);

    ConnectionHub& m_hub;
    models::FleetStore m_store;
    std::optional<services::ClusterSummary> m_cluster;
    absl::Status m_clusterError;
    absl::Status m_error;
    services::CallHandle m_machines;
    services::CallHandle m_events;
    bool m_machinesEnded = false;
    bool m_eventsEnded = false;
    bool m_hadLine = false;  ///< in this session: before it there was nothing to miss
    RepeatedCall<services::ClusterSummary> m_clusterCall;
    std::deque<services::MachinesUpdate> m_waiting;  ///< kept back, in their order
    QTimer m_release{this};
    QTimer m_figures{this};
    QTimer m_clusterTimer{this};
};

}  // namespace ifrit::gui::presenters
