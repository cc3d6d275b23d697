// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/cell_delegate.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include "gui/widgets/data_table.h"
#include "gui/widgets/status_look.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {
namespace {

/// What a state's shape takes before its word.
constexpr int kShape = 15;

}  // namespace

CellDelegate::CellDelegate(const Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent), m_theme(theme), m_text(theme) {
    connect(&theme, &Theme::changed, this, [this] { m_text.forget(); });
}

CellText::Face CellDelegate::faceOf(const QModelIndex& index) {
    if (index.data(StatusKindRole).isValid()) return CellText::Face::Strong;
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
    const bool old = table != nullptr && table->isOld();
    const bool muted = old || index.data(MutedRole).toBool();
    QColor color = m_theme.color(muted ? Token::Muted : Token::Text);
    const QVariant kindData = index.data(StatusKindRole);
    if (kindData.isValid()) {
        const auto kind = static_cast<StatusKind>(kindData.toInt());
        if (!old) color = m_theme.color(textToken(kind));
        paintShape(*painter, kind, QRectF(text.left(), text.center().y() - 4.0, 9, 9), color);
        text.setLeft(text.left() + kShape);
    }
    painter->setPen(color);
    const QVariant alignment = index.data(Qt::TextAlignmentRole);
    m_text.draw(
        *painter, text,
        alignment.isValid() ? Qt::Alignment(alignment.toInt()) : Qt::AlignLeft | Qt::AlignVCenter,
        index.data().toString(), faceOf(index));
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

QSize CellDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
    const CellText::Face face = faceOf(index);
    const int wide = m_text.width(index.data().toString(), face);
    return {wide + 2 * kPadding + (face == CellText::Face::Strong ? kShape + 2 : 2), kRowHeight};
}

}  // namespace ifrit::gui::widgets
