// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include "gui/widgets/panel.h"
#include "gui/widgets/status_look.h"

namespace ifrit::gui::widgets {

/// One number that a page is about.
struct Figure {
    QString label;
    QString value;
    QString unit;  ///< small, behind the value: "of 48 603"
    Token color = Token::Text;
    bool struck = false;  ///< old: shown struck through, never as healthy
    bool operator==(const Figure&) const = default;
};

/// A whole number in the locale's digits, groups parted by thin spaces.
QString grouped(qint64 number);

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
