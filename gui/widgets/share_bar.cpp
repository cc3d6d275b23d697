// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/share_bar.h"

#include <QPainter>
#include <QPainterPath>

#include "gui/models/text_format.h"
#include "gui/widgets/swatch_color.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {

ShareBar::ShareBar(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setMinimumWidth(156);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ShareBar::setShares(const QString& title, const QList<Share>& shares) {
    if (title == m_title && shares == m_shares) return;
    m_title = title;
    m_shares = shares;
    qint64 total = 0;
    for (const Share& share : shares)
        total += share.count;
    QStringList words;
    for (const Share& share : shares) {
        words << share.name + QLatin1Char(' ') +
                     models::percent(static_cast<double>(share.count), static_cast<double>(total));
    }
    m_words = words.join(QStringLiteral(" · "));
    setAccessibleName(title + QStringLiteral(": ") + m_words);
    setToolTip(m_words);
    update();
}

void ShareBar::setOld(bool old) {
    if (old == m_old) return;
    m_old = old;
    update();
}

void ShareBar::paintEvent(QPaintEvent*) {
    if (m_shares.isEmpty()) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(m_theme.textFont());
    painter.setPen(m_theme.color(Token::Muted));
    painter.drawText(QRect(0, 0, width(), 16), Qt::AlignVCenter, m_title);
    const QRectF bar(0, 19, width(), 11);
    QPainterPath shape;
    shape.addRoundedRect(bar, 3, 3);
    qint64 total = 0;
    for (const Share& share : m_shares)
        total += share.count;
    painter.save();
    painter.setClipPath(shape);
    if (m_old) painter.setOpacity(kOldOpacity);
    double x = 0;
    for (const Share& share : m_shares) {
        if (total <= 0) break;
        const double wide =
            bar.width() * static_cast<double>(share.count) / static_cast<double>(total);
        painter.fillRect(QRectF(x, bar.top(), wide, bar.height()),
                         seriesColor(m_theme, share.color));
        x += wide;
    }
    painter.restore();
    QFont small = m_theme.smallFont();
    small.setPixelSize(11);
    small.setStrikeOut(m_old);
    painter.setFont(small);
    painter.drawText(QRect(0, 32, width(), 14), Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(m_words, Qt::ElideRight, width()));
}

}  // namespace ifrit::gui::widgets
