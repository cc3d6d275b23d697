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

/// The strip of figures under a page's title; extra widgets go to its right.
class FigureStrip : public Panel {
    Q_OBJECT
public:
    FigureStrip(const Theme& theme, QWidget* parent);
    void setFigures(const QList<Figure>& figures);
    void addAtRight(QWidget* widget);

private:
    class Cell;
    const Theme& m_theme;
    QHBoxLayout* m_row;
    QList<Cell*> m_cells;
    QList<Figure> m_figures;
};

}  // namespace ifrit::gui::widgets
