// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/release_undo.h"

#include <utility>

#include "gui/models/own_words.h"
#include "shared/domain/danger.h"
#include "shared/domain/enum_names.h"

namespace ifrit::gui::presenters {
namespace {

using Kind = ReleaseNotice::Kind;

}  // namespace

using domain::ReleaseVerb;

ReleaseUndo::ReleaseUndo(const Sources& sources, QObject* parent)
    : QObject(parent), m_hub(sources.hub) {
    ReleasePresenter& release = sources.release;
    connect(&release, &ReleasePresenter::verbDone, this, &ReleaseUndo::verbDone);
    connect(&release, &ReleasePresenter::changed, this, [this, &release] {
        if (release.info()) look(*release.info());
    });
    // Another page may be looked at by now.
    connect(&sources.watch, &ReleaseWatch::happened, this,
            [this](const ReleaseNotice& notice) { look(notice.info); });
    connect(&m_hub, &ConnectionHub::linkChanged, this, &ReleaseUndo::lookAtLine);
    connect(&m_hub, &ConnectionHub::identityChanged, this, &ReleaseUndo::lookAtLine);
    connect(&m_hub, &ConnectionHub::sessionClosing, this, [this] {
        m_calls.clear();
        withdraw();
    });
}

QString ReleaseUndo::sentence() const {
    if (!m_tells) return {};
    const Kind kind = m_verb == ReleaseVerb::Pause ? Kind::Paused : Kind::Resumed;
    return ReleaseNoticeWords::sentenceOf({kind, m_after});
}

void ReleaseUndo::verbDone(const DoneVerb& verb) {
    if (domain::dangerOf(verb.verb, {}) != domain::DangerClass::EasilyReversed) return;
    withdraw();  // or the toast of this one, which ends the one before, would take it away
    m_after = verb.after;
    m_verb = verb.verb;
    m_tells = true;
    m_reverse = domain::reverseOf(verb.verb, verb.before, verb.after.release.state);
    if (m_reverse && !m_hub.whyNot("release." + std::string(domain::nameOf(*m_reverse))).isEmpty())
        m_reverse.reset();
    Q_EMIT done();
}

// An older word of another master says nothing about what was done since.
void ReleaseUndo::look(const services::ReleaseInfo& now) {
    if (!m_reverse || now.release.id != m_after.release.id) return;
    if (now.release.revision >= m_after.release.revision &&
        now.release.state != m_after.release.state)
        withdraw();
}

void ReleaseUndo::lookAtLine() {
    if (!m_reverse) return;
    if (!m_hub.whyNot("release." + std::string(domain::nameOf(*m_reverse))).isEmpty()) withdraw();
}

void ReleaseUndo::withdraw() {
    if (!std::exchange(m_tells, false)) return;
    m_reverse.reset();
    Q_EMIT withdrawn();
}

void ReleaseUndo::undo() {
    if (!m_reverse || !m_hub.session()) return;
    services::ReleaseAct request;
    request.verb = *m_reverse;
    request.releaseId = m_after.release.id;
    request.seen = m_after.seenFor(*m_reverse);
    request.standing = m_after.standing();
    // In the audit's language; see OwnWords::ofReason().
    request.mutation.reason = "Undo of: " + std::string(domain::nameOf(m_verb));
    const services::ReleaseInfo before = m_after;
    withdraw();
    // Another release's undo may still be waited for.
    m_calls[before.release.id] = m_hub.session()->releases().act(
        request, [this, before](const absl::StatusOr<services::ReleaseInfo>& info) {
            answered(before, info);
        });
}

/// Whoever came between keeps what he did.
QString ReleaseUndo::changedSentence(const services::ReleaseInfo& before,
                                     const services::ChangeSince& since) const {
    const QString name = ReleaseNoticeWords::nameOf(before);
    const QString who = models::toText(since.by);
    const QString when = m_hub.times().at(since.at);
    if (since.by.empty()) {
        return tr("%1 has changed since (%2, %3): nothing was changed.")
            .arg(name, models::OwnWords::ofTimeline(models::toText(since.what)), when);
    }
    if (since.what == "paused")
        return tr("%1 has since paused %2 (%3): nothing was changed.").arg(who, name, when);
    if (since.what == "resumed")
        return tr("%1 has since resumed %2 (%3): nothing was changed.").arg(who, name, when);
    if (since.what == "aborted")
        return tr("%1 has since aborted %2 (%3): nothing was changed.").arg(who, name, when);
    if (since.what == "promoted")
        return tr("%1 has since promoted %2 (%3): nothing was changed.").arg(who, name, when);
    if (since.what == "rolling back") {
        return tr("%1 has since begun to roll %2 back (%3): nothing was changed.")
            .arg(who, name, when);
    }
    return tr("%1 has since changed %2 (%3, %4): nothing was changed.")
        .arg(who, name, models::OwnWords::ofTimeline(models::toText(since.what)), when);
}

void ReleaseUndo::answered(const services::ReleaseInfo& before,
                           const absl::StatusOr<services::ReleaseInfo>& info) {
    if (info.ok()) {
        Q_EMIT told(tr("Undone: %1").arg(ReleaseNoticeWords::nameOf(*info)));
        return;
    }
    if (const auto since = services::changeSinceOf(info.status())) {
        Q_EMIT told(changedSentence(before, *since));
        return;
    }
    Q_EMIT told(tr("%1 could not be undone: %2 %3")
                    .arg(ReleaseNoticeWords::nameOf(before), sentenceOf(info.status()),
                         codeLineOf(info.status())));
}

}  // namespace ifrit::gui::presenters
