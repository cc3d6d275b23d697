// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/toast.h"

#include <QAccessible>
#include <QKeyEvent>
#include <QPainter>

#include <utility>

#include "gui/widgets/theme.h"
#include "gui/widgets/window_lines.h"

namespace ifrit::gui::widgets {
namespace {

constexpr int kShownMs = 6'000;
/// Somebody has to read it, decide, and get there.
constexpr int kOfferedMs = 12'000;
constexpr int kFromEdge = 6;
constexpr int kPadding = 10;
/// More are old by the time that they are told; the log has them.
constexpr qsizetype kMostWaiting = 4;

}  // namespace

Toast::Toast(const Theme& theme, StatusLine& line, QWidget& above)
    : QLabel(line.parentWidget()),
      m_theme(theme),
      m_line(line),
      m_above(above),
      m_undo(new QPushButton(this)) {
    setWordWrap(true);
    setTextFormat(Qt::PlainText);
    m_undo->setObjectName(QStringLiteral("undo"));
    m_undo->setProperty("look", QLatin1String("link"));
    m_undo->hide();
    hide();
    m_until.setSingleShot(true);
    connect(&m_until, &QTimer::timeout, this, &Toast::expire);
    connect(m_undo, &QPushButton::clicked, this, [this] {
        m_sentence = nullptr;
        finish();
        Q_EMIT undoWanted();
    });
    line.installEventFilter(this);
}

void Toast::inform(const QString& sentence) {
    if (!offers() || isHidden()) return tell(sentence);
    m_waiting << sentence;
    if (m_waiting.size() > kMostWaiting) m_waiting.removeFirst();
}

void Toast::tell(const QString& sentence) {
    endOffer();
    m_until.setInterval(kShownMs);
    show(sentence);
}

void Toast::offer(std::function<QString()> sentence) {
    endOffer();
    m_sentence = std::move(sentence);
    m_until.setInterval(kOfferedMs);
    show(m_sentence());
}

void Toast::show(const QString& sentence) {
    setText(sentence);
    setAccessibleName(sentence);
    m_undo->setText(tr("Undo"));
    m_undo->setAccessibleName(tr("Undo: %1").arg(sentence));
    m_undo->setVisible(offers());
    place();
    QLabel::show();
    raise();
    m_until.start();
    QAccessibleEvent said(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&said);
}

void Toast::endOffer() {
    if (std::exchange(m_sentence, nullptr)) Q_EMIT offerEnded();
}

void Toast::takeBack(const QString& sentence) {
    m_waiting.removeAll(sentence);
    if (!offers() && !isHidden() && text() == sentence) finish();
}

void Toast::withdraw() {
    if (std::exchange(m_sentence, nullptr)) finish();
}

void Toast::finish() {
    m_until.stop();
    hide();
    if (!m_waiting.isEmpty()) tell(m_waiting.takeFirst());
}

void Toast::expire() {
    if (offers() && (underMouse() || m_undo->hasFocus())) {
        m_until.start();
        return;
    }
    endOffer();
    finish();
}

void Toast::place() {
    const QSize button = offers() ? m_undo->sizeHint() : QSize(0, 0);
    const int aside = offers() ? button.width() + kPadding : 0;
    setContentsMargins(kPadding, 0, kPadding + aside, 0);
    const QRect line = m_line.geometry();
    // Who is connected, and whether, stays in sight.
    const int room = line.width() - m_line.connectionWidth() - kFromEdge;
    const int wanted = fontMetrics().horizontalAdvance(text()) + 2 * kPadding + 4 + aside;
    const int wide = std::min(room, wanted);
    const int high = std::max(line.height(), wanted > room ? heightForWidth(wide) : 0);
    m_above.setContentsMargins(0, 0, 0, high - line.height());
    setGeometry(line.right() + 1 - kFromEdge - wide, line.bottom() + 1 - high, wide, high);
    m_line.setCovered(kFromEdge + wide);
    m_undo->setGeometry(wide - kPadding - button.width(), (high - button.height()) / 2,
                        button.width(), button.height());
}

void Toast::changeEvent(QEvent* event) {
    QLabel::changeEvent(event);
    if (event->type() != QEvent::LanguageChange || !offers() || isHidden()) return;
    const int left = m_until.remainingTime();
    show(m_sentence());
    if (left > 0) m_until.start(left);
}

bool Toast::eventFilter(QObject* watched, QEvent* event) {
    const bool moved = event->type() == QEvent::Resize || event->type() == QEvent::Move;
    if (moved && isVisible()) place();
    return QLabel::eventFilter(watched, event);
}

void Toast::hideEvent(QHideEvent* event) {
    QLabel::hideEvent(event);
    // Not where its window is put away: it comes back with it.
    if (!isHidden()) return;
    m_above.setContentsMargins(0, 0, 0, 0);
    m_line.setCovered(0);
}

void Toast::keyPressEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_Escape) return QLabel::keyPressEvent(event);
    endOffer();
    finish();
}

void Toast::mousePressEvent(QMouseEvent*) {
    endOffer();
    finish();
    Q_EMIT clicked();
}

void Toast::paintEvent(QPaintEvent* event) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    // Told from the line that it lies over.
    painter.setBrush(m_theme.color(Token::Surface));
    painter.setPen(m_theme.color(Token::Text));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    painter.end();
    QLabel::paintEvent(event);
}

}  // namespace ifrit::gui::widgets
