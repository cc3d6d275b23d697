// SPDX-License-Identifier: GPL-3.0-or-later
// What the operator may do to a campaign, how dangerous it is, and what the clusters answer.
#include <algorithm>

#include "gui/models/own_words.h"
#include "gui/presenters/campaigns_presenter.h"
#include "gui/presenters/plan_facts.h"
#include "shared/base/status.h"

namespace ifrit::gui::presenters {
namespace {

using domain::ReleaseVerb;
using models::CampaignWords;
using models::grouped;
using models::toText;
using services::CampaignBoard;
using services::CampaignInfo;

bool isDraft(const CampaignInfo& info) {
    return info.release && info.release->release.state == domain::ReleaseState::Draft;
}

services::Mutation mutationFor(const QString& reason) {
    services::Mutation out;
    out.reason = reason.toStdString();
    return out;
}

}  // namespace

Action CampaignsPresenter::createAction() const {
    return {m_hub.whyNot("campaign.import")};
}

Action CampaignsPresenter::startAction() const {
    const CampaignBoard* it = board();
    if (it == nullptr) return {tr("No campaign is chosen.")};
    if (m_acting) return {tr("The last verb has not been answered yet.")};
    if (const auto next = it->next()) return {whyNotIn(it->seats()[*next])};
    for (std::size_t i = 0; i < it->seats().size(); ++i) {
        const services::CampaignSeat& seat = it->seats()[i];
        if (!seat.held || seat.held->state != domain::StepState::Verified) return {standOf(*it, i)};
    }
    return {tr("The campaign is complete.")};
}

QString CampaignsPresenter::standOf(const CampaignBoard& board, std::size_t seat) {
    const QString cluster = toText(board.seats()[seat].cluster);
    const QString word = CampaignWords::of(board.seats()[seat]).word;
    const QString waits = CampaignWords::waitsFor(board, seat);
    return waits.isEmpty() ? tr("%1: %2.").arg(cluster, word)
                           : tr("%1: %2, %3.").arg(cluster, word, waits);
}

QString CampaignsPresenter::whyNotIn(const services::CampaignSeat& seat) const {
    const std::string& cluster = seat.cluster;
    if (cluster == m_hub.profile().bundle.cluster) {
        const bool needsDraft = !seat.held || !isDraft(*seat.held);
        const QString why = needsDraft ? m_hub.whyNot("campaign.prepare") : QString();
        return why.isEmpty() ? m_hub.whyNot("campaign.start") : why;
    }
    const CampaignLines::Line* line = m_lines.lineOf(cluster);
    if (line == nullptr || line->session == nullptr)
        return tr("There is no connection to %1.").arg(toText(cluster));
    if (line->readOnly) return tr("The connection to %1 is read-only.").arg(toText(cluster));
    return {};
}

std::optional<QString> CampaignsPresenter::whyNotPrepared() const {
    const CampaignBoard* it = board();
    if (!m_start || it == nullptr || it->id() != m_start->held.campaign.id) return std::nullopt;
    const auto at = it->seatOf(m_start->cluster);
    if (!at) return std::nullopt;
    if (it->next() != at) return standOf(*it, *at);
    const services::CampaignSeat& seat = it->seats()[*at];
    // One that has not been seen yet is the one that was made for this.
    const bool isAnother = isDraft(*seat.held) && m_start->held.release &&
                           seat.held->release->release.id != m_start->held.release->release.id;
    if (isAnother) return tr("%1 has another draft of it by now.").arg(toText(seat.cluster));
    return whyNotIn(seat);
}

void CampaignsPresenter::prepareStart() {
    if (!startAction().enabled()) return;
    const CampaignBoard& it = *board();
    const services::CampaignSeat& seat = it.seats()[*it.next()];
    const CampaignLines::Line& line = *m_lines.lineOf(seat.cluster);
    m_start = Start{seat.cluster, line.kind, {}, {}};
    m_acting = m_preparing = true;
    if (isDraft(*seat.held)) {
        planStart(*seat.held);
    } else {
        m_call = line.session->campaigns().prepare(it.id(), {},
                                                   [this](absl::StatusOr<CampaignInfo> held) {
                                                       if (held.ok())
                                                           planStart(*std::move(held));
                                                       else
                                                           finishVerb(held.status());
                                                   });
    }
    Q_EMIT changed();
}

void CampaignsPresenter::planStart(CampaignInfo held) {
    services::Session* session = m_start ? sessionOf(m_start->cluster) : nullptr;
    if (session == nullptr || !held.release) {
        finishVerb(base::makeError(absl::StatusCode::kUnavailable, "NOT_CONNECTED", "",
                                   "there is no connection to this cluster"));
        return;
    }
    m_start->held = std::move(held);
    m_call = session->releases().plan(
        m_start->held.release->release.id,
        [this](absl::StatusOr<services::ReleasePlan> plan) { takePlan(std::move(plan)); });
}

void CampaignsPresenter::takePlan(absl::StatusOr<services::ReleasePlan> plan) {
    m_acting = m_preparing = false;
    Q_EMIT changed();
    if (!m_start) return;
    if (!plan.ok()) {
        Q_EMIT acted(failureOf(plan));
        return;
    }
    if (!plan->conflicts.empty()) {
        QStringList why;
        for (const std::string& conflict : plan->conflicts)
            why << models::OwnWords::ofObjection(toText(conflict));
        Q_EMIT acted(tr("It cannot be started now: %1").arg(why.join(QStringLiteral("; "))));
        return;
    }
    m_start->plan = *std::move(plan);
    // From the event loop: a sheet runs its own, and the call ends before it.
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (m_start) Q_EMIT startPrepared();
        },
        Qt::QueuedConnection);
}

models::DangerFacts CampaignsPresenter::startFacts() const {
    const models::ClusterPlace place =
        m_start ? models::ClusterPlace{toText(m_start->cluster), m_start->kind}
                : models::ClusterPlace();
    models::DangerFacts out(place);
    if (!m_start || !m_start->held.release) return out;
    const domain::Campaign& campaign = m_start->held.campaign;
    const services::ReleasePlan& plan = m_start->plan;
    const domain::Reach reach = PlanFacts::reach(plan, place.isProduction());
    out.danger = domain::dangerOf(ReleaseVerb::Start, reach);
    out.title = tr("Start %1 in %2?").arg(toText(campaign.name), place.name);
    out.sentence =
        tr("%1 is moved to %2 on %3 machine(s) of this cluster, stage by stage. The next "
           "cluster waits for its receipt.",
           "", models::pluralOf(plan.machinesTotal))
            .arg(toText(campaign.agent), CampaignWords::versions(campaign),
                 grouped(static_cast<qint64>(plan.machinesTotal)));
    const auto step = campaign.stepOf(m_start->cluster).value_or(0);
    out.facts = {{tr("Its place"), tr("no. %1 of %2").arg(step + 1).arg(campaign.steps.size())}};
    if (step > 0)
        out.facts.append({tr("Receipt of %1").arg(toText(campaign.steps[step - 1].cluster)),
                          CampaignWords::receipt(m_start->held.previous, m_hub.times())});
    out.facts += PlanFacts::of(plan) + PlanFacts::refused(plan);
    out.verb = tr("Start");
    out.machines = static_cast<qint64>(plan.machinesTotal);
    out.commands = {models::campaignStartCommand(campaign.id, m_start->cluster, reach, clusters())};
    return out;
}

void CampaignsPresenter::start(const QString& reason) {
    services::Session* session = m_start ? sessionOf(m_start->cluster) : nullptr;
    if (session == nullptr || m_acting) return;
    services::Mutation mutation = mutationFor(reason);
    mutation.expectedCount = m_start->plan.machinesTotal;
    mutation.resolvedAtGeneration = m_start->plan.generation;
    m_acting = true;
    m_call = session->campaigns().start(
        m_start->held.campaign.id, m_start->plan.planId, mutation,
        [this](const absl::StatusOr<CampaignInfo>& done) { finishVerb(done.status()); });
    Q_EMIT changed();
}

void CampaignsPresenter::finishVerb(const absl::Status& status) {
    finishVerb(failureOf(status));
}

void CampaignsPresenter::finishVerb(const QString& problem) {
    m_acting = m_preparing = false;
    m_start.reset();
    Q_EMIT changed();
    Q_EMIT acted(problem);
    refresh();
}

}  // namespace ifrit::gui::presenters
