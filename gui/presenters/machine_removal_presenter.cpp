// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/machine_removal_presenter.h"

#include <algorithm>

#include "shared/domain/danger.h"

namespace ifrit::gui::presenters {
namespace {

using models::grouped;
using models::toText;

constexpr qsizetype kNamed = 5;

QString namesOf(const QStringList& uuids) {
    QString out = uuids.mid(0, kNamed).join(QStringLiteral(", "));
    if (uuids.size() > kNamed) {
        out += QLatin1Char(' ') +
               MachineRemovalPresenter::tr("and %1 more").arg(grouped(uuids.size() - kNamed));
    }
    return out;
}

}  // namespace

MachineRemovalPresenter::MachineRemovalPresenter(ConnectionHub& hub, FleetFeed& feed,
                                                 QObject* parent)
    : QObject(parent), m_hub(hub), m_feed(feed), m_change(hub) {
    connect(&hub, &ConnectionHub::linkChanged, this, &MachineRemovalPresenter::changed);
    connect(&hub, &ConnectionHub::identityChanged, this, &MachineRemovalPresenter::changed);
    connect(&m_change, &PendingChange::changed, this, &MachineRemovalPresenter::changed);
    connect(&m_change, &PendingChange::acted, this, &MachineRemovalPresenter::acted);
    connect(&feed, &FleetFeed::storeChanged, this, &MachineRemovalPresenter::machinesChanged);
}

qint64 MachineRemovalPresenter::gone(const QStringList& uuids) const {
    if (!m_feed.store().loaded()) return 0;
    return std::count_if(uuids.begin(), uuids.end(), [&](const QString& uuid) {
        return !m_feed.store().rowOf(uuid.toStdString());
    });
}

qint64 MachineRemovalPresenter::alive(const QStringList& uuids) const {
    const models::FleetColumns& columns = m_feed.store().columns();
    const std::int64_t since = base::toUnixMillis(
        m_hub.times().now() -
        std::chrono::duration_cast<std::chrono::milliseconds>(domain::kAliveFor));
    return std::count_if(uuids.begin(), uuids.end(), [&](const QString& uuid) {
        const auto row = m_feed.store().rowOf(uuid.toStdString());
        return row && (columns.offline[*row] == 0 || columns.lastSeenMs[*row] > since);
    });
}

base::WallTime MachineRemovalPresenter::lastSeen(const QStringList& uuids) const {
    std::int64_t newest = 0;
    for (const QString& uuid : uuids) {
        const auto row = m_feed.store().rowOf(uuid.toStdString());
        if (row) newest = std::max(newest, m_feed.store().columns().lastSeenMs[*row]);
    }
    return base::fromUnixMillis(newest);
}

Action MachineRemovalPresenter::tooMany() {
    return {tr("At most %1 machines are removed at once.")
                .arg(grouped(static_cast<qint64>(services::kMachinesAtOnce)))};
}

Action MachineRemovalPresenter::action(const QStringList& uuids) const {
    if (uuids.isEmpty()) return {tr("No machine is chosen.")};
    if (const QString why = m_change.whyNot("machine.remove"); !why.isEmpty()) return {why};
    if (uuids.size() > static_cast<qsizetype>(services::kMachinesAtOnce)) return tooMany();
    if (const qint64 count = gone(uuids); count > 0) {
        return {tr("%1 machine(s) of these are not in the cluster any more.", "",
                   models::pluralOf(static_cast<std::uint64_t>(count)))
                    .arg(grouped(count))};
    }
    if (const qint64 count = alive(uuids); count > 0) {
        return {tr("%1 machine(s) of these were heard of in the last %2 minutes. Stop ifrit there "
                   "and wait that long.",
                   "", models::pluralOf(static_cast<std::uint64_t>(count)))
                    .arg(grouped(count))
                    .arg(domain::kAliveFor.count())};
    }
    return {};
}

models::DangerFacts MachineRemovalPresenter::facts(const QStringList& uuids) const {
    models::DangerFacts out(m_hub.place());
    const auto count = static_cast<std::uint64_t>(uuids.size());
    out.danger = domain::dangerOfDestruction({count, m_feed.store().size(), m_hub.isProduction()});
    out.title =
        uuids.size() == 1
            ? tr("Remove %1?").arg(uuids.front())
            : tr("Remove %1 machine(s)?", "", models::pluralOf(count)).arg(grouped(uuids.size()));
    out.sentence =
        tr("What is known of them goes, their certificates are revoked, and releases go on without "
           "them. What runs on them stays. They join again only with a new join token.");
    out.facts = {{tr("Machines"), namesOf(uuids)},
                 {tr("Last seen"), m_hub.times().at(lastSeen(uuids))}};
    out.verb = tr("Remove");
    out.machines = uuids.size();
    out.commands = {models::removeMachinesCommand(uuids)};
    return out;
}

void MachineRemovalPresenter::remove(const QStringList& shown, const QString& reason) {
    services::RemoveMachines request;
    for (const QString& uuid : shown)
        request.uuids.push_back(uuid.toStdString());
    request.mutation.reason = reason.toStdString();
    request.mutation.expectedCount = request.uuids.size();
    m_change.begin(
        action(shown).whyNot,
        [&](const auto& reply) { return m_hub.session()->fleet().removeMachines(request, reply); },
        [this, shown](const absl::StatusOr<services::RemovedMachines>& answer) {
            if (!answer.ok()) return failureOf(answer);
            Q_EMIT removed(shown);
            return QString();
        });
}

}  // namespace ifrit::gui::presenters
