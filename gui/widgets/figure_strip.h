// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include "gui/models/page_parts.h"
#include "gui/models/text_format.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/status_look.h"

namespace ifrit::gui::widgets {

using models::Figure;
using models::grouped;

/// The strip of figures under a page's title; extra widgets go to its right. Where they have less
/// room than they would like, they move together before the page becomes wider than its window.
class FigureStrip : public Panel {
    Q_OBJECT
public:
    FigureStrip(const Theme& theme, QWidget* parent);
    void setFigures(const QList<Figure>& figures);
    const QList<Figure>& figures() const { return m_figures; }
    void addAtRight(QWidget* widget);
    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    class Cell;
    /// Between what is shown.
    int gaps() const;
    void fitGap();
    const Theme& m_theme;
    QHBoxLayout* m_row;
    QList<Cell*> m_cells;
    QList<Figure> m_figures;
};

}  // namespace ifrit::gui::widgets
