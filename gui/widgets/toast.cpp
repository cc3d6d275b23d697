// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/toast.h"

#include <QAccessible>
#include <QKeyEvent>
#include <QPainter>

#include <utility>

#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {
namespace {

constexpr int kShownMs = 6'000;
/// Somebody has to read it, decide, and get there.
constexpr int kOfferedMs = 12'000;
constexpr int kFromEdge = 18;
constexpr int kBelow = 10;  // above it a page has a margin of its own
constexpr int kPadding = 12;
constexpr int kWidest = 560;
/// More are old by the time that they are told; the log has them.
constexpr qsizetype kMostWaiting = 4;

}  // namespace

Toast::Toast(const Theme& theme, QWidget* parent)
    : QLabel(parent), m_theme(theme), m_undo(new QPushButton(this)) {
    setWordWrap(true);
    setTextFormat(Qt::PlainText);
    m_undo->setObjectName(QStringLiteral("undo"));
    m_undo->hide();
    hide();
    m_until.setSingleShot(true);
    connect(&m_until, &QTimer::timeout, this, &Toast::expire);
    connect(m_undo, &QPushButton::clicked, this, [this] {
        m_sentence = nullptr;
        finish();
        Q_EMIT undoWanted();
    });
    parent->installEventFilter(this);
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
    setContentsMargins(kPadding, kPadding, kPadding + aside, kPadding);
    const int room = std::min(kWidest, parentWidget()->width() - 2 * kFromEdge);
    const int wanted = fontMetrics().horizontalAdvance(text()) + 2 * kPadding + 4 + aside;
    const int wide = std::min(room, wanted);
    const int high = std::max(heightForWidth(wide), button.height() + kPadding);
    parentWidget()->setContentsMargins(0, 0, 0, high + kBelow);
    setGeometry((parentWidget()->width() - wide) / 2, parentWidget()->height() - high - kBelow,
                wide, high);
    m_undo->setGeometry(
        QRect(QPoint(wide - kPadding - button.width(), (high - button.height()) / 2), button));
}

void Toast::changeEvent(QEvent* event) {
    QLabel::changeEvent(event);
    if (event->type() != QEvent::LanguageChange || !offers() || isHidden()) return;
    const int left = m_until.remainingTime();
    show(m_sentence());
    if (left > 0) m_until.start(left);
}

bool Toast::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize && isVisible()) place();
    return QLabel::eventFilter(watched, event);
}

void Toast::hideEvent(QHideEvent* event) {
    QLabel::hideEvent(event);
    // Not where its window is put away: it comes back with it.
    if (isHidden()) parentWidget()->setContentsMargins(0, 0, 0, 0);
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
    painter.setBrush(m_theme.color(Token::Raised));
    painter.setPen(m_theme.color(Token::Muted));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
    painter.end();
    QLabel::paintEvent(event);
}

}  // namespace ifrit::gui::widgets
