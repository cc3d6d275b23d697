// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

#include "gui/widgets/cell_text.h"

namespace ifrit::gui::widgets {

class Theme;

/// One cell of a DataTable or DataTree: a state as shape and word, digests in the fixed font, what
/// is cut off in the tool tip.
class CellDelegate : public QStyledItemDelegate {
public:
    static constexpr int kRowHeight = 27;
    static constexpr int kPadding = 8;

    CellDelegate(const Theme& theme, QObject* parent);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const override;
    void setEditorData(QWidget* editor, const QModelIndex& index) const override;

    /// What a column needs for a text of the usual face, in pixels.
    int widthOf(const QString& text) const;
    /// Of a row, where this cell takes as many lines as its text wants at `width` pixels.
    int heightOfLines(const QModelIndex& index, int width) const;

private:
    static CellText::Face faceOf(const QModelIndex& index);

    void paintText(QPainter& painter, const QRect& cell, const QModelIndex& index, bool inLines,
                   CellText::Line line) const;
    void paintFrame(QPainter& painter, const QRect& cell, const QString& word,
                    const QColor& color) const;

    const Theme& m_theme;
    mutable CellText m_text;
};

}  // namespace ifrit::gui::widgets
