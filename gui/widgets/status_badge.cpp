// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/status_badge.h"

#include <QPainter>

#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {
namespace {

constexpr int kHeight = 22;
constexpr int kShape = 9;
constexpr int kPadding = 9;

QFont badgeFont(const Theme& theme) {
    QFont font = theme.smallFont();
    font.setWeight(QFont::DemiBold);
    return font;
}

}  // namespace

StatusBadge::StatusBadge(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void StatusBadge::setLook(const StatusLook& look) {
    m_look = look;
    setAccessibleName(look.word);
    updateGeometry();
    update();
}

void StatusBadge::setOld(bool old) {
    if (old == m_old) return;
    m_old = old;
    update();
}

QSize StatusBadge::sizeHint() const {
    const QFontMetrics metrics(badgeFont(m_theme));
    return {metrics.horizontalAdvance(m_look.word) + kShape + 5 + 2 * kPadding, kHeight};
}

void StatusBadge::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor color = m_theme.color(m_old ? Token::Muted : textToken(m_look.kind));
    painter.setPen(QPen(color, 1.2));
    painter.setBrush(Qt::NoBrush);
    const QRectF box = QRectF(rect()).adjusted(0.6, 0.6, -0.6, -0.6);
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2);
    paintShape(painter, m_old ? StatusKind::None : m_look.kind,
               QRectF(kPadding, (height() - kShape) / 2.0, kShape, kShape), color);
    QFont font = badgeFont(m_theme);
    font.setStrikeOut(m_old);
    painter.setFont(font);
    painter.drawText(QRectF(kPadding + kShape + 5, 0, width(), height()),
                     Qt::AlignVCenter | Qt::AlignLeft, m_look.word);
}

}  // namespace ifrit::gui::widgets
