// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/cluster_tile.h"

#include <QPainter>
#include <QPainterPath>
#include <QResizeEvent>

#include "gui/models/text_format.h"
#include "gui/widgets/status_look.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {

using models::grouped;

ClusterTile::ClusterTile(const Theme& theme, QWidget* parent)
    : QAbstractButton(parent), m_theme(theme) {
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    // Narrower, its words lie over each other.
    setMinimumWidth(240);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ClusterTile::setCard(const models::ClusterCard& card) {
    if (card == m_card) return;
    m_card = card;
    setAccessibleName(
        card.known ? tr("%1: %2, %3 machine(s), %4 healthy", "", models::pluralOf(card.machines))
                         .arg(card.name, card.look.word, grouped(card.machines), card.share)
                   : tr("%1: %2", "a cluster and its state").arg(card.name, card.look.word));
    setToolTip(card.note);
    setAccessibleDescription(card.note);
    updateGeometry();
    update();
}

bool ClusterTile::wordFits() const {
    QFont strong = m_theme.textFont();
    strong.setWeight(QFont::DemiBold);
    const QFontMetrics metrics(strong);
    constexpr int kAround = 68;  // margins, shape, gap
    return metrics.horizontalAdvance(m_card.name) + metrics.horizontalAdvance(m_card.look.word) +
               kAround <
           width();
}

void ClusterTile::resizeEvent(QResizeEvent* event) {
    QAbstractButton::resizeEvent(event);
    if (event->oldSize().width() != width()) updateGeometry();
}

void ClusterTile::paintFrame(QPainter& painter) const {
    const QRectF box = QRectF(rect()).adjusted(1, 1, -1, -1);
    QPainterPath shape;
    shape.addRoundedRect(box, 8, 8);
    painter.fillPath(shape, m_theme.color(Token::Surface));
    painter.save();
    painter.setClipPath(shape);
    if (m_card.old) {
        QPen stripes(m_theme.color(Token::Raised), 9);
        painter.setPen(stripes);
        for (int x = -height(); x < width() + height(); x += 24)
            painter.drawLine(x, height() + 4, x + height() + 8, -4);
    }
    painter.fillRect(QRectF(box.left(), box.top(), 5, box.height()),
                     m_theme.color(fillToken(m_card.look.kind)));
    painter.restore();
    const bool marked = m_card.chosen || hasFocus();
    painter.setPen(QPen(m_theme.color(marked ? Token::Accent : Token::Border), marked ? 1.6 : 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(shape);
}

void ClusterTile::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintFrame(painter);
    QFont strong = m_theme.textFont();
    strong.setWeight(QFont::DemiBold);
    const QRect top(18, 12, width() - 32, 20);
    painter.setFont(strong);
    painter.setPen(m_theme.color(Token::Text));
    painter.drawText(top, Qt::AlignVCenter | Qt::AlignLeft, m_card.name);
    const QColor color = m_theme.color(textToken(m_card.look.kind));
    painter.setPen(color);
    const int wide = painter.fontMetrics().horizontalAdvance(m_card.look.word);
    const bool fits = wordFits();
    const QRect line = fits ? top : top.translated(0, 56);
    painter.drawText(line, Qt::AlignVCenter | (fits ? Qt::AlignRight : Qt::AlignLeft),
                     fits ? m_card.look.word : QStringLiteral("    ") + m_card.look.word);
    const double shapeLeft = fits ? line.right() - wide - 15 : line.left();
    paintShape(painter, m_card.look.kind, QRectF(shapeLeft, line.center().y() - 4, 9, 9), color);
    QFont figure = m_theme.figureFont();
    figure.setPixelSize(17);
    figure.setStrikeOut(m_card.old && m_card.known);
    painter.setFont(figure);
    painter.setPen(m_theme.color(m_card.old ? Token::Muted : Token::Text));
    const QRect middle(18, 38, width() - 32, 24);
    const QString machines = m_card.known ? grouped(m_card.machines) : QStringLiteral("–");
    painter.drawText(middle, Qt::AlignVCenter | Qt::AlignLeft, machines);
    const int figureWide = painter.fontMetrics().horizontalAdvance(machines);
    figure.setStrikeOut(false);
    painter.setFont(figure);
    painter.drawText(middle, Qt::AlignVCenter | Qt::AlignRight, m_card.share);
    painter.setFont(m_theme.textFont());
    painter.setPen(m_theme.color(Token::Muted));
    painter.drawText(middle.adjusted(figureWide + 10, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
                     tr("machine(s)", "", models::pluralOf(m_card.machines)));
}

}  // namespace ifrit::gui::widgets
