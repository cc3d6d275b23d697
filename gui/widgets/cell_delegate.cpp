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
    QFont font = index.data(MonospaceRole).toBool() ? m_theme.monospaceFont() : m_theme.textFont();
    const QVariant kindData = index.data(StatusKindRole);
    if (kindData.isValid()) {
        const auto kind = static_cast<StatusKind>(kindData.toInt());
        if (!old) color = m_theme.color(textToken(kind));
        paintShape(*painter, kind, QRectF(text.left(), text.center().y() - 4.0, 9, 9), color);
        text.setLeft(text.left() + 15);
        font.setWeight(QFont::DemiBold);
    }
    painter->setFont(font);
    painter->setPen(color);
    const int alignment = index.data(Qt::TextAlignmentRole).toInt();
    const QString shown =
        painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, text.width());
    painter->drawText(text, alignment != 0 ? alignment : int(Qt::AlignLeft | Qt::AlignVCenter),
                      shown);
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
    QFont font = index.data(MonospaceRole).toBool() ? m_theme.monospaceFont() : m_theme.textFont();
    const bool status = index.data(StatusKindRole).isValid();
    if (status) font.setWeight(QFont::DemiBold);
    const int wide = QFontMetrics(font).horizontalAdvance(index.data().toString());
    return {wide + 2 * kPadding + (status ? 17 : 2), kRowHeight};
}

}  // namespace ifrit::gui::widgets
