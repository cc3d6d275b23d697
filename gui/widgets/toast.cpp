// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/toast.h"

#include <QEvent>
#include <QPainter>

#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {
namespace {

constexpr int kShownMs = 6'000;
constexpr int kFromEdge = 18;
constexpr int kWidest = 560;

}  // namespace

Toast::Toast(const Theme& theme, QWidget* parent) : QLabel(parent), m_theme(theme) {
    setWordWrap(true);
    setTextFormat(Qt::PlainText);
    setMargin(12);
    hide();
    m_until.setSingleShot(true);
    m_until.setInterval(kShownMs);
    connect(&m_until, &QTimer::timeout, this, &QWidget::hide);
    parent->installEventFilter(this);
}

void Toast::tell(const QString& sentence) {
    setText(sentence);
    setAccessibleName(sentence);
    place();
    show();
    raise();
    m_until.start();
}

void Toast::place() {
    const int room = std::min(kWidest, parentWidget()->width() - 2 * kFromEdge);
    const int wanted = fontMetrics().horizontalAdvance(text()) + 2 * margin() + 4;
    const int wide = std::min(room, wanted);
    const int high = heightForWidth(wide);
    setGeometry((parentWidget()->width() - wide) / 2, parentWidget()->height() - high - kFromEdge,
                wide, high);
}

bool Toast::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize && isVisible()) place();
    return QLabel::eventFilter(watched, event);
}

void Toast::mousePressEvent(QMouseEvent*) {
    hide();
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
