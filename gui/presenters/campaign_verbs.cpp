// SPDX-License-Identifier: GPL-3.0-or-later
// What the operator may do to a campaign, how dangerous it is, and what the clusters answer.
#include <algorithm>

#include "gui/presenters/campaigns_presenter.h"
#include "gui/presenters/plan_facts.h"
#include "shared/base/status.h"

namespace ifrit::gui::presenters {
namespace {

using domain::DangerClass;
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

std::vector<std::string> CampaignsPresenter::abortable() const {
    std::vector<std::string> out;
    const CampaignBoard* it = board();
    if (it == nullptr) return out;
    for (auto seat = it->seats().rbegin(); seat != it->seats().rend(); ++seat) {
        const CampaignLines::Line* line = m_lines.lineOf(seat->cluster);
        if (seat->held && !seat->held->aborted && line != nullptr && line->session != nullptr &&
            !line->readOnly)
            out.push_back(seat->cluster);
    }
    return out;
}

Action CampaignsPresenter::abortAction() const {
    const CampaignBoard* it = board();
    if (it == nullptr) return {tr("No campaign is chosen.")};
    if (m_acting) return {tr("The last verb has not been answered yet.")};
    if (it->isComplete()) return {tr("The campaign is complete.")};
    if (const QString why = m_hub.whyNot("campaign.abort"); !why.isEmpty()) return {why};
    if (abortable().empty()) return {tr("It was aborted in every cluster that can be told.")};
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
            why << toText(conflict);
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
    out.commands = {models::campaignStartCommand(campaign.id, m_start->cluster, reach)};
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

std::uint64_t CampaignsPresenter::running() const {
    std::uint64_t out = 0;
    const CampaignBoard* it = board();
    if (it == nullptr) return out;
    for (const services::CampaignSeat& seat : it->seats()) {
        if (seat.held && seat.held->release && !seat.held->release->ended() && !isDraft(*seat.held))
            out += seat.held->release->targeted();
    }
    return out;
}

models::DangerFacts CampaignsPresenter::abortFacts() const {
    models::DangerFacts out;
    const CampaignBoard* it = board();
    if (it == nullptr) return out;
    const std::vector<std::string> told = abortable();
    QStringList names;
    QStringList unseen;
    bool production = false;
    for (const std::string& cluster : told) {
        names << toText(cluster);
        production = production || m_lines.lineOf(cluster)->kind == "production";
    }
    for (const std::string& cluster : it->unseen())
        unseen << toText(cluster);
    out.danger = production ? DangerClass::WideInProduction : DangerClass::Wide;
    out.title = tr("Abort %1?").arg(title());
    out.sentence =
        tr("Nothing of it starts any more, and no receipt is made. A release that runs is "
           "left as it is: abort it or roll it back under Releases.");
    out.facts = {{tr("Clusters"), names.join(QStringLiteral(", "))},
                 {tr("Machines of running releases"), grouped(static_cast<qint64>(running()))}};
    if (!unseen.isEmpty())
        out.facts.append({tr("Cannot be told"), unseen.join(QStringLiteral(", "))});
    out.verb = tr("Abort");
    // As ifritctl counts them: the command that is copied is confirmed by the same number.
    out.machines = static_cast<qint64>(running());
    out.commands = {models::campaignAbortCommand(it->id(), running())};
    return out;
}

CampaignsPresenter::AbortTarget CampaignsPresenter::abortTarget() const {
    return {m_chosen.toStdString(), abortable()};
}

void CampaignsPresenter::abort(const AbortTarget& target, const QString& reason) {
    if (m_acting) return;
    if (const QString why = m_hub.whyNot("campaign.abort"); !why.isEmpty()) {
        Q_EMIT acted(why);
        return;
    }
    m_acting = true;
    Q_EMIT changed();
    abortNext(target, reason, {});
}

void CampaignsPresenter::abortNext(AbortTarget left, const QString& reason, QStringList problems) {
    if (left.clusters.empty()) {
        finishVerb(problems.join(QLatin1Char('\n')));
        return;
    }
    const std::string cluster = left.clusters.front();
    left.clusters.erase(left.clusters.begin());
    services::Session* session = sessionOf(cluster);
    if (session == nullptr) {
        problems << tr("There is no connection to %1.").arg(toText(cluster));
        abortNext(std::move(left), reason, std::move(problems));
        return;
    }
    m_call = session->campaigns().abort(
        left.campaign, mutationFor(reason),
        [this, cluster, left, reason, problems](const absl::StatusOr<CampaignInfo>& done) mutable {
            if (!done.ok())
                problems << tr("%1: %2").arg(toText(cluster), sentenceOf(done.status()));
            abortNext(std::move(left), reason, std::move(problems));
        });
}

}  // namespace ifrit::gui::presenters
