// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/notifier.h"

#include <QIcon>
#include <QSystemTrayIcon>

namespace ifrit::gui::app {

using presenters::ReleaseNoticeWords;

bool TrayBell::ring(const QString& title, const QString& text, std::function<void()> clicked) {
    if (!QSystemTrayIcon::isSystemTrayAvailable() || !QSystemTrayIcon::supportsMessages())
        return false;
    if (m_icon == nullptr) {
        m_icon = new QSystemTrayIcon(QIcon(QStringLiteral(":/icons/ifrit.svg")), this);
        connect(m_icon, &QSystemTrayIcon::messageClicked, this, [this] {
            if (m_clicked) m_clicked();
        });
        m_icon->show();
    }
    m_clicked = std::move(clicked);
    m_icon->showMessage(title, text);
    return true;
}

Notifier::Notifier(presenters::ReleaseWatch& releases, Parts parts, QObject* parent)
    : QObject(parent), m_parts(std::move(parts)) {
    connect(&releases, &presenters::ReleaseWatch::happened, this,
            [this](const presenters::ReleaseNotice& notice) {
                happened(notice, m_parts.cluster(),
                         tr("%1.", "ends a sentence").arg(ReleaseNoticeWords::sentenceOf(notice)));
            });
}

void Notifier::follow(presenters::FleetNotices& others) {
    connect(&others, &presenters::FleetNotices::happened, this,
            [this](const presenters::ClusterNotice& notice) {
                happened(notice.release, {notice.cluster, notice.bundlePath},
                         tr("%1: %2.", "a cluster, and what happened there")
                             .arg(notice.cluster, ReleaseNoticeWords::sentenceOf(notice.release)));
            });
}

void Notifier::say(const QString& title, const QString& sentence, std::function<void()> clicked) {
    if (!m_parts.wanted()) return;
    const auto act = [this, clicked = std::move(clicked)] {
        clicked();
        if (m_rung < 2) return;
        m_parts.tell(
            tr("This is what the newest notification was about: the desktop does not tell "
               "which one was clicked. Events has them all."));
    };
    if (!m_parts.looking() && m_parts.bell.ring(title, sentence, act)) {
        ++m_rung;
    } else {
        m_parts.tell(sentence);
    }
}

void Notifier::happened(const presenters::ReleaseNotice& notice, const Cluster& cluster,
                        const QString& sentence) {
    const QString id = models::toText(notice.info.release.id);
    const auto said = m_said.find({cluster.bundlePath, id});
    if (said != m_said.end()) {
        m_parts.takeBack(said->second);
        m_said.erase(said);
    }
    if (!ReleaseNoticeWords::wantsAttention(notice.kind)) return;
    if (!notice.info.ended()) m_said[{cluster.bundlePath, id}] = sentence;
    // A release's number means another one in another cluster: it is opened where it is.
    say(ReleaseNoticeWords::lookOf(notice.kind).word, sentence,
        [this, cluster, id] { m_parts.open(cluster, id); });
}

}  // namespace ifrit::gui::app
