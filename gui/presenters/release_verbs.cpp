// SPDX-License-Identifier: GPL-3.0-or-later
// What the operator may do to a release, how dangerous it is, and what the master answers.
#include <algorithm>

#include "gui/models/own_words.h"
#include "gui/presenters/plan_facts.h"
#include "gui/presenters/release_presenter.h"
#include "shared/domain/enum_names.h"
#include "shared/domain/release_reach.h"

namespace ifrit::gui::presenters {
namespace {

using domain::DangerClass;
using domain::ReleaseVerb;
using models::grouped;
using models::StatusWords;
using models::toText;

/// Verbs that are of a plan, which the master is asked for first.
bool isPlanned(ReleaseVerb verb) {
    return verb == ReleaseVerb::Start || verb == ReleaseVerb::Approve;
}

}  // namespace

std::vector<ReleaseVerb> ReleasePresenter::verbs() {
    return {ReleaseVerb::Approve, ReleaseVerb::Start,       ReleaseVerb::Verify,
            ReleaseVerb::Promote, ReleaseVerb::RetryFailed, ReleaseVerb::Pause,
            ReleaseVerb::Resume,  ReleaseVerb::PromoteAll,  ReleaseVerb::Rollback,
            ReleaseVerb::Abort};
}

bool ReleasePresenter::isDraft() const {
    return m_info && m_info->release.state == domain::ReleaseState::Draft;
}

QString ReleasePresenter::nameOf(ReleaseVerb verb) const {
    return verb == ReleaseVerb::Abort && isDraft() ? tr("Discard") : StatusWords::nameOf(verb);
}

bool ReleasePresenter::isOffered(ReleaseVerb verb) const {
    using domain::ReleaseState;
    if (!m_info) return false;
    const ReleaseState state = m_info->release.state;
    const bool stopped = state == ReleaseState::Paused || state == ReleaseState::Halted;
    if (verb == ReleaseVerb::Rollback) {
        if (m_info->allows(verb)) return true;
        // One that another release is in the way of: that may change, and says so.
        if (state == ReleaseState::Done ||
            (state == ReleaseState::Aborted && m_info->release.started))
            return !m_info->release.historyRemoval;
    }
    if (m_info->ended()) return false;
    if (state == ReleaseState::Draft)
        return verb == ReleaseVerb::Start || verb == ReleaseVerb::Abort ||
               (verb == ReleaseVerb::Approve && m_info->approvalRequired);
    const auto closed = std::count_if(m_info->stages.begin(), m_info->stages.end(),
                                      [](const auto& stage) { return !stage.counts.opened; });
    switch (verb) {
        case ReleaseVerb::Start:
        case ReleaseVerb::Approve:
            return false;
        case ReleaseVerb::Verify:
            return closed > 0 && m_info->release.stage != domain::StageKind::Batch;
        case ReleaseVerb::Promote:
            return closed > 0;
        case ReleaseVerb::PromoteAll:
            return closed > 1;  // else promote does the same
        case ReleaseVerb::Pause:
            return !stopped;
        case ReleaseVerb::Resume:
            return stopped;
        default:
            return true;
    }
}

Action ReleasePresenter::action(ReleaseVerb verb) const {
    if (!m_info) return {tr("No release is open.")};
    if (acting()) return {tr("The last verb has not been answered yet.")};
    const std::string permission = "release." + std::string(domain::nameOf(verb));
    if (const QString why = m_hub.whyNot(permission); !why.isEmpty()) return {why};
    if (m_info->allows(verb)) return {personProblem(verb)};
    const auto refused = m_info->refusedVerbs.find(verb);
    if (refused != m_info->refusedVerbs.end() && !refused->second.empty()) {
        return {models::OwnWords::ofVerbRefusal(toText(refused->second))};
    }
    return {tr("A release that is %1 cannot do this.").arg(StatusWords::of(m_info->release).word)};
}

QString ReleasePresenter::personProblem(ReleaseVerb verb) const {
    const auto& approval = m_info->release.approval;
    const std::string me = m_hub.identity() ? m_hub.identity()->user : std::string();
    const QString maker = toText(m_info->release.createdBy);
    if (verb == ReleaseVerb::Approve && me == m_info->release.createdBy)
        return tr("You made this release: somebody else has to approve it.");
    if (verb != ReleaseVerb::Start || !m_info->approvalRequired) return {};
    if (const auto& ended = m_info->release.endedApproval; !approval && ended)
        return tr("What %1 approved no longer holds: somebody other than %2 has to approve the "
                  "plan that holds now.")
            .arg(toText(ended->by), maker);
    if (!approval)
        return tr("Somebody other than %1 has to approve it first: a super admin, or whom a grant "
                  "names for it.")
            .arg(maker);
    if (approval->by == me) return tr("You approved it: somebody else has to start it.");
    return {};
}

domain::Reach ReleasePresenter::reachOf(ReleaseVerb verb) const {
    if (!m_info) return {};
    if (isPlanned(verb) && m_plan) return PlanFacts::reach(*m_plan, m_hub.isProduction());
    return {m_info->reachedBy(verb), m_info->clusterMachines, m_hub.isProduction()};
}

void ReleasePresenter::prepare(ReleaseVerb verb) {
    if (!action(verb).enabled()) return;
    if (!isPlanned(verb)) {
        Q_EMIT prepared(verb);
        return;
    }
    // A draft names no machines: what its start reaches is the plan's to say.
    m_planning = true;
    m_planCall = m_hub.session()->releases().plan(
        m_info->release.id, [this, verb](const absl::StatusOr<services::ReleasePlan>& plan) {
            m_planning = false;
            Q_EMIT changed();
            if (!plan.ok()) {
                Q_EMIT acted(failureOf(plan));
            } else if (verb == ReleaseVerb::Start && !plan->conflicts.empty()) {
                Q_EMIT acted(models::OwnWords::ofObjection(toText(plan->conflicts.front())));
            } else {
                m_plan = *plan;
                // From the event loop: a sheet runs its own, and the call ends before it.
                QMetaObject::invokeMethod(
                    this, [this, verb] { Q_EMIT prepared(verb); }, Qt::QueuedConnection);
            }
        });
    Q_EMIT changed();
}

/// The stages that a sheet lists: those that the verb reaches.
std::vector<const services::StageProgress*> ReleasePresenter::stagesOf(ReleaseVerb verb) const {
    std::vector<domain::StageCounts> counts;
    for (const services::StageProgress& stage : m_info->stages)
        counts.push_back(stage.counts);
    std::vector<const services::StageProgress*> out;
    for (const std::size_t i : domain::openedBy(verb, counts, m_info->release.spec.batches))
        out.push_back(&m_info->stages[i]);
    if (m_info->seenFor(verb)) return out;
    for (const services::StageProgress& stage : m_info->stages) {
        // What has not opened does not go back.
        if (verb == ReleaseVerb::Rollback && !stage.counts.opened) continue;
        if (verb == ReleaseVerb::RetryFailed && stage.bad() == 0) continue;
        out.push_back(&stage);
    }
    return out;
}

/// What verify and promote open now. Of a stage that is over nothing is left to wait for.
QString ReleasePresenter::opening(ReleaseVerb verb) const {
    const auto stages = stagesOf(verb);
    if (stages.empty()) return tr("No stage is left to open.");
    const services::StageProgress* last = stages.back();
    const QString next = StatusWords::nameOf(last->counts.kind, last->counts.batch);
    const QString now = StatusWords::nameOf(m_info->release.stage, m_info->batch);
    if (verb == ReleaseVerb::Verify) {
        return tr("You say that %1 is good. %2 opens, and its machines change their version.")
            .arg(now, next);
    }
    if (m_info->waitsForPerson())
        return tr("%1 opens, and its machines change their version.").arg(next);
    return tr("%1 opens without waiting for %2, and its machines change their version.")
        .arg(next, now);
}

QString ReleasePresenter::consequence(ReleaseVerb verb) const {
    switch (verb) {
        case ReleaseVerb::Start:
            return tr("The first stage opens, and its machines change their version.");
        case ReleaseVerb::Verify:
        case ReleaseVerb::Promote:
            return opening(verb);
        case ReleaseVerb::Rollback:
            return tr(
                "Every machine of a stage that has opened goes back to what it ran before; the "
                "others keep what they run. What a machine ran right before is still on its disk; "
                "anything older is downloaded again.");
        case ReleaseVerb::Abort:
            if (isDraft())
                return tr(
                    "It was not started: no machine has changed, and none will. It cannot be "
                    "started any more.");
            return tr(
                "The release ends now. Machines that have the new version keep it, the others "
                "keep the old one.");
        case ReleaseVerb::Pause:
            return tr("No further machine switches until the release is resumed.");
        case ReleaseVerb::Resume:
            return tr("Machines go on switching.");
        case ReleaseVerb::PromoteAll:
            return tr(
                "Every stage that is left opens at once, and its machines change their version.");
        case ReleaseVerb::RetryFailed:
            return tr("Machines that failed try again.");
        case ReleaseVerb::Approve:
            return tr(
                "You say that this plan may run. Somebody else starts it; you cannot any more.");
    }
    return {};
}

QString ReleasePresenter::expected(ReleaseVerb verb) const {
    const auto deadline = models::TimeText::length(m_info->release.spec.machineDeadline);
    switch (verb) {
        case ReleaseVerb::Verify:
        case ReleaseVerb::Promote:
        case ReleaseVerb::PromoteAll:
        case ReleaseVerb::RetryFailed:
            break;
        case ReleaseVerb::Rollback:
            return tr("at most %1, the deadline of each machine").arg(deadline);
        default:
            return {};
    }
    const std::uint64_t machines = reachOf(verb).machines;
    if (machines == 0) return tr("nothing: no machine is left for it");
    const auto takes = m_pace.takes(*m_info, machines, m_hub.times().now());
    if (!takes) return tr("at most %1, the deadline of each machine").arg(deadline);
    return tr("about %1, as the machines before").arg(models::TimeText::length(*takes));
}

QString ReleasePresenter::reachText(ReleaseVerb verb) const {
    const QString reached = tr("%1 of the release's %2, counted by the master")
                                .arg(grouped(static_cast<qint64>(reachOf(verb).machines)),
                                     grouped(static_cast<qint64>(m_info->targeted())));
    if (verb != ReleaseVerb::Rollback) return reached;
    // The number to type is that of all: which of them go back by themselves changes meanwhile.
    const std::uint64_t back = m_info->count(domain::Outcome::Reverted);
    if (back == 0) return reached;
    const QString there =
        tr("%1 of them has/have put the version before back already", "", models::pluralOf(back))
            .arg(grouped(static_cast<qint64>(back)));
    return reached + QStringLiteral(" · ") + there;
}

std::optional<std::set<std::string>> ReleasePresenter::ranBefore() const {
    if (!m_machineList.loaded() || !m_machineList.error().ok() || m_machineList.hasMore())
        return std::nullopt;
    const auto hasOpened = [this](const services::ReleaseMachine& machine) {
        return std::any_of(m_info->stages.begin(), m_info->stages.end(), [&](const auto& stage) {
            return stage.counts.opened && stage.counts.kind == machine.stage &&
                   stage.counts.batch == machine.batch;
        });
    };
    std::set<std::string> out;
    for (const services::ReleaseMachine& machine : m_machineList.items()) {
        if (hasOpened(machine)) out.insert(machine.fromVersion);
    }
    return out;
}

models::DangerFacts ReleasePresenter::facts(ReleaseVerb verb) const {
    models::DangerFacts out(m_hub.place());
    if (!m_info) return out;
    out.danger = domain::dangerOf(verb, reachOf(verb));
    out.title = tr("%1 %2?", "a verb and its release").arg(nameOf(verb), title());
    out.sentence = consequence(verb);
    out.machines = static_cast<qint64>(reachOf(verb).machines);
    // What is not started yet knows of no version before: its plan does.
    const bool planned = isPlanned(verb) && m_plan;
    out.facts << qMakePair(tr("Versions"), planned
                                               ? PlanFacts::versions(*m_plan, m_info->release.spec)
                                           : verb == ReleaseVerb::Rollback
                                               ? models::versionsBackOf(*m_info, ranBefore())
                                               : models::versionsOf(*m_info));
    if (planned) {
        out.facts << PlanFacts::of(*m_plan) << PlanFacts::refused(*m_plan);
    } else {
        out.facts << qMakePair(tr("Machines"), reachText(verb));
        if (const QString takes = expected(verb); !takes.isEmpty())
            out.facts << qMakePair(tr("Expected"), takes);
    }
    if (const auto seen = m_info->seenFor(verb)) {
        out.facts << qMakePair(tr("Current stage"), StatusWords::nameOf(seen->kind, seen->batch));
    }
    for (const services::StageProgress* stage : stagesOf(verb)) {
        const domain::StageCounts& counts = stage->counts;
        // As they are added up in the number to type.
        const std::uint64_t machines = domain::reachedIn(verb, counts);
        out.facts << qMakePair(StatusWords::nameOf(counts.kind, counts.batch),
                               tr("%1 machine(s)", "", models::pluralOf(machines))
                                   .arg(grouped(static_cast<qint64>(machines))));
    }
    out.verb = nameOf(verb);
    out.commands = {command(verb)};
    return out;
}

models::CtlCommand ReleasePresenter::command(ReleaseVerb verb) const {
    if (!m_info) return {};
    if (verb == ReleaseVerb::Abort && isDraft())
        return models::discardCommand(m_info->release.number);
    return models::releaseCommand(verb, m_info->release.number, m_plan ? m_plan->planId : "",
                                  reachOf(verb));
}

services::ReleaseAct ReleasePresenter::request(ReleaseVerb verb) const {
    services::ReleaseAct out;
    out.verb = verb;
    if (!m_info) return out;
    out.releaseId = m_info->release.id;
    if (domain::dangerOf(verb, reachOf(verb)) >= DangerClass::ChangesMachines)
        out.mutation.expectedCount = reachOf(verb).machines;
    out.seen = m_info->seenFor(verb);
    if (isPlanned(verb) && m_plan) {
        out.planId = m_plan->planId;
        out.mutation.resolvedAtGeneration = m_plan->generation;
    }
    return out;
}

QString ReleasePresenter::whyNotAnyMore(const services::ReleaseAct& shown) const {
    if (!m_info || m_info->release.id != shown.releaseId)
        return tr("The window shows another release by now.");
    if (const QString why = action(shown.verb).whyNot; !why.isEmpty()) return why;
    if (m_info->seenFor(shown.verb) != shown.seen)
        return tr("The release has moved on to another stage meanwhile. Look, and ask again.");
    const auto& asked = shown.mutation.expectedCount;
    const std::uint64_t reached = reachOf(shown.verb).machines;
    if (asked && *asked != reached)
        return tr("It reaches %1 machine(s) by now. Look, and ask again.", "",
                  models::pluralOf(reached))
            .arg(grouped(static_cast<qint64>(reached)));
    return {};
}

void ReleasePresenter::act(const services::ReleaseAct& shown, const QString& reason) {
    if (!m_info || m_info->release.id != shown.releaseId) return;
    if (const Action now = action(shown.verb); !now.enabled()) {
        Q_EMIT acted(now.whyNot);
        return;
    }
    services::ReleaseAct request = shown;
    request.mutation.reason = reason.toStdString();
    if (isPlanned(shown.verb)) m_plan.reset();  // it was for this once
    m_changes[request.releaseId] = m_hub.session()->releases().act(
        request, [this, request, number = m_info->release.number, before = m_info->release.state](
                     const absl::StatusOr<services::ReleaseInfo>& info) {
            m_changes.erase(request.releaseId);
            answered(request, number, info);
            if (info.ok()) Q_EMIT verbDone({request.verb, before, *info});
        });
    Q_EMIT changed();
}

void ReleasePresenter::answered(const services::ReleaseAct& request, std::uint64_t number,
                                const absl::StatusOr<services::ReleaseInfo>& info) {
    const bool isShown = m_info && m_info->release.id == request.releaseId;
    if (info.ok() && isShown) {
        // The watch of a release that was over has ended.
        const bool wasOver = m_info->ended();
        take(*info);
        if (wasOver) watch();
        Q_EMIT acted({});
        return;
    }
    const QString whose = isShown ? QString() : tr("Release %1:").arg(number) + QLatin1Char(' ');
    // What became of a release that is not shown is told by its events.
    if (info.ok()) return;
    QString sentence = sentenceOf(info.status());
    if (const auto actual = services::actualCountOf(info.status())) {
        const std::uint64_t confirmed = request.mutation.expectedCount.value_or(0);
        sentence += QLatin1Char(' ') + tr("You confirmed %1 machine(s), the master counts %2.", "",
                                          models::pluralOf(confirmed))
                                           .arg(confirmed)
                                           .arg(*actual);
    }
    Q_EMIT acted(whose + sentence + QLatin1Char(' ') + codeLineOf(info.status()));
    Q_EMIT changed();
}

}  // namespace ifrit::gui::presenters
