// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/view_judge.h"

#include <QCoreApplication>
#include <QPointer>

#include "shared/filter/version_order.h"

namespace ifrit::gui::presenters {
namespace {

using models::NoticeAction;
using models::ViewNotice;
using models::ViewState;
using services::LinkState;

QString text(const char* source) {
    return QCoreApplication::translate("ifrit::gui::presenters", source);
}

/// Nobody can grant what a login would bring; of an account that is disabled no login brings it.
void tellStranger(ViewNotice& notice, const absl::Status& error) {
    notice.state = ViewState::NoPermission;
    notice.sentence = ConnectionHub::strangerSentence(error);
    notice.detail = sentenceOf(error) + QLatin1Char('\n') + codeLineOf(error);
    if (ConnectionHub::isDisabled(error)) {
        // The master's own sentence says the same.
        notice.detail = codeLineOf(error);
        notice.action = text(QT_TRANSLATE_NOOP("ifrit::gui::presenters", "Try again"));
        return;
    }
    notice.action = text(QT_TRANSLATE_NOOP("ifrit::gui::presenters", "Sign in"));
    notice.does = NoticeAction::Connections;
}

/// Which of the two is to be brought up to the other, whoever reads it has to know. In a rolling
/// upgrade another master than the one that told its version may be behind: one that is the
/// desktop's own says nothing about who is older.
QString skewSentence(const ConnectionHub& hub) {
    const QString own = QCoreApplication::applicationVersion();
    const QString master = hub.serverVersion();
    const int difference =
        master.isEmpty() ? 0 : filter::compareVersions(master.toStdString(), own.toStdString());
    if (difference < 0) {
        return text(QT_TRANSLATE_NOOP("ifrit::gui::presenters",
                                      "This master is older than this desktop and cannot answer: "
                                      "it is version %1, the desktop is version %2. Upgrade the "
                                      "master."))
            .arg(master, own);
    }
    if (difference > 0) {
        return text(QT_TRANSLATE_NOOP("ifrit::gui::presenters",
                                      "This desktop is older than the master, which does not "
                                      "answer any more what it asks: the master is version %1, the "
                                      "desktop is version %2. Upgrade this desktop."))
            .arg(master, own);
    }
    if (!master.isEmpty()) {
        return text(QT_TRANSLATE_NOOP("ifrit::gui::presenters",
                                      "A master of this cluster is of another version than this "
                                      "desktop, which is version %1, and cannot answer. Upgrade "
                                      "the masters that are behind."))
            .arg(own);
    }
    return text(
               QT_TRANSLATE_NOOP("ifrit::gui::presenters",
                                 "This master does not know what it is asked, so one of the two is "
                                 "older: the desktop is version %1, the master has not told its "
                                 "own. Upgrade the one that is behind."))
        .arg(own);
}

/// For who helps: what the sentence says in words.
QString skewDetail(const ConnectionHub& hub, const absl::Status& error) {
    const QString master = hub.serverVersion();
    return codeLineOf(error) + QLatin1Char('\n') +
           text(QT_TRANSLATE_NOOP("ifrit::gui::presenters", "desktop %1, master %2"))
               .arg(QCoreApplication::applicationVersion(),
                    master.isEmpty() ? QStringLiteral("?") : master);
}

ViewNotice errorNotice(const ConnectionHub& hub, const absl::Status& error) {
    ViewNotice notice;
    notice.sentence = sentenceOf(error);
    notice.detail = codeLineOf(error);
    switch (error.code()) {
        case absl::StatusCode::kUnauthenticated:
            tellStranger(notice, error);
            return notice;
        case absl::StatusCode::kPermissionDenied:
            notice.state = ViewState::NoPermission;
            notice.detail += QLatin1Char('\n') +
                             text(QT_TRANSLATE_NOOP("ifrit::gui::presenters",
                                                    "A super admin of the cluster can grant it."));
            return notice;
        case absl::StatusCode::kUnimplemented:
            notice.state = ViewState::VersionSkew;
            notice.sentence = skewSentence(hub);
            notice.detail = skewDetail(hub, error);
            // In a rolling upgrade another master answers the next time, or this one as a new one.
            notice.action = text(QT_TRANSLATE_NOOP("ifrit::gui::presenters", "Try again"));
            return notice;
        default:
            notice.state = ViewState::Error;
            notice.action = text(QT_TRANSLATE_NOOP("ifrit::gui::presenters", "Try again"));
            return notice;
    }
}

void offerToCancel(ViewNotice& notice) {
    notice.action = text(QT_TRANSLATE_NOOP("ifrit::gui::presenters", "Cancel"));
    notice.does = NoticeAction::Disconnect;
}

/// One sentence behind the other.
QString behind(const QString& first, const QString& second) {
    return text(QT_TRANSLATE_NOOP("ifrit::gui::presenters", "%1 %2")).arg(first, second);
}

/// What was not told but read may be older than the contact: what came since is not in it.
QString oldSentence(const ConnectionHub& hub, const ViewFacts& facts) {
    const QString old = text(QT_TRANSLATE_NOOP("ifrit::gui::presenters",
                                               "What you see is old; nothing can be changed."));
    if (!facts.readAt) return old;
    return behind(text(QT_TRANSLATE_NOOP("ifrit::gui::presenters", "This list was read at %1."))
                      .arg(hub.times().at(*facts.readAt)),
                  old);
}

/// The line is broken: the last that was seen stays readable, and says so.
ViewNotice awayNotice(const ConnectionHub& hub, const ViewFacts& facts) {
    ViewNotice notice;
    const services::LinkStatus& link = hub.link();
    notice.sentence = hub.linkSentence();
    if (!link.lastError.ok())
        notice.detail = sentenceOf(link.lastError) + QLatin1Char('\n') + codeLineOf(link.lastError);
    notice.action = text(QT_TRANSLATE_NOOP("ifrit::gui::presenters", "Try again"));
    if (hub.isUnknownThere()) tellStranger(notice, link.lastError);
    const bool waits = link.state == LinkState::Reconnecting && link.nextAttempt;
    const QPointer<const ConnectionHub> line(&hub);
    if (waits) notice.counted = [line] { return line ? line->linkSentence() : QString(); };
    if (facts.loaded) {
        notice.state = link.state == LinkState::Stale ? ViewState::Stale : ViewState::Offline;
        const QString age = oldSentence(hub, facts);
        notice.sentence = behind(notice.sentence, age);
        if (waits) notice.counted = [say = notice.counted, age] { return behind(say(), age); };
        return notice;
    }
    if (link.state == LinkState::Connecting) {
        notice.state = ViewState::NeverLoaded;
        offerToCancel(notice);
        return notice;
    }
    if (link.state == LinkState::Disconnected && !link.lastError.ok()) {
        return errorNotice(hub, link.lastError);
    }
    // There is nothing old to be kept on screen.
    notice.state = ViewState::NeverLoaded;
    return notice;
}

}  // namespace

QString nobodyJoined() {
    return text(QT_TRANSLATE_NOOP("ifrit::gui::presenters",
                                  "No machine has joined this cluster yet. Make a token with "
                                  "\"ifrit-master join-token\" and start ifrit-guard with it."));
}

ViewNotice judgeView(const ConnectionHub& hub, const ViewFacts& facts) {
    ViewNotice notice;
    if (!hub.hasSession()) {
        notice.state = ViewState::Empty;
        notice.sentence =
            text(QT_TRANSLATE_NOOP("ifrit::gui::presenters", "Not connected to any cluster."));
        notice.action = text(QT_TRANSLATE_NOOP("ifrit::gui::presenters", "Open Connections"));
        notice.does = NoticeAction::Connections;
        return notice;
    }
    if (!hub.isConnected()) return awayNotice(hub, facts);
    if (!facts.error.ok() && !facts.loaded) return errorNotice(hub, facts.error);
    if (!facts.loaded) {
        notice.state = ViewState::NeverLoaded;
        notice.sentence = text(QT_TRANSLATE_NOOP("ifrit::gui::presenters", "Loading."));
        notice.progress = facts.progress;
        offerToCancel(notice);
        return notice;
    }
    if (!facts.error.ok()) {
        // What came before stays; the failed refresh is told above it.
        notice = errorNotice(hub, facts.error);
        notice.state = ViewState::Partial;
        if (notice.does == NoticeAction::OfThePage)
            notice.action = text(QT_TRANSLATE_NOOP("ifrit::gui::presenters", "Try again"));
        return notice;
    }
    if (!facts.partial.isEmpty()) {
        notice.state = ViewState::Partial;
        notice.sentence = facts.partial;
        return notice;
    }
    if (facts.total == 0) {
        notice.state = ViewState::Empty;
        notice.sentence = facts.empty;
        notice.action = facts.firstAction;
        return notice;
    }
    if (facts.shown == 0) {
        notice.state = ViewState::EmptyByFilter;
        notice.sentence =
            text(QT_TRANSLATE_NOOP("ifrit::gui::presenters", "Nothing matches the filter."));
        notice.action = text(QT_TRANSLATE_NOOP("ifrit::gui::presenters", "Clear the filter"));
        return notice;
    }
    notice.state = ViewState::Ready;
    return notice;
}

}  // namespace ifrit::gui::presenters
