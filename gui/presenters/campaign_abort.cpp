// SPDX-License-Identifier: GPL-3.0-or-later
// The end of a campaign: what is aborted where, and which releases go back with it.
#include <algorithm>

#include "gui/models/record_models.h"
#include "gui/presenters/campaigns_presenter.h"

namespace ifrit::gui::presenters {
namespace {

using domain::DangerClass;
using domain::ReleaseVerb;
using models::grouped;
using models::toText;
using services::CampaignBoard;
using services::CampaignInfo;
using services::CampaignReleases;
using services::CampaignSeat;

QString joinedNames(const std::vector<std::string>& clusters) {
    QStringList out;
    for (const std::string& cluster : clusters)
        out << toText(cluster);
    return out.join(QStringLiteral(", "));
}

}  // namespace

const CampaignLines::Line* CampaignsPresenter::tellable(const std::string& cluster) const {
    const CampaignLines::Line* line = m_lines.lineOf(cluster);
    return line != nullptr && line->session != nullptr && !line->readOnly ? line : nullptr;
}

std::vector<std::string> CampaignsPresenter::abortable() const {
    std::vector<std::string> out;
    const CampaignBoard* it = board();
    if (it == nullptr || it->isComplete()) return out;
    for (auto seat = it->seats().rbegin(); seat != it->seats().rend(); ++seat) {
        if (seat->held && !seat->held->aborted && tellable(seat->cluster) != nullptr)
            out.push_back(seat->cluster);
    }
    return out;
}

std::vector<const CampaignSeat*> CampaignsPresenter::rollable() const {
    std::vector<const CampaignSeat*> out;
    const CampaignBoard* it = board();
    if (it == nullptr) return out;
    for (auto seat = it->seats().rbegin(); seat != it->seats().rend(); ++seat) {
        if (seat->canRollBack() && tellable(seat->cluster) != nullptr) out.push_back(&*seat);
    }
    return out;
}

Action CampaignsPresenter::rollbackAction() const {
    const std::vector<const CampaignSeat*> seats = rollable();
    if (seats.empty()) return {tr("No release of it can be rolled back now.")};
    const std::string& own = m_hub.profile().bundle.cluster;
    const bool concernsOwn = std::any_of(seats.begin(), seats.end(),
                                         [&own](const auto* seat) { return seat->cluster == own; });
    return {concernsOwn ? m_hub.whyNot("release.rollback") : QString()};
}

Action CampaignsPresenter::abortAction() const {
    const CampaignBoard* it = board();
    if (it == nullptr) return {tr("No campaign is chosen.")};
    if (m_acting) return {tr("The last verb has not been answered yet.")};
    const bool goesBack = rollbackAction().enabled();
    if (it->isComplete() && !goesBack) return {tr("The campaign is complete.")};
    if (const QString why = m_hub.whyNot("campaign.abort"); !why.isEmpty()) return {why};
    if (!canAbortAlone() && !goesBack)
        return {tr("It was aborted in every cluster that can be told.")};
    return {};
}

QList<QPair<QString, QString>> CampaignsPresenter::rollbackFacts() const {
    QList<QPair<QString, QString>> out;
    for (const CampaignSeat* seat : rollable()) {
        const services::ReleaseInfo& release = *seat->held->release;
        const std::uint64_t machines = release.reachedBy(ReleaseVerb::Rollback);
        out.append(
            {toText(seat->cluster),
             tr("release %1: %2 machine(s), %3", "", models::pluralOf(machines))
                 .arg(grouped(static_cast<qint64>(release.release.number)),
                      grouped(static_cast<qint64>(machines)), models::versionsBackOf(release))});
    }
    QStringList left;
    for (const CampaignSeat& seat : board()->seats()) {
        if (seat.canRollBack() && tellable(seat.cluster) == nullptr) left << toText(seat.cluster);
    }
    if (!left.isEmpty())
        out.append({tr("Not rolled back: read-only"), left.join(QStringLiteral(", "))});
    return out;
}

models::DangerFacts CampaignsPresenter::abortFacts(Releases releases) const {
    const AbortTarget target = abortTarget(releases);
    QList<models::ClusterPlace> told;
    for (const AbortTarget::Told& one : target.clusters)
        told << models::ClusterPlace{toText(one.cluster), m_lines.lineOf(one.cluster)->kind};
    models::DangerFacts out(told);
    const CampaignBoard* it = board();
    if (it == nullptr) return out;
    const bool goesBack = releases == CampaignReleases::RolledBack;
    const bool isProduction =
        std::any_of(told.begin(), told.end(), [](const auto& one) { return one.isProduction(); });
    out.danger = isProduction ? DangerClass::WideInProduction : DangerClass::Wide;
    out.title =
        goesBack ? tr("Abort %1 and roll it back?").arg(title()) : tr("Abort %1?").arg(title());
    out.sentence =
        goesBack ? tr("Nothing of it starts any more, and no receipt is made. Every machine of a "
                      "stage that has opened goes back to what it ran before, in all of its "
                      "clusters, the last one first. What a machine ran right before is still on "
                      "its disk; anything older is downloaded again.")
                 : tr("Nothing of it starts any more, and no receipt is made. A release that runs "
                      "is left as it is: abort it or roll it back under Releases.");
    // As ifritctl counts them: the command that is copied is confirmed by the number of all.
    const std::uint64_t counted = it->reachedByAbort(releases);
    out.machines = static_cast<qint64>(counted);
    if (goesBack) {
        out.facts += rollbackFacts();
        // Over a read-only connection nothing goes back.
        out.machines = 0;
        for (const CampaignSeat* seat : rollable())
            out.machines +=
                static_cast<qint64>(seat->held->release->reachedBy(ReleaseVerb::Rollback));
        out.facts.append({tr("Machines that go back"), grouped(out.machines)});
    } else {
        out.facts.append({tr("Machines of running releases"), grouped(out.machines)});
    }
    if (const auto names = it->unseen(); !names.empty())
        out.facts.append({tr("Cannot be told"), joinedNames(names)});
    out.verb = goesBack ? tr("Abort and roll back") : tr("Abort");
    out.commands = {models::campaignAbortCommand(it->id(), releases, counted, clusters())};
    return out;
}

CampaignsPresenter::AbortTarget CampaignsPresenter::abortTarget(Releases releases) const {
    AbortTarget out;
    const CampaignBoard* it = board();
    if (it == nullptr) return out;
    out.campaign = it->id();
    const std::vector<std::string> ends = abortable();
    for (auto seat = it->seats().rbegin(); seat != it->seats().rend(); ++seat) {
        AbortTarget::Told told{seat->cluster, false, {}};
        told.aborts = std::find(ends.begin(), ends.end(), seat->cluster) != ends.end();
        if (releases == CampaignReleases::RolledBack && seat->canRollBack() &&
            tellable(seat->cluster) != nullptr) {
            const services::ReleaseInfo& release = *seat->held->release;
            told.rollback = services::ReleaseAct{{}, release.release.id, ReleaseVerb::Rollback, {}};
            told.rollback->mutation.expectedCount = release.reachedBy(ReleaseVerb::Rollback);
        }
        if (told.aborts || told.rollback) out.clusters.push_back(std::move(told));
    }
    return out;
}

void CampaignsPresenter::abort(const AbortTarget& target, const QString& reason) {
    if (m_acting) return;
    QString why;
    for (const AbortTarget::Told& told : target.clusters) {
        if (told.cluster != m_hub.profile().bundle.cluster) continue;
        if (told.rollback) why = m_hub.whyNot("release.rollback");
    }
    if (why.isEmpty()) why = m_hub.whyNot("campaign.abort");
    if (!why.isEmpty()) {
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
    const AbortTarget::Told told = left.clusters.front();
    services::Session* session = sessionOf(told.cluster);
    if (session == nullptr) {
        problems << tr("There is no connection to %1.").arg(toText(told.cluster));
        left.clusters.erase(left.clusters.begin());
        abortNext(std::move(left), reason, std::move(problems));
        return;
    }
    if (!told.aborts) {
        rollBackNext(std::move(left), reason, std::move(problems));
        return;
    }
    services::Mutation mutation;
    mutation.reason = reason.toStdString();
    m_call = session->campaigns().abort(
        left.campaign, mutation,
        [this, told, left, reason, problems](const absl::StatusOr<CampaignInfo>& done) mutable {
            if (done.ok()) {
                rollBackNext(std::move(left), reason, std::move(problems));
                return;
            }
            // What was not stopped would go on beside its own way back.
            problems << tr("%1: %2").arg(toText(told.cluster), failureOf(done));
            left.clusters.erase(left.clusters.begin());
            abortNext(std::move(left), reason, std::move(problems));
        });
}

void CampaignsPresenter::rollBackNext(AbortTarget left, const QString& reason,
                                      QStringList problems) {
    const AbortTarget::Told told = left.clusters.front();
    left.clusters.erase(left.clusters.begin());
    services::Session* session = sessionOf(told.cluster);
    if (!told.rollback || session == nullptr) {
        if (told.rollback)
            problems << tr("There is no connection to %1.").arg(toText(told.cluster));
        abortNext(std::move(left), reason, std::move(problems));
        return;
    }
    services::ReleaseAct act = *told.rollback;
    act.mutation.reason = reason.toStdString();
    m_call = session->releases().act(
        act, [this, told, left, reason,
              problems](const absl::StatusOr<services::ReleaseInfo>& done) mutable {
            if (!done.ok())
                problems
                    << tr("%1: not rolled back: %2").arg(toText(told.cluster), failureOf(done));
            abortNext(std::move(left), reason, std::move(problems));
        });
}

}  // namespace ifrit::gui::presenters
