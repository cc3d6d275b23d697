// SPDX-License-Identifier: GPL-3.0-or-later
// What the operator may do to a release, how dangerous it is, and what the master answers.
#include "gui/presenters/release_presenter.h"
#include "shared/domain/enum_names.h"

namespace ifrit::gui::presenters {
namespace {

using domain::ReleaseVerb;
using models::DangerClass;
using models::grouped;
using models::StatusWords;
using models::toText;

/// More machines than this make a change wide.
constexpr std::uint64_t kWideMachines = 1'000;

}  // namespace

std::vector<ReleaseVerb> ReleasePresenter::verbs() {
    return {ReleaseVerb::Start,       ReleaseVerb::Verify,   ReleaseVerb::Promote,
            ReleaseVerb::RetryFailed, ReleaseVerb::Pause,    ReleaseVerb::Resume,
            ReleaseVerb::PromoteAll,  ReleaseVerb::Rollback, ReleaseVerb::Abort};
}

Action ReleasePresenter::action(ReleaseVerb verb) const {
    if (!m_info) return {tr("No release is open.")};
    if (m_acting) return {tr("The last verb has not been answered yet.")};
    const std::string permission = "release." + std::string(domain::nameOf(verb));
    if (const QString why = m_hub.whyNot(permission); !why.isEmpty()) return {why};
    if (m_info->allows(verb)) return {};
    const auto refused = m_info->refusedVerbs.find(verb);
    if (refused != m_info->refusedVerbs.end() && !refused->second.empty()) {
        return {toText(refused->second)};
    }
    return {tr("A release that is %1 cannot do this.")
                .arg(StatusWords::of(m_info->release.state).word)};
}

models::DangerClass ReleasePresenter::dangerOf(ReleaseVerb verb) const {
    if (verb == ReleaseVerb::Pause || verb == ReleaseVerb::Resume) {
        return DangerClass::EasilyReversed;
    }
    const bool wide = verb == ReleaseVerb::Abort || verb == ReleaseVerb::Rollback ||
                      verb == ReleaseVerb::PromoteAll || m_info->targeted() > kWideMachines;
    if (!wide) return DangerClass::ChangesMachines;
    return m_hub.isProduction() ? DangerClass::WideInProduction : DangerClass::Wide;
}

QString ReleasePresenter::consequence(ReleaseVerb verb) const {
    switch (verb) {
        case ReleaseVerb::Start:
            return tr("The first stage opens, and its machines change their version.");
        case ReleaseVerb::Verify:
            return tr(
                "You say that the stage is good. The next stage opens, and its machines "
                "change their version.");
        case ReleaseVerb::Rollback:
            return tr(
                "Every machine of the release goes back to what it ran before. Nothing is "
                "downloaded.");
        case ReleaseVerb::Abort:
            return tr(
                "The release ends now. Machines that have the new version keep it, the others "
                "keep the old one.");
        case ReleaseVerb::Pause:
            return tr("No further machine switches until the release is resumed.");
        case ReleaseVerb::Resume:
            return tr("Machines go on switching.");
        case ReleaseVerb::Promote:
            return tr("The next stage opens without waiting for this one.");
        case ReleaseVerb::PromoteAll:
            return tr("Every stage that is left opens at once: all machines change their version.");
        case ReleaseVerb::RetryFailed:
            return tr("Machines that failed try again.");
    }
    return {};
}

models::DangerFacts ReleasePresenter::facts(ReleaseVerb verb) const {
    models::DangerFacts out;
    if (!m_info) return out;
    out.danger = dangerOf(verb);
    out.title = QStringLiteral("%1 %2?").arg(StatusWords::nameOf(verb), title());
    out.sentence = consequence(verb);
    out.machines = static_cast<qint64>(m_info->targeted());
    out.facts << qMakePair(tr("Cluster"), toText(m_hub.profile().bundle.cluster));
    out.facts << qMakePair(tr("Versions"), models::versionsOf(*m_info));
    out.facts << qMakePair(tr("Machines"),
                           tr("%1, counted by the master").arg(grouped(out.machines)));
    for (const services::StageProgress& stage : m_info->stages) {
        out.facts << qMakePair(StatusWords::nameOf(stage.counts.kind, stage.counts.batch),
                               tr("%1 machines").arg(grouped(stage.counts.targeted)));
    }
    out.verb = StatusWords::nameOf(verb);
    out.commands = {command(verb)};
    return out;
}

models::CtlCommand ReleasePresenter::command(ReleaseVerb verb) const {
    if (!m_info) return {};
    return models::releaseCommand(verb, m_info->release.number, m_info->release.planId,
                                  m_info->targeted());
}

void ReleasePresenter::act(ReleaseVerb verb, const QString& reason) {
    if (!action(verb).enabled()) return;
    services::ReleaseAct request;
    request.releaseId = m_info->release.id;
    request.verb = verb;
    request.planId = verb == ReleaseVerb::Start ? m_info->release.planId : std::string();
    request.mutation.reason = reason.toStdString();
    if (dangerOf(verb) >= DangerClass::ChangesMachines) {
        request.mutation.expectedCount = m_info->targeted();
    }
    m_acting = true;
    m_act = m_hub.session()->releases().act(
        request, [this](const absl::StatusOr<services::ReleaseInfo>& info) {
            m_acting = false;
            if (info.ok()) {
                take(*info);
                Q_EMIT acted({});
                return;
            }
            QString sentence = sentenceOf(info.status());
            if (const auto actual = services::actualCountOf(info.status())) {
                sentence +=
                    QLatin1Char(' ') + tr("You confirmed %1 machines, the master counts %2.")
                                           .arg(m_info->targeted())
                                           .arg(*actual);
            }
            Q_EMIT acted(sentence + QLatin1Char(' ') + codeLineOf(info.status()));
            Q_EMIT changed();
        });
    Q_EMIT changed();
}

}  // namespace ifrit::gui::presenters
