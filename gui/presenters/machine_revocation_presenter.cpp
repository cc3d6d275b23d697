// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/machine_revocation_presenter.h"

#include "shared/domain/danger.h"

namespace ifrit::gui::presenters {
namespace {

using models::grouped;
using models::toText;

constexpr char kRevoke[] = "machine.revoke";

}  // namespace

MachineRevocationPresenter::MachineRevocationPresenter(ConnectionHub& hub, FleetFeed& feed,
                                                       QObject* parent)
    : QObject(parent), m_hub(hub), m_feed(feed), m_change(hub) {
    connect(&hub, &ConnectionHub::linkChanged, this, &MachineRevocationPresenter::changed);
    connect(&hub, &ConnectionHub::identityChanged, this, &MachineRevocationPresenter::changed);
    connect(&m_change, &PendingChange::changed, this, &MachineRevocationPresenter::changed);
    connect(&m_change, &PendingChange::acted, this, &MachineRevocationPresenter::acted);
    connect(&feed, &FleetFeed::storeChanged, this, &MachineRevocationPresenter::machinesChanged);
}

Action MachineRevocationPresenter::action(const QStringList& uuids) const {
    if (uuids.isEmpty()) return {tr("No machine is chosen.")};
    if (const QString why = m_change.whyNot(kRevoke); !why.isEmpty()) return {why};
    if (uuids.size() > 1) return {tr("Choose one machine: each is revoked by itself.")};
    if (m_feed.store().loaded() && !m_feed.store().rowOf(uuids.front().toStdString()))
        return {
            tr("The machine is not in the cluster any more: with that its certificates were "
               "revoked.")};
    return {};
}

models::DangerFacts MachineRevocationPresenter::facts(const QString& uuid) const {
    models::DangerFacts out(m_hub.place());
    out.danger = domain::dangerOfDestruction({1, m_feed.store().size(), m_hub.isProduction()});
    out.title = tr("Revoke the certificates of %1?").arg(uuid);
    out.sentence =
        tr("It is refused from now on and what it has open ends: it gets no new version, and "
           "reports nothing. What runs on it goes on. It comes back only with a join token that "
           "names it.");
    if (const auto row = m_feed.store().rowOf(uuid.toStdString())) {
        const models::FleetColumns& columns = m_feed.store().columns();
        out.facts.append(
            {tr("Last seen"), m_hub.times().at(base::fromUnixMillis(columns.lastSeenMs[*row]))});
    }
    out.verb = tr("Revoke");
    out.machines = 1;
    out.commands = {models::revokeMachineCommand(uuid)};
    return out;
}

void MachineRevocationPresenter::revoke(const QString& uuid, const QString& reason) {
    services::Mutation mutation;
    mutation.reason = reason.toStdString();
    mutation.expectedCount = 1;
    m_change.begin(
        m_change.whyNot(kRevoke),
        [&](const auto& reply) {
            return m_hub.session()->access().revokeMachine(uuid.toStdString(), mutation, reply);
        },
        [this, uuid](const absl::StatusOr<std::uint32_t>& count) {
            if (!count.ok()) return failureOf(count);
            Q_EMIT revoked(tr("%1: %2 certificate(s) revoked.", "", models::pluralOf(*count))
                               .arg(uuid, grouped(*count)));
            return QString();
        });
}

}  // namespace ifrit::gui::presenters
