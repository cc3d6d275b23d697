// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QStringList>

#include "gui/widgets/data_table.h"
#include "gui/widgets/page_stack.h"

namespace ifrit::tests {

/// Text that is wider or taller than the widget that shows it, and nothing says so by an ellipsis.
inline QString clipping(const QWidget& widget) {
    if (const auto* label = qobject_cast<const QLabel*>(&widget)) {
        if (label->text().isEmpty()) return {};
        const bool clipped = label->wordWrap()
                                 ? label->heightForWidth(label->width()) > label->height()
                                 : label->sizeHint().width() > label->width();
        if (clipped) return QStringLiteral("clipped label \"%1\"").arg(label->text());
    }
    const auto* button = qobject_cast<const QAbstractButton*>(&widget);
    if (button != nullptr && !button->text().isEmpty() &&
        (button->sizeHint().width() > button->width() ||
         button->sizeHint().height() > button->height())) {
        return QStringLiteral("clipped button \"%1\", %2 x %3 for %4 x %5")
            .arg(button->text())
            .arg(button->width())
            .arg(button->height())
            .arg(button->sizeHint().width())
            .arg(button->sizeHint().height());
    }
    const auto* line = qobject_cast<const QLineEdit*>(&widget);
    if (line != nullptr && line->text().isEmpty() &&
        line->fontMetrics().horizontalAdvance(line->placeholderText()) > line->width() - 8) {
        return QStringLiteral("clipped placeholder \"%1\"").arg(line->placeholderText());
    }
    if (const auto* table = qobject_cast<const gui::widgets::DataTable*>(&widget)) {
        const QHeaderView* header = table->horizontalHeader();
        for (int column = 0; table->model() != nullptr && column < header->count(); ++column) {
            if (header->isSectionHidden(column)) continue;
            const QString text = table->model()->headerData(column, Qt::Horizontal).toString();
            QFont font = header->font();
            font.setWeight(QFont::DemiBold);
            // 8 pixels of padding at each side.
            if (QFontMetrics(font).horizontalAdvance(text) + 16 > header->sectionSize(column)) {
                return QStringLiteral("clipped header \"%1\"").arg(text);
            }
        }
    }
    return {};
}

/// A control that an assistive program cannot name.
inline QString missingName(const QWidget& widget) {
    const auto* button = qobject_cast<const QAbstractButton*>(&widget);
    const bool control = button != nullptr || qobject_cast<const QLineEdit*>(&widget) != nullptr ||
                         qobject_cast<const QComboBox*>(&widget) != nullptr ||
                         qobject_cast<const QAbstractSpinBox*>(&widget) != nullptr ||
                         qobject_cast<const QPlainTextEdit*>(&widget) != nullptr ||
                         qobject_cast<const QAbstractItemView*>(&widget) != nullptr;
    const QString className = QString::fromLatin1(widget.metaObject()->className());
    // Header and corner of a table, and the field of a number, are parts of what is named.
    if (!control || className == QLatin1String("QTableCornerButton") ||
        qobject_cast<const QAbstractSpinBox*>(widget.parentWidget()) != nullptr ||
        qobject_cast<const QHeaderView*>(&widget) != nullptr) {
        return {};
    }
    const bool named =
        !widget.accessibleName().isEmpty() || (button != nullptr && !button->text().isEmpty());
    return named ? QString() : QStringLiteral("no accessible name: ") + className;
}

/// A control that is off and does not say why.
inline QString missingReason(const QWidget& widget) {
    const bool control = qobject_cast<const QAbstractButton*>(&widget) != nullptr ||
                         qobject_cast<const QLineEdit*>(&widget) != nullptr ||
                         qobject_cast<const QComboBox*>(&widget) != nullptr ||
                         qobject_cast<const QAbstractSpinBox*>(&widget) != nullptr ||
                         qobject_cast<const QPlainTextEdit*>(&widget) != nullptr;
    const QWidget* parent = widget.parentWidget();
    // Where all that it stands in is off, that says it.
    if (!control || parent == nullptr || widget.isEnabledTo(parent)) return {};
    if (!widget.toolTip().isEmpty()) return {};
    const auto* button = qobject_cast<const QAbstractButton*>(&widget);
    const bool named = button == nullptr || !widget.accessibleName().isEmpty();
    return QStringLiteral("off, and does not say why: ") +
           (named ? widget.accessibleName() : button->text());
}

/// A part that reaches over the edge of what it stands in, which cuts it; not what is scrolled.
inline QString standingOut(const QWidget& widget) {
    const QWidget* parent = widget.parentWidget();
    if (parent == nullptr || widget.isWindow()) return {};
    const auto* area = qobject_cast<const QAbstractScrollArea*>(parent->parentWidget());
    if (area != nullptr && area->viewport() == parent) return {};
    if (parent->rect().adjusted(-1, -1, 1, 1).contains(widget.geometry())) return {};
    // Put away where nobody sees it, as a window does with tabs that it does not need.
    if (!parent->rect().intersects(widget.geometry())) return {};
    return QStringLiteral("%1 stands out of its %2: %3 x %4 at %5, %6 in %7 x %8")
        .arg(QString::fromLatin1(widget.metaObject()->className()),
             QString::fromLatin1(parent->metaObject()->className()))
        .arg(widget.width())
        .arg(widget.height())
        .arg(widget.x())
        .arg(widget.y())
        .arg(parent->width())
        .arg(parent->height());
}

/// A page that has to be scrolled to its right edge in a window of the look's size. Its own parts
/// stand well in it, so that none of them is at fault.
inline QString widerThanTheWindow(const QWidget& root) {
    if (root.size() != QSize(1440, 900)) return {};
    for (const auto* room : root.findChildren<gui::widgets::PageRoom*>()) {
        const auto* area = qobject_cast<const QScrollArea*>(room->parentWidget()->parentWidget());
        const int hidden = area == nullptr ? 0 : area->horizontalScrollBar()->maximum();
        if (hidden > 0)
            return QStringLiteral("the page is %1 wider than its room of %2")
                .arg(hidden)
                .arg(area->viewport()->width());
    }
    return {};
}

/// What is wrong with what is on screen; empty: nothing.
inline QStringList widgetFaults(const QWidget& root) {
    QStringList out;
    out << widerThanTheWindow(root);
    for (const QWidget* widget : root.findChildren<QWidget*>()) {
        if (!widget->isVisible()) continue;
        out << clipping(*widget) << missingName(*widget) << missingReason(*widget)
            << standingOut(*widget);
    }
    out.removeAll(QString());
    return out;
}

}  // namespace ifrit::tests
