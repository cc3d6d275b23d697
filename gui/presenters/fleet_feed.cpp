// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/fleet_feed.h"

#include <algorithm>

namespace ifrit::gui::presenters {
namespace {

constexpr int kFiguresEveryMs = 100;
/// Of a million machines twice a second.
constexpr std::uint32_t kMachinesPerMs = 2'000;
/// How often it is looked whether a snapshot was let go.
constexpr int kReleaseEveryMs = 20;
/// The summary is counted by the master; between events its figures still move.
constexpr int kClusterEveryMs = 2'000;
constexpr int kClusterAgainMs = 10'000;  ///< behind a failure

}  // namespace

FleetFeed::FleetFeed(ConnectionHub& hub, QObject* parent)
    : QObject(parent),
      m_hub(hub),
      m_clusterCall([this](const absl::StatusOr<services::ClusterSummary>& cluster) {
          if (cluster.ok()) return take(*cluster);
          m_clusterError = cluster.status();
          if (m_hub.isConnected()) m_clusterTimer.start(kClusterAgainMs);
          Q_EMIT clusterChanged();
      }) {
    m_figures.setSingleShot(true);
    m_figures.setInterval(kFiguresEveryMs);
    connect(&m_figures, &QTimer::timeout, this, &FleetFeed::figuresChanged);
    m_release.setSingleShot(true);
    m_release.setInterval(kReleaseEveryMs);
    connect(&m_release, &QTimer::timeout, this, &FleetFeed::takeWaiting);
    m_clusterTimer.setSingleShot(true);
    connect(&m_clusterTimer, &QTimer::timeout, this, &FleetFeed::askCluster);
    connect(&hub, &ConnectionHub::sessionOpened, this, &FleetFeed::begin);
    connect(&hub, &ConnectionHub::sessionClosing, this, &FleetFeed::end);
    connect(&hub, &ConnectionHub::linkChanged, this, [this] {
        // What is on its way over a line that broke is of before: waited for, it would be taken
        // for what the next line says.
        if (m_hub.isBroken()) m_clusterCall.cancel();
        if (m_hub.isConnected()) askCluster();
    });
    connect(&hub, &ConnectionHub::resumed, this, [this] {
        watchAgain();
        m_hadLine = true;
    });
}

void FleetFeed::begin() {
    m_hadLine = false;
    watchMachines();
    watchEvents();
}

void FleetFeed::watchMachines() {
    m_machinesEnded = false;
    m_error = absl::OkStatus();
    services::StreamObserver<services::MachinesUpdate> machines;
    machines.next = [this](services::MachinesUpdate update) { take(std::move(update)); };
    machines.ended = [this](const absl::Status& status) {
        m_machinesEnded = true;
        m_error = status;
        Q_EMIT figuresChanged();
    };
    m_machines = m_hub.session()->fleet().watchMachines({}, std::move(machines));
}

void FleetFeed::watchEvents() {
    m_eventsEnded = false;
    services::StreamObserver<services::ClusterEvent> events;
    events.next = [this](const services::ClusterEvent& event) {
        if (!m_clusterTimer.isActive()) m_clusterTimer.start(kClusterEveryMs);
        Q_EMIT happened(event);
    };
    events.ended = [this](const absl::Status&) { m_eventsEnded = true; };
    m_events = m_hub.session()->events().watch(std::move(events));
}

// A stream that breaks comes back by itself, from where it was. One that has ended, as with a
// login, does not, and nobody says what was missed.
void FleetFeed::watchAgain() {
    if (m_machinesEnded) {
        watchMachines();
        Q_EMIT figuresChanged();
    }
    if (!m_eventsEnded) return;
    watchEvents();
    if (!m_hadLine) return;
    services::ClusterEvent missed;
    missed.kind = services::ClusterEvent::Kind::Reset;
    Q_EMIT happened(missed);
}

void FleetFeed::end() {
    m_machinesEnded = m_eventsEnded = false;
    m_machines.cancel();
    m_waiting.clear();
    m_release.stop();
    m_events.cancel();
    m_clusterCall.cancel();
    m_clusterTimer.stop();
    m_cluster.reset();
    m_clusterError = absl::OkStatus();
    m_error = absl::OkStatus();
    Q_EMIT rowsAboutToGo();
    Q_EMIT storeChanged(m_store.clear());
    Q_EMIT clusterChanged();
    Q_EMIT figuresChanged();
}

void FleetFeed::refresh() {
    if (!m_hub.session()) return;
    // Without a line they would only end again.
    if (m_hub.isConnected()) watchAgain();
    askCluster();
}

// A call that is on its way is waited for: where the master takes longer than events need to come,
// each new one would end the one before, and no answer would ever arrive.
void FleetFeed::askCluster() {
    if (!m_hub.session()) return;
    m_clusterCall.ask([this](services::Reply<services::ClusterSummary> reply) {
        return m_hub.session()->fleet().getCluster(std::move(reply));
    });
}

void FleetFeed::take(const services::ClusterSummary& cluster) {
    m_cluster = cluster;
    m_hub.noteServerVersion(models::toText(cluster.serverVersion));
    m_clusterError = absl::OkStatus();
    Q_EMIT clusterChanged();
}

void FleetFeed::take(services::MachinesUpdate update) {
    if (m_waiting.empty() && !m_store.isHeld()) {
        apply(update);
        return;
    }
    m_waiting.push_back(std::move(update));
    if (!m_release.isActive()) m_release.start();
}

void FleetFeed::takeWaiting() {
    while (!m_waiting.empty() && !m_store.isHeld()) {
        apply(m_waiting.front());
        m_waiting.pop_front();
    }
    if (!m_waiting.empty()) m_release.start();
}

void FleetFeed::apply(const services::MachinesUpdate& update) {
    if (m_store.replacesRows(update)) Q_EMIT rowsAboutToGo();
    const models::FleetChange change = m_store.apply(update);
    if (change.any()) {
        Q_EMIT storeChanged(change);
        if (!m_clusterTimer.isActive()) m_clusterTimer.start(kClusterEveryMs);
    }
    // What is counted then walks over every machine: a twentieth of a core is for it.
    const int pause = static_cast<int>(m_store.size() / kMachinesPerMs);
    if (!m_figures.isActive()) m_figures.start(std::max(kFiguresEveryMs, pause));
}

}  // namespace ifrit::gui::presenters
