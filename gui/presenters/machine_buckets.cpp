// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/machine_buckets.h"

#include <numeric>

#include "gui/models/text_format.h"

namespace ifrit::gui::presenters {

using domain::MachineState;
using models::StatusKind;

MachineBucket bucketOf(MachineState state) {
    switch (state) {
        case MachineState::Failed:
        case MachineState::Reverted:
            return MachineBucket::Failed;
        case MachineState::Silent:
            return MachineBucket::Silent;
        case MachineState::Watching:
        case MachineState::Degraded:
            return MachineBucket::Watching;
        case MachineState::Scheduled:
        case MachineState::WaitingPermit:
        case MachineState::Downloading:
        case MachineState::Verifying:
        case MachineState::Installing:
            return MachineBucket::InFlight;
        case MachineState::Healthy:
        case MachineState::Already:
            return MachineBucket::Healthy;
        default:
            return MachineBucket::Other;
    }
}

BucketCounts::BucketCounts(const services::ClusterSummary& cluster) {
    qint64 counted = 0;
    for (const auto& [state, machines] : cluster.machinesByState) {
        add(bucketOf(state), static_cast<qint64>(machines));
        counted += static_cast<qint64>(machines);
    }
    // Of a state that this program does not know yet.
    const qint64 rest = static_cast<qint64>(cluster.machines) - counted;
    if (rest > 0) add(MachineBucket::Other, rest);
}

void BucketCounts::add(MachineBucket bucket, qint64 machines) {
    m_machines[static_cast<std::size_t>(bucket)] += machines;
}

void BucketCounts::add(const BucketCounts& other) {
    for (std::size_t i = 0; i < m_machines.size(); ++i)
        m_machines[i] += other.m_machines[i];
}

qint64 BucketCounts::of(MachineBucket bucket) const {
    return m_machines[static_cast<std::size_t>(bucket)];
}

qint64 BucketCounts::all() const {
    return std::accumulate(m_machines.begin(), m_machines.end(), qint64{0});
}

QString BucketCounts::healthyShare() const {
    return models::percent(static_cast<double>(of(MachineBucket::Healthy)),
                           static_cast<double>(all()));
}

models::StatusLook BucketCounts::look(bool frozen) const {
    if (frozen) return {StatusKind::Wait, tr("frozen")};
    // As the gates call it: failed, reverted or silent.
    const qint64 bad = of(MachineBucket::Failed) + of(MachineBucket::Silent);
    if (bad > 0) return {StatusKind::Fail, tr("%1 bad").arg(models::grouped(bad))};
    const qint64 watching = of(MachineBucket::Watching);
    if (watching > 0) return {StatusKind::Wait, tr("%1 watching").arg(models::grouped(watching))};
    const qint64 moving = of(MachineBucket::InFlight);
    if (moving > 0) return {StatusKind::Run, tr("%1 in flight").arg(models::grouped(moving))};
    if (of(MachineBucket::Healthy) > 0) return {StatusKind::Ok, tr("healthy")};
    return {StatusKind::None, tr("no agent yet")};
}

}  // namespace ifrit::gui::presenters
