// SPDX-License-Identifier: GPL-3.0-or-later
// MapPresenter: the clusters beside each other, and what they are together.
#include "gui/presenters/ended_line.h"
#include "gui/presenters/map_presenter.h"

namespace ifrit::gui::presenters {

using models::grouped;
using models::StatusKind;
using models::toText;

bool MapPresenter::hasOthers() const {
    return m_roster != nullptr && !m_roster->pathOf(0).isEmpty();
}

QList<models::ClusterCard> MapPresenter::cards() const {
    QList<models::ClusterCard> out;
    if (m_roster != nullptr) out = m_roster->cards();
    if (m_hub.hasSession()) out.insert(ownPlace(), ownCard());
    return out;
}

int MapPresenter::ownPlace() const {
    return m_roster == nullptr ? 0 : m_roster->ownPlace();
}

QString MapPresenter::pathOfCard(int index) const {
    if (m_roster == nullptr) return {};
    if (!m_hub.hasSession() || index < ownPlace()) return m_roster->pathOf(index);
    return index == ownPlace() ? QString() : m_roster->pathOf(index - 1);
}

int MapPresenter::masterOf(const QString& bundlePath) const {
    return m_roster == nullptr || bundlePath.isEmpty() ? -1 : m_roster->masterOf(bundlePath);
}

int MapPresenter::masterOfCard(int index) const {
    return masterOf(pathOfCard(index));
}

FleetTotals MapPresenter::totals() const {
    FleetTotals totals = m_roster != nullptr ? m_roster->totals() : FleetTotals();
    if (!m_hub.hasSession()) return totals;
    ++totals.clusters;
    const FleetSums own = ownSums();
    totals.last.add(own);
    if (m_hub.isConnected()) {
        ++totals.answering;
        totals.add(own);
    }
    return totals;
}

QString MapPresenter::fleetLine() const {
    const FleetTotals totals = this->totals();
    const QString line = tr("%1 cluster(s) · %2 answering", "",
                            models::pluralOf(static_cast<std::uint64_t>(totals.clusters)))
                             .arg(grouped(totals.clusters), grouped(totals.answering));
    const qint64 others = m_roster == nullptr ? 0 : m_roster->refused();
    const qint64 refused = others + (m_hub.isRefused() ? 1 : 0);
    // They answer, if only with a no.
    return refused == 0
               ? line
               : line +
                     tr(" · %1 refuse(s) you", "", models::pluralOf(refused)).arg(grouped(refused));
}

QString MapPresenter::missingLine() const {
    if (m_roster == nullptr) return {};
    const FleetTotals totals = m_roster->totals();
    if (totals.missing.isEmpty()) return {};
    QString line = tr("%1 of %2 clusters answer. No answer from: %3.")
                       .arg(totals.answering + 1)
                       .arg(totals.clusters + 1)
                       .arg(totals.missing.join(QStringLiteral(", ")));
    for (const QString& ended : m_roster->ended())
        line = tr("%1 %2.", "one sentence behind the other").arg(line, ended);
    return line;
}

models::ClusterCard MapPresenter::ownCard() const {
    models::ClusterCard card;
    card.name = toText(m_hub.profile().bundle.cluster);
    card.machines = total();
    card.chosen = true;
    if (m_feed.cluster()) card.openReleases = m_feed.cluster()->runningReleases;
    if (m_hub.isConnected()) {
        card.share = counts().healthyShare();
        card.look = counts().look(m_feed.cluster() && m_feed.cluster()->freeze);
        return card;
    }
    card.old = true;
    card.share = QStringLiteral("–");
    std::optional<base::WallTime> since = m_hub.link().staleSince;
    // This session has heard nothing of it yet; one before it may have.
    const FleetRoster::Last* last = m_roster == nullptr || since ? nullptr : m_roster->lastOfOwn();
    if (last != nullptr) {
        since = last->since;
        card.machines = BucketCounts(last->summary).all();
        card.openReleases = last->summary.runningReleases;
    }
    // The master answers, and says no: not that nobody hears of it.
    if (m_hub.isRefused()) {
        const absl::Status& why = m_hub.link().lastError;
        const bool byPassword = m_hub.profile().bundle.certificatePem.empty();
        card.look.word = EndedLine::lookOf(
                             byPassword ? EndedLine::By::Password : EndedLine::By::Certificate, why)
                             .word;
        card.note = m_hub.isUnknownThere() ? m_hub.linkSentence() : sentenceOf(why);
        return card;
    }
    card.look = {StatusKind::None, since ? tr("no contact since %1").arg(m_hub.times().at(*since))
                                         : tr("not reached yet")};
    return card;
}

}  // namespace ifrit::gui::presenters
