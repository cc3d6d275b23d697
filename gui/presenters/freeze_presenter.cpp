// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/freeze_presenter.h"

#include "gui/presenters/freeze_line.h"

namespace ifrit::gui::presenters {
namespace {

using domain::MachineState;
using models::grouped;
using models::toText;

/// Machines that have begun a step and not ended it.
std::uint64_t inFlight(const services::ClusterSummary& cluster) {
    std::uint64_t out = 0;
    for (const MachineState state : {MachineState::WaitingPermit, MachineState::Downloading,
                                     MachineState::Verifying, MachineState::Installing}) {
        const auto found = cluster.machinesByState.find(state);
        if (found != cluster.machinesByState.end()) out += found->second;
    }
    return out;
}

}  // namespace

FreezePresenter::FreezePresenter(ConnectionHub& hub, FleetFeed& feed, QObject* parent)
    : QObject(parent), m_hub(hub), m_feed(feed), m_change(hub) {
    connect(&feed, &FleetFeed::clusterChanged, this, &FreezePresenter::changed);
    connect(&hub, &ConnectionHub::linkChanged, this, &FreezePresenter::changed);
    connect(&hub, &ConnectionHub::identityChanged, this, &FreezePresenter::changed);
    connect(&m_change, &PendingChange::changed, this, &FreezePresenter::changed);
    connect(&hub, &ConnectionHub::sessionClosing, this, [this] {
        m_refusal.clear();
        Q_EMIT changed();
    });
}

FreezePresenter::Turn FreezePresenter::turn() const {
    return m_feed.cluster() && m_feed.cluster()->freeze ? Turn::Unfreeze : Turn::Freeze;
}

Action FreezePresenter::action(Turn turn) const {
    const bool freezes = turn == Turn::Freeze;
    if (const QString why = m_change.whyNot(freezes ? "cluster.freeze" : "cluster.unfreeze");
        !why.isEmpty())
        return {why};
    // Not known whether it is frozen: stopping change must be possible all the same.
    if (!m_feed.cluster())
        return freezes ? Action{} : Action{tr("Not known yet whether the cluster is frozen.")};
    if (turn != this->turn())
        return {freezes ? tr("The cluster is frozen already.") : tr("The cluster is not frozen.")};
    return {};
}

models::DangerFacts FreezePresenter::facts(Turn turn) const {
    const QString name = m_hub.clusterName();
    models::DangerFacts out(m_hub.place());
    out.danger = models::DangerClass::ChangesMachines;
    out.reason = models::DangerFacts::Reason::Required;
    if (const auto& cluster = m_feed.cluster()) {
        out.facts << qMakePair(
            tr("Machines"),
            tr("%1, counted by the master").arg(grouped(qint64(cluster->machines))));
        out.facts << qMakePair(tr("Changing now"), grouped(qint64(inFlight(*cluster))));
        out.facts << qMakePair(tr("Open releases"), grouped(qint64(cluster->runningReleases)));
        if (cluster->freeze) {
            out.facts << qMakePair(tr("Frozen by"), toText(cluster->freeze->by));
            out.facts << qMakePair(tr("Since"), m_hub.times().at(cluster->freeze->at));
            out.facts << qMakePair(tr("Why"), toText(cluster->freeze->reason));
        }
    }
    if (turn == Turn::Freeze) {
        out.title = tr("Freeze %1?").arg(name);
        out.sentence =
            tr("All change stops at once: no machine gets a permit, no stage opens, nothing is "
               "started or rolled back, until somebody unfreezes the cluster. Agents keep running, "
               "and machines that are switching now finish. It works while the master's database "
               "is away, too.");
        out.verb = tr("Freeze");
        out.commands = {models::freezeCommand()};
    } else {
        out.title = tr("Unfreeze %1?").arg(name);
        out.sentence =
            tr("Machines change again: open releases go on where they stood, and what waited for a "
               "permit gets one.");
        out.verb = tr("Unfreeze");
        out.commands = {models::unfreezeCommand()};
    }
    return out;
}

void FreezePresenter::act(Turn turn, const QString& reason) {
    const QString whyNot = action(turn).whyNot;
    if (!whyNot.isEmpty()) {
        // It was asked for while it could be, and nobody may take it for done.
        m_refusal = KeptText([whyNot, turn] {
            return (turn == Turn::Freeze ? tr("The cluster was not frozen: %1")
                                         : tr("The cluster was not unfrozen: %1"))
                .arg(whyNot);
        });
        return Q_EMIT changed();
    }
    services::Mutation mutation;
    mutation.reason = reason.toStdString();
    m_refusal.clear();
    const auto ask = [&](const auto& reply) {
        services::FleetService& fleet = m_hub.session()->fleet();
        return turn == Turn::Freeze ? fleet.freeze(mutation, reply)
                                    : fleet.unfreeze(mutation, reply);
    };
    m_change.begin(whyNot, ask, [this](const absl::StatusOr<services::ClusterSummary>& cluster) {
        if (cluster.ok()) {
            m_feed.take(*cluster);
            return QString();
        }
        m_refusal = KeptText([status = cluster.status()] { return failureOf(status); });
        return m_refusal.text();
    });
}

QString FreezePresenter::line() const {
    const QString frozen = FreezeLine::of(m_feed.cluster(), m_hub.times());
    const QString refusal = m_refusal.text();
    if (frozen.isEmpty() || refusal.isEmpty()) return frozen + refusal;
    return frozen + QLatin1Char('\n') + refusal;
}

}  // namespace ifrit::gui::presenters
