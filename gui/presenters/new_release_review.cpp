// SPDX-License-Identifier: GPL-3.0-or-later
// The second half of NewReleasePresenter: the master's plan, and start.
#include "gui/presenters/new_release_presenter.h"

#include <utility>

#include "gui/presenters/plan_facts.h"
#include "gui/presenters/spec_facts.h"

namespace ifrit::gui::presenters {
namespace {

using models::toText;

}  // namespace

void NewReleasePresenter::setPlan(std::optional<services::ReleasePlan> plan) {
    m_plan = std::move(plan);
    m_planStages.setRecords(m_plan ? models::stagesOf(*m_plan)
                                   : std::vector<models::PlannedStage>());
    m_planObjections.setRecords(m_plan ? models::objectionsTo(*m_plan)
                                       : std::vector<models::PlanObjection>());
}

QList<QPair<QString, QString>> NewReleasePresenter::planFacts() const {
    if (!m_plan) return {};
    QList<QPair<QString, QString>> out;
    if (const QString gray = SpecFacts::grayNames(spec().gray); !gray.isEmpty())
        out << qMakePair(tr("Gray"), gray);
    if (const QString reason = m_form.reason.trimmed(); !reason.isEmpty())
        out << qMakePair(tr("Reason"), reason);
    return out + PlanFacts::totals(*m_plan);
}

QString NewReleasePresenter::reviewTitle() const {
    if (!m_plan) return {};
    return tr("%1 %2 in %3", "agent, versions, cluster")
        .arg(m_form.agent, PlanFacts::versions(*m_plan, spec()),
             toText(m_hub.profile().bundle.cluster));
}

QString NewReleasePresenter::objectionsNote() const {
    if (!m_plan || m_plan->refusalCount <= m_plan->refusals.size()) return {};
    const auto hidden = m_plan->refusalCount - m_plan->refusals.size();
    return tr("%1 more machine(s) are left out that the plan does not name.", "",
              models::pluralOf(hidden))
        .arg(models::grouped(static_cast<qint64>(hidden)));
}

Action NewReleasePresenter::startAction() const {
    if (m_step == Step::Starting) return {tr("Start has not been answered yet.")};
    if (!m_plan) return {tr("There is no plan yet.")};
    if (!m_plan->conflicts.empty()) return {tr("Start would be refused: see the conflicts.")};
    return {m_hub.whyNot("release.start")};
}

QString NewReleasePresenter::startSentence() const {
    const services::ReleasePlan::Stage& first = m_plan->stages.front();
    switch (first.kind) {
        case domain::StageKind::Gray:
            return tr("The gray machines change now, the others after you verify.");
        case domain::StageKind::Pilot:
            return tr("The pilot's machines change now, the others after you verify.");
        case domain::StageKind::Batch:
            return tr("Batch %1 changes now, the others one after another.").arg(first.batch);
        default:
            return tr("There is no stage before full: every machine changes at once.");
    }
}

models::DangerFacts NewReleasePresenter::startFacts() const {
    models::DangerFacts out(m_hub.place());
    if (!m_plan || m_plan->stages.empty() || !shownDraft()) return out;
    const domain::Reach reach = PlanFacts::reach(*m_plan, m_hub.isProduction());
    out.danger = domain::dangerOf(domain::ReleaseVerb::Start, reach);
    out.title =
        tr("Start %1 %2?")
            .arg(m_form.agent, m_form.kind == Kind::Install ? m_form.version : tr("uninstall"));
    out.sentence = startSentence();
    out.facts = PlanFacts::of(*m_plan) + PlanFacts::refused(*m_plan);
    out.facts.prepend(qMakePair(tr("Versions"), PlanFacts::versions(*m_plan, spec())));
    out.verb = tr("Start");
    out.machines = static_cast<qint64>(m_plan->machinesTotal);
    out.commands = {models::releaseCommand(domain::ReleaseVerb::Start, shownDraft()->release.number,
                                           m_plan->planId, reach)};
    return out;
}

void NewReleasePresenter::start(const QString& reason) {
    if (!startAction().enabled() || !m_drafts.draft()) return;
    services::ReleaseAct request;
    request.releaseId = m_drafts.draft()->release.id;
    request.verb = domain::ReleaseVerb::Start;
    request.planId = m_plan->planId;
    request.mutation.reason = reason.isEmpty() ? m_form.reason.toStdString() : reason.toStdString();
    request.mutation.expectedCount = m_plan->machinesTotal;
    request.mutation.resolvedAtGeneration = m_plan->generation;
    m_step = Step::Starting;
    m_error.clear();
    m_starting = m_drafts.draft();
    m_drafts.release();
    m_call = m_hub.session()->releases().act(
        request,
        [this](const absl::StatusOr<services::ReleaseInfo>& release) { startAnswered(release); });
    Q_EMIT changed();
}

void NewReleasePresenter::startAnswered(const absl::StatusOr<services::ReleaseInfo>& release) {
    const std::optional<services::ReleaseInfo> draft = std::exchange(m_starting, std::nullopt);
    const bool closed = m_step != Step::Starting;
    if (!release.ok() && closed) {
        Q_EMIT draftLeft(
            tr("The release was not started and stays a draft: %1").arg(failureOf(release)));
        return;
    }
    if (!release.ok()) {
        if (draft) m_drafts.takeBack(*draft);
        fail(release.status(), Step::Review);
        return;
    }
    const QString id = toText(release->release.id);
    m_step = Step::Form;
    Q_EMIT started(id);
}

void NewReleasePresenter::loseStart() {
    if (!m_starting) return;
    const QString sentence =
        tr("It is not known whether release %1 was started: %2 was left before its master had "
           "answered.")
            .arg(QString::number(m_starting->release.number),
                 toText(m_hub.profile().bundle.cluster));
    m_starting.reset();
    // After those who tell that the session goes: this is what is to be read of it.
    QMetaObject::invokeMethod(
        this, [this, sentence] { Q_EMIT draftLeft(sentence); }, Qt::QueuedConnection);
}

}  // namespace ifrit::gui::presenters
