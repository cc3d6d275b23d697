// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/cell_delegate.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QLineEdit>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

#include "gui/widgets/data_table.h"
#include "gui/widgets/status_look.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {
namespace {

/// What a state's shape takes before its word.
constexpr int kShape = 15;
/// Beside a word in a frame.
constexpr int kFramePadding = 6;
/// Over and under lines: one of them stands as if it were alone in its row.
constexpr int kLinesPadding = 5;

}  // namespace

CellDelegate::CellDelegate(const Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent), m_theme(theme), m_text(theme) {
    connect(&theme, &Theme::changed, this, [this] { m_text.forget(); });
}

CellText::Face CellDelegate::faceOf(const QModelIndex& index) {
    if (index.data(StatusKindRole).isValid() || index.data(models::StrongRole).toBool() ||
        index.data(models::FramedRole).toBool()) {
        return CellText::Face::Strong;
    }
    return index.data(MonospaceRole).toBool() ? CellText::Face::Monospace : CellText::Face::Text;
}

void CellDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const {
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    painter->save();
    painter->fillRect(option.rect, m_theme.color(selected ? Token::AccentBg : Token::Surface));
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
                      m_theme.color(Token::Border));
    QRect text = option.rect.adjusted(kPadding, 0, -kPadding, 0);
    const auto* table = qobject_cast<const DataTable*>(option.widget);
    // Beside cells of several lines the others stand at the first.
    if (table != nullptr && table->wraps()) text.setHeight(kRowHeight);
    const auto alignment = Qt::Alignment(index.data(Qt::TextAlignmentRole).toInt());
    if (table != nullptr && alignment.testFlag(Qt::AlignRight))
        text.setRight(text.right() - table->widthUnderButton(index.column()));
    const bool old = table != nullptr && table->isOld();
    const bool muted = old || index.data(MutedRole).toBool();
    QColor color = m_theme.color(muted ? Token::Muted : Token::Text);
    const QVariant kindData = index.data(StatusKindRole);
    // What was said of the past stands; what was a state then need not be one now.
    const bool over = old && kindData.isValid() && !table->holdsPast();
    if (kindData.isValid()) {
        const auto kind = over ? StatusKind::None : static_cast<StatusKind>(kindData.toInt());
        if (!old) color = m_theme.color(textToken(kind));
        paintShape(*painter, kind, QRectF(text.left(), text.center().y() - 4.0, 9, 9), color);
        text.setLeft(text.left() + kShape);
    }
    if (index.data(models::FramedRole).toBool()) {
        if (!old) color = m_theme.color(Token::Production);
        paintFrame(*painter, text, index.data().toString(), color);
        text.adjust(kFramePadding, 0, -kFramePadding, 0);
    }
    painter->setPen(color);
    paintText(*painter, table != nullptr && table->wraps(index) ? option.rect : text, index,
              table != nullptr && table->wraps(index),
              over ? CellText::Line::Through : CellText::Line::None);
    // Where the keyboard is. Qt gives the mark to the table that has it alone.
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(m_theme.color(Token::Accent));
        painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
    painter->restore();
}

// What the column's width cuts off can be read all the same.
bool CellDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view,
                             const QStyleOptionViewItem& option, const QModelIndex& index) {
    const bool told = index.data(Qt::ToolTipRole).isValid();
    if (told || sizeHint(option, index).width() <= option.rect.width()) {
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    }
    QToolTip::showText(event->globalPos(), index.data().toString(), view);
    return true;
}

void CellDelegate::paintText(QPainter& painter, const QRect& cell, const QModelIndex& index,
                             bool inLines, CellText::Line line) const {
    const QString text = index.data().toString();
    if (inLines) {
        m_text.drawLines(painter, cell.adjusted(kPadding, kLinesPadding, -kPadding, 0), text,
                         faceOf(index));
        return;
    }
    const QVariant alignment = index.data(Qt::TextAlignmentRole);
    m_text.draw(
        painter, cell,
        alignment.isValid() ? Qt::Alignment(alignment.toInt()) : Qt::AlignLeft | Qt::AlignVCenter,
        text, faceOf(index), line);
}

int CellDelegate::heightOfLines(const QModelIndex& index, int width) const {
    const int lines =
        m_text.heightOfLines(index.data().toString(), faceOf(index), width - 2 * kPadding);
    return std::max(kRowHeight, lines + 2 * kLinesPadding);
}

// Around the word, as high as a row allows.
void CellDelegate::paintFrame(QPainter& painter, const QRect& cell, const QString& word,
                              const QColor& color) const {
    constexpr int kGap = 4;
    constexpr double kRadius = 3;
    const int wide = m_text.width(word, CellText::Face::Strong) + 2 * kFramePadding;
    const QRectF frame(cell.left() + 0.5, cell.top() + kGap + 0.5, std::min(wide, cell.width()) - 1,
                       cell.height() - 2 * kGap - 2);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(color);
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(frame, kRadius, kRadius);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

QWidget* CellDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem& option,
                                    const QModelIndex& index) const {
    QWidget* editor = QStyledItemDelegate::createEditor(parent, option, index);
    if (editor != nullptr)
        editor->setAccessibleName(
            index.model()->headerData(index.column(), Qt::Horizontal).toString());
    return editor;
}

// The view offers the cell's text anew with each change of it: not over what somebody types.
void CellDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const {
    const auto* line = qobject_cast<const QLineEdit*>(editor);
    if (line == nullptr || !line->isModified()) QStyledItemDelegate::setEditorData(editor, index);
}

int CellDelegate::widthOf(const QString& text) const {
    return m_text.width(text, CellText::Face::Text) + 2 * kPadding + 2;
}

QSize CellDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
    const CellText::Face face = faceOf(index);
    const int wide = m_text.width(index.data().toString(), face);
    return {wide + 2 * kPadding + (face == CellText::Face::Strong ? kShape + 2 : 2), kRowHeight};
}

}  // namespace ifrit::gui::widgets
