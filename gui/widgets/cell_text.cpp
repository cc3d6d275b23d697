// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/cell_text.h"

#include <QFontMetrics>
#include <QGuiApplication>
#include <QPainter>
#include <QStyle>

#include <algorithm>
#include <cmath>

#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {

const QFont& CellText::fontOf(Face face) {
    std::optional<QFont>& kept = m_fonts[static_cast<std::size_t>(face)];
    if (!kept) {
        kept = face == Face::Monospace ? m_theme.monospaceFont() : m_theme.textFont();
        if (face == Face::Strong) kept->setWeight(QFont::DemiBold);
    }
    return *kept;
}

QString CellText::cut(const Key& key) {
    if (key.room == kWhole || key.isLines) return key.text;
    const bool isName = key.face == Face::Monospace && !key.text.contains(QLatin1Char(' '));
    return QFontMetrics(fontOf(key.face))
        .elidedText(key.text, isName ? Qt::ElideMiddle : Qt::ElideRight, key.room);
}

const QStaticText& CellText::laidOut(const Key& key) {
    if (const QStaticText* found = m_texts.object(key)) return *found;
    const QFont& font = fontOf(key.face);
    auto* made = new QStaticText(cut(key));
    made->setTextFormat(Qt::PlainText);
    made->setPerformanceHint(QStaticText::AggressiveCaching);
    QTextOption option;
    option.setWrapMode(key.isLines ? QTextOption::WrapAtWordBoundaryOrAnywhere
                                   : QTextOption::NoWrap);
    made->setTextOption(option);
    if (key.isLines) made->setTextWidth(key.room);
    made->prepare({}, font);
    m_texts.insert(key, made);
    return *made;
}

int CellText::width(const QString& text, Face face) {
    return static_cast<int>(std::ceil(laidOut({text, face}).size().width()));
}

void CellText::draw(QPainter& painter, const QRect& rect, Qt::Alignment alignment,
                    const QString& text, Face face, Line line) {
    if (text.isEmpty() || rect.width() <= 0) return;
    const bool fits = width(text, face) <= rect.width();
    const QStaticText& shown = laidOut({text, face, fits ? kWhole : rect.width()});
    const QRect at = QStyle::alignedRect(QGuiApplication::layoutDirection(), alignment,
                                         shown.size().toSize(), rect);
    painter.setFont(fontOf(face));
    painter.drawStaticText(at.topLeft(), shown);
    if (line == Line::None) return;
    // By hand: with a font that strikes out each text would be laid out anew.
    const QFontMetrics metrics(fontOf(face));
    painter.fillRect(QRect(at.left(), at.top() + metrics.ascent() - metrics.strikeOutPos(),
                           at.width(), std::max(1, metrics.lineWidth())),
                     painter.pen().color());
}

void CellText::drawLines(QPainter& painter, const QRect& rect, const QString& text, Face face) {
    if (text.isEmpty() || rect.width() <= 0) return;
    painter.setFont(fontOf(face));
    painter.drawStaticText(rect.topLeft(), laidOut({text, face, rect.width(), true}));
}

int CellText::heightOfLines(const QString& text, Face face, int width) {
    if (width <= 0) return 0;
    return static_cast<int>(std::ceil(laidOut({text, face, width, true}).size().height()));
}

void CellText::forget() {
    m_fonts = {};
    m_texts.clear();
}

}  // namespace ifrit::gui::widgets
