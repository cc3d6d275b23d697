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
    connect(&releases, &presenters::ReleaseWatch::happened, this, &Notifier::happened);
}

void Notifier::say(const QString& title, const QString& sentence, std::function<void()> clicked) {
    if (!m_parts.wanted()) return;
    if (!m_parts.looking() && m_parts.bell.ring(title, sentence, std::move(clicked))) return;
    m_parts.tell(sentence);
}

void Notifier::happened(const presenters::ReleaseNotice& notice) {
    if (!ReleaseNoticeWords::wantsAttention(notice.kind)) return;
    const QString sentence = ReleaseNoticeWords::sentenceOf(notice);
    const QString id = models::toText(notice.info.release.id);
    say(ReleaseNoticeWords::lookOf(notice.kind).word, sentence,
        [this, id, whose = m_parts.cluster(), sentence] {
            // A release's number means another one in another cluster.
            if (m_parts.cluster() == whose) return m_parts.open(id);
            m_parts.tell(tr("%1: %2 The window is not connected to this cluster any more.")
                             .arg(whose, sentence));
        });
}

}  // namespace ifrit::gui::app
