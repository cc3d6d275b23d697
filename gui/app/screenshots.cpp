// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/screenshots.h"

#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QFileInfo>
#include <QPainter>

#include <cstdio>

#include "gui/app/language.h"

namespace ifrit::gui::app {
namespace {

constexpr int kPollMs = 100;
/// What arrives is drawn with the next turns of the event loop.
constexpr int kSettleMs = 700;
constexpr int kLimitMs = 20'000;

/// The innermost first.
QList<QDialog*> dialogsOver(const QWidget& window) {
    QList<QDialog*> out;
    for (QWidget* top = QApplication::activeModalWidget(); top != nullptr && top != &window;
         top = top->parentWidget() == nullptr ? nullptr : top->parentWidget()->window()) {
        if (auto* dialog = qobject_cast<QDialog*>(top)) out << dialog;
    }
    return out;
}

}  // namespace

Screenshots::Screenshots(Desktop& desktop, widgets::Theme& theme, MainWindow& window,
                         PictureWishes wishes)
    : m_theme(theme), m_window(window), m_wishes(std::move(wishes)), m_scenes(desktop, window) {
    m_poll.setInterval(kPollMs);
    connect(&m_poll, &QTimer::timeout, this, &Screenshots::poll);
}

void Screenshots::start() {
    QDir().mkpath(m_wishes.directory);
    // Pictures are of one size, whatever the screen.
    m_window.resize(1440, 900);
    queue(false);
    queue(true);
    next();
}

void Screenshots::queue(bool leavingTraces) {
    const auto& scenes = m_scenes.all();
    for (const QString& language : m_wishes.languages) {
        for (const widgets::ThemeChoice theme : m_wishes.themes) {
            for (std::size_t i = 0; i < scenes.size(); ++i) {
                const bool wanted =
                    m_wishes.scenes.isEmpty() || m_wishes.scenes.contains(scenes[i].name);
                if (wanted && scenes[i].leavesTraces == leavingTraces)
                    m_shots.append({i, language, theme});
            }
        }
    }
}

void Screenshots::next() {
    if (m_shots.isEmpty()) {
        Q_EMIT finished(0);
        return;
    }
    const Shot shot = m_shots.takeFirst();
    // Each makes every widget anew in its look.
    if (!m_shot || m_shot->theme != shot.theme) m_theme.choose(shot.theme);
    if (!m_shot || m_shot->language != shot.language) chooseLanguage(shot.language);
    m_shot = shot;
    m_arranged = false;
    m_waitedMs = 0;
    m_scenes.reset();
    m_poll.start();
}

void Screenshots::poll() {
    m_scenes.warmUp();
    if (!m_wishes.begin.isEmpty() && !QFileInfo::exists(m_wishes.begin)) return;
    m_waitedMs += kPollMs;
    const PictureScenes::Scene& scene = m_scenes.all()[m_shot->scene];
    if (!m_arranged && scene.isReady()) {
        m_arranged = true;
        m_waitedMs = 0;
        // From the event loop: a dialog has one of its own, in which this timer must go on.
        QTimer::singleShot(0, this, scene.arrange);
        return;
    }
    if (m_arranged && m_waitedMs >= kSettleMs && scene.isShown()) {
        m_poll.stop();
        take();
    } else if (m_waitedMs >= kLimitMs) {
        m_poll.stop();
        fail(QStringLiteral("%1 showed nothing within %2 s")
                 .arg(nameOf(*m_shot))
                 .arg(kLimitMs / 1'000));
    }
}

QString Screenshots::nameOf(const Shot& shot) const {
    // English is what documents without a language show.
    const QString suffix =
        shot.language == QLatin1String("en") ? QString() : QLatin1Char('-') + shot.language;
    return m_scenes.all()[shot.scene].name +
           (shot.theme == widgets::ThemeChoice::Dark ? QStringLiteral("-dark")
                                                     : QStringLiteral("-light")) +
           suffix;
}

QPixmap Screenshots::picture() const {
    QPixmap out = m_window.grab();
    QPainter painter(&out);
    const QList<QDialog*> dialogs = dialogsOver(m_window);
    for (auto at = dialogs.rbegin(); at != dialogs.rend(); ++at) {
        const QPoint place = (*at)->geometry().topLeft() - m_window.geometry().topLeft();
        painter.drawPixmap(place, (*at)->grab());
        // What the system's frame would be.
        painter.setPen(m_theme.color(widgets::Token::Muted));
        painter.drawRect(QRect(place, (*at)->size()).adjusted(-1, -1, 0, 0));
    }
    return out;
}

void Screenshots::take() {
    const QString path = QStringLiteral("%1/%2.png").arg(m_wishes.directory, nameOf(*m_shot));
    if (!picture().save(path)) return fail(QStringLiteral("cannot write ") + path);
    for (QDialog* dialog : dialogsOver(m_window))
        dialog->reject();
    // When those have returned to who had opened them.
    QTimer::singleShot(0, this, &Screenshots::next);
}

void Screenshots::fail(const QString& why) {
    std::fprintf(stderr, "ifrit-desktop: %s\n", why.toUtf8().constData());
    for (QDialog* dialog : dialogsOver(m_window))
        dialog->reject();
    Q_EMIT finished(1);
}

}  // namespace ifrit::gui::app
