// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/draft_discard.h"

#include "gui/models/ctl_command.h"
#include "gui/models/record_models.h"
#include "gui/models/status_words.h"

namespace ifrit::gui::presenters {

using domain::ReleaseVerb;
using models::toText;

DraftDiscard::DraftDiscard(ConnectionHub& hub, QObject* parent) : QObject(parent), m_hub(hub) {
    connect(&hub, &ConnectionHub::sessionClosing, this, [this] {
        m_calls.clear();
        Q_EMIT closed();
    });
}

Action DraftDiscard::action(const services::ReleaseInfo* release) const {
    if (const QString why = m_hub.whyNot("release.abort"); !why.isEmpty()) return {why};
    if (release == nullptr) return {tr("Choose a draft.")};
    if (m_calls.count(release->release.id) != 0)
        return {tr("The last verb has not been answered yet.")};
    if (release->release.state == domain::ReleaseState::Draft) return {};
    return {tr("This release is %1: only a draft can be discarded.")
                .arg(models::StatusWords::of(release->release).word)};
}

models::DangerFacts DraftDiscard::facts(const services::ReleaseInfo& release) const {
    const domain::Reach nothing{0, release.clusterMachines, m_hub.isProduction()};
    models::DangerFacts out(m_hub.place());
    out.danger = domain::dangerOf(ReleaseVerb::Abort, nothing);
    out.title = tr("Discard draft %1?").arg(release.release.number);
    out.sentence =
        tr("It was not started: no machine has changed, and none will. It stays on the list as "
           "aborted, and cannot be started any more.");
    out.facts << qMakePair(tr("Agent"), toText(release.release.spec.agent));
    out.facts << qMakePair(tr("Versions"), models::versionsOf(release));
    out.facts << qMakePair(tr("Made by"), toText(release.release.createdBy));
    out.verb = tr("Discard");
    out.commands = {models::discardCommand(release.release.number)};
    return out;
}

void DraftDiscard::discard(const services::ReleaseInfo& release, const QString& reason) {
    if (const Action now = action(&release); !now.enabled()) {
        Q_EMIT refused(now.whyNot);
        return;
    }
    services::ReleaseAct request;
    request.releaseId = release.release.id;
    request.verb = ReleaseVerb::Abort;
    request.mutation.reason = reason.toStdString();
    // A draft has no machines yet. Should somebody have started it, the count refuses the end.
    request.mutation.expectedCount = 0;
    m_calls[request.releaseId] = m_hub.session()->releases().act(
        request, [this, id = request.releaseId, number = release.release.number](
                     const absl::StatusOr<services::ReleaseInfo>& info) {
            answered(id, number, info.status());
        });
    Q_EMIT changed();
}

void DraftDiscard::answered(const std::string& id, std::uint64_t number,
                            const absl::Status& status) {
    m_calls.erase(id);
    if (status.ok()) {
        Q_EMIT told(tr("Draft %1 was discarded.").arg(number));
    } else {
        Q_EMIT refused(
            tr("Draft %1 was not discarded: %2").arg(QString::number(number), failureOf(status)));
    }
    Q_EMIT changed();
}

}  // namespace ifrit::gui::presenters
