// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/window_lines.h"

#include <QPainter>

#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {
namespace {

// Of the last line.
constexpr int kWordAt = 26;
constexpr int kBetween = 18;

QFont semibold(QFont font) {
    font.setWeight(QFont::DemiBold);
    return font;
}

/// Draws text and gives the x behind it.
int drawRun(QPainter& painter, int x, const QRect& line, const QString& text) {
    painter.drawText(QRect(x, line.top(), line.width() - x, line.height()), Qt::AlignVCenter, text);
    return x + painter.fontMetrics().horizontalAdvance(text);
}

}  // namespace

TitleLine::TitleLine(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setFixedHeight(32);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void TitleLine::setPlace(const QString& place) {
    m_place = place;
    update();
}

void TitleLine::setConnection(const QString& text, bool production) {
    m_connection = text;
    m_production = production;
    setAccessibleName(production ? tr("PRODUCTION %1").arg(text) : text);
    update();
}

void TitleLine::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Token::Raised));
    const int thick = m_production ? 3 : 1;
    painter.fillRect(QRect(0, height() - thick, width(), thick),
                     m_theme.color(m_production ? Token::Production : Token::Border));
    const QRect line = rect().adjusted(0, 0, 0, -2);
    painter.setFont(m_theme.smallFont());
    painter.setPen(m_theme.color(Token::Muted));
    const int x = drawRun(painter, 12, line, QStringLiteral("ifrit")) + 7;
    painter.setFont(semibold(m_theme.smallFont()));
    painter.setPen(m_theme.color(Token::Text));
    drawRun(painter, x, line, m_place);
    painter.setFont(m_theme.smallFont());
    painter.setPen(m_theme.color(Token::Muted));
    const int wide = painter.fontMetrics().horizontalAdvance(m_connection);
    drawRun(painter, width() - 14 - wide, line, m_connection);
    if (!m_production) return;
    const QString word = tr("PRODUCTION");
    painter.setFont(semibold(m_theme.smallFont()));
    painter.setPen(m_theme.color(Token::Production));
    drawRun(painter, width() - 22 - wide - painter.fontMetrics().horizontalAdvance(word), line,
            word);
}

StatusLine::StatusLine(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setFixedHeight(24);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void StatusLine::setConnection(const StatusLook& look) {
    m_look = look;
    setAccessibleName(look.word);
    update();
}

void StatusLine::setFacts(const QStringList& facts) {
    m_facts = facts;
    update();
}

void StatusLine::setOld(bool old) {
    m_old = old;
    update();
}

void StatusLine::setTimeZone(const QString& zone) {
    m_zone = zone;
    update();
}

void StatusLine::setCovered(int wide) {
    if (wide == m_covered) return;
    m_covered = wide;
    update();
}

int StatusLine::connectionWidth() const {
    return kWordAt + QFontMetrics(m_theme.smallFont()).horizontalAdvance(m_look.word) + kBetween;
}

void StatusLine::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), m_theme.color(Token::Raised));
    painter.fillRect(QRect(0, 0, width(), 1), m_theme.color(Token::Border));
    painter.setFont(m_theme.smallFont());
    const QColor color = m_theme.color(textToken(m_look.kind));
    paintShape(painter, m_look.kind, QRectF(12, (height() - 9) / 2.0, 9, 9), color);
    painter.setPen(color);
    int x = drawRun(painter, kWordAt, rect(), m_look.word) + kBetween;
    painter.setPen(m_theme.color(Token::Muted));
    QFont font = m_theme.smallFont();
    font.setStrikeOut(m_old);
    painter.setFont(font);
    for (const QString& fact : m_facts) {
        if (x + painter.fontMetrics().horizontalAdvance(fact) > width() - m_covered) return;
        x = drawRun(painter, x, rect(), fact) + kBetween;
    }
    painter.setFont(m_theme.smallFont());
    if (m_covered > 0) return;
    const QString right = m_zone + QStringLiteral("    ") + tr("? keys");
    painter.drawText(rect().adjusted(0, 0, -14, 0), Qt::AlignVCenter | Qt::AlignRight, right);
}

}  // namespace ifrit::gui::widgets
