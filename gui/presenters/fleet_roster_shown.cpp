// SPDX-License-Identifier: GPL-3.0-or-later
// FleetRoster: which of its clusters are shown beside the window's own, and what is said of them.
#include <algorithm>

#include "gui/presenters/fleet_roster_member.h"

namespace ifrit::gui::presenters {
namespace {

using models::StatusKind;
using services::LinkState;

}  // namespace

// A cluster may be on the list more than once, as with two certificates: of those the first that
// answers, and none where the window itself is about it.
std::vector<const FleetRoster::Member*> FleetRoster::others() const {
    std::vector<const Member*> out;
    for (const auto& member : m_members) {
        if (m_hub.hasSession() && isSame(member->bundle, m_hub.profile().bundle)) continue;
        const auto same = std::find_if(out.begin(), out.end(), [&](const Member* one) {
            return isSame(one->bundle, member->bundle);
        });
        if (same == out.end())
            out.push_back(member.get());
        else if (!answers(**same) && answers(*member))
            *same = member.get();
    }
    return out;
}

QStringList FleetRoster::ended() const {
    QStringList out;
    for (const Member* member : others()) {
        if (member->ended.hasEnded())
            out << tr("%1: %2", "a cluster, and why it does not answer")
                       .arg(member->master.cluster, member->ended.sentence(m_hub.times()));
    }
    return out;
}

qint64 FleetRoster::refused() const {
    const std::vector<const Member*> shown = others();
    return std::count_if(shown.begin(), shown.end(), [](const Member* member) {
        return member->session != nullptr && member->ended.hasEnded();
    });
}

models::ClusterCard FleetRoster::cardOf(const Member& member) const {
    models::ClusterCard card;
    card.name = member.master.cluster;
    if (member.summary) {
        const BucketCounts counts(*member.summary);
        card.machines = counts.all();
        card.share = counts.healthyShare();
        card.look = counts.look(member.summary->freeze.has_value());
        card.openReleases = member.summary->runningReleases;
    }
    if (answers(member)) return card;
    card.known = member.summary.has_value();
    card.old = true;
    card.share = QStringLiteral("–");
    const models::TimeText& times = m_hub.times();
    card.look.kind = StatusKind::None;
    if (member.ended.hasEnded()) {
        card.look.word = member.ended.look().word;
        card.note = member.ended.sentence(times);
    } else if (ConnectionHub::isDisabled(member.lastError)) {
        card.look.word = tr("account disabled");
    } else if (absl::IsUnauthenticated(member.lastError)) {
        card.look.word = tr("not signed in");
    } else if (member.link.state == LinkState::Connected && member.summary) {
        card.look.word = tr("no figures since %1").arg(times.at(member.answered));
    } else if (member.link.staleSince || member.summary) {
        card.look.word = tr("no contact since %1")
                             .arg(times.at(member.link.staleSince.value_or(member.answered)));
    } else {
        card.look.word = tr("not reached yet");
    }
    return card;
}

QList<models::ClusterCard> FleetRoster::cards() const {
    QList<models::ClusterCard> out;
    for (const Member* member : others())
        out << cardOf(*member);
    return out;
}

QString FleetRoster::pathOf(int index) const {
    const std::vector<const Member*> shown = others();
    if (index < 0 || index >= static_cast<int>(shown.size())) return {};
    return shown[static_cast<std::size_t>(index)]->master.bundlePath;
}

bool FleetRoster::isShown(const QString& bundlePath) const {
    const std::vector<const Member*> shown = others();
    return std::any_of(shown.begin(), shown.end(),
                       [&](const Member* one) { return one->master.bundlePath == bundlePath; });
}

FleetTotals FleetRoster::totals() const {
    FleetTotals out;
    for (const Member* member : others()) {
        ++out.clusters;
        if (member->summary) out.last.add(*member->summary);
        if (!answers(*member)) {
            out.missing << member->master.cluster;
            continue;
        }
        ++out.answering;
        out.add(*member->summary);
    }
    return out;
}

}  // namespace ifrit::gui::presenters
