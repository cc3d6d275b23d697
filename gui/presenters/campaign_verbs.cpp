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
    const auto next = it->next();
    if (!next) {
        for (std::size_t i = 0; i < it->seats().size(); ++i) {
            const services::CampaignSeat& seat = it->seats()[i];
            if (seat.held && seat.held->state == domain::StepState::Verified) continue;
            const QString waits = CampaignWords::waitsFor(*it, i);
            const QString word = CampaignWords::of(seat).word;
            return {waits.isEmpty() ? tr("%1: %2.").arg(toText(seat.cluster), word)
                                    : tr("%1: %2, %3.").arg(toText(seat.cluster), word, waits)};
        }
        return {tr("The campaign is complete.")};
    }
    const std::string& cluster = it->seats()[*next].cluster;
    if (cluster == m_hub.profile().bundle.cluster) {
        const auto& held = it->seats()[*next].held;
        const QString why = held && isDraft(*held) ? QString() : m_hub.whyNot("campaign.prepare");
        return {why.isEmpty() ? m_hub.whyNot("campaign.start") : why};
    }
    const CampaignLines::Line* line = m_lines.lineOf(cluster);
    if (line == nullptr || line->session == nullptr)
        return {tr("There is no connection to %1.").arg(toText(cluster))};
    if (line->readOnly) return {tr("The connection to %1 is read-only.").arg(toText(cluster))};
    return {};
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
        Q_EMIT acted(sentenceOf(plan.status()));
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
    models::DangerFacts out;
    if (!m_start || !m_start->held.release) return out;
    const domain::Campaign& campaign = m_start->held.campaign;
    const QString cluster = toText(m_start->cluster);
    const services::ReleasePlan& plan = m_start->plan;
    const domain::Reach reach = PlanFacts::reach(plan, m_start->kind == "production");
    out.danger = domain::dangerOf(ReleaseVerb::Start, reach);
    out.title = tr("Start %1 in %2?").arg(toText(campaign.name), cluster);
    out.sentence =
        tr("%1 is moved to %2 on %3 machine(s) of this cluster, stage by stage. The next "
           "cluster waits for its receipt.",
           "", models::pluralOf(plan.machinesTotal))
            .arg(toText(campaign.agent), CampaignWords::versions(campaign),
                 grouped(static_cast<qint64>(plan.machinesTotal)));
    const auto step = campaign.stepOf(m_start->cluster).value_or(0);
    out.facts = {{tr("Cluster"),
                  tr("%1, no. %2 of %3").arg(cluster).arg(step + 1).arg(campaign.steps.size())}};
    if (step > 0)
        out.facts.append({tr("Receipt of %1").arg(toText(campaign.steps[step - 1].cluster)),
                          CampaignWords::receipt(m_start->held.previous)});
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
    finishVerb(status.ok() ? QString() : sentenceOf(status));
}

void CampaignsPresenter::finishVerb(const QString& problem) {
    m_acting = m_preparing = false;
    m_start.reset();
    Q_EMIT changed();
    Q_EMIT acted(problem);
    refresh();
}

}  // namespace ifrit::gui::presenters
