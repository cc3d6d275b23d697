// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/map/legend_button.h"

#include <QPainter>

#include "gui/models/text_format.h"
#include "gui/widgets/status_look.h"
#include "gui/widgets/swatch_color.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {

using widgets::Token;

LegendButton::LegendButton(const widgets::Theme& theme, QWidget* parent)
    : QAbstractButton(parent), m_theme(theme) {
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &widgets::Theme::changed, this, qOverload<>(&QWidget::update));
}

void LegendButton::setEntry(const models::MapSwatch& swatch, const QString& word, qint64 machines,
                            bool chosen) {
    m_swatch = swatch;
    m_chosen = chosen;
    m_word = word + QLatin1Char(' ');
    m_count = models::grouped(machines);
    setText(m_word + m_count);
    setAccessibleName(text());
    setAccessibleDescription(swatch.faded ? tr("Old: of before the contact was lost.") : QString());
    updateGeometry();
    update();
}

QSize LegendButton::sizeHint() const {
    return {QFontMetrics(m_theme.smallFont()).horizontalAdvance(text()) + 44, 24};
}

void LegendButton::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_chosen || hasFocus()) {
        painter.setPen(QPen(m_theme.color(Token::Accent), 1));
        painter.setBrush(m_chosen ? m_theme.color(Token::AccentBg) : QColor(Qt::transparent));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
    }
    painter.fillRect(QRect(7, 8, 9, 9), widgets::swatchColor(m_theme, m_swatch));
    const QColor ink = m_theme.color(m_swatch.faded  ? Token::Muted
                                     : m_swatch.kind ? widgets::textToken(*m_swatch.kind)
                                                     : Token::Text);
    if (m_swatch.kind) widgets::paintShape(painter, *m_swatch.kind, QRectF(21, 8, 9, 9), ink);
    QFont font = m_theme.smallFont();
    painter.setFont(font);
    painter.setPen(ink);
    const QRect words = rect().adjusted(m_swatch.kind ? 35 : 22, 0, 0, 0);
    painter.drawText(words, Qt::AlignVCenter, m_word);
    const int wide = painter.fontMetrics().horizontalAdvance(m_word);
    font.setStrikeOut(m_swatch.faded);
    painter.setFont(font);
    painter.drawText(words.adjusted(wide, 0, 0, 0), Qt::AlignVCenter, m_count);
}

void LegendButton::mouseDoubleClickEvent(QMouseEvent*) {
    Q_EMIT opened();
}

}  // namespace ifrit::gui::pages
