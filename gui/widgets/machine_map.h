// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QString>
#include <QWidget>

#include <cstdint>
#include <functional>
#include <vector>

#include "gui/models/page_parts.h"
#include "gui/widgets/map_grid.h"
#include "gui/widgets/status_look.h"

namespace ifrit::gui::widgets {

class Theme;

using models::MapGroup;

/// One cell per machine, painted into a raster once per change, not once per repaint. Arrow keys
/// move the chosen cell, PageUp and PageDown to another group; Enter opens it.
class MachineMap : public QWidget {
    Q_OBJECT
public:
    MachineMap(const Theme& theme, QWidget* parent);

    /// `swatches`: what the numbers of the groups' cells mean.
    void setGroups(std::vector<MapGroup> groups, std::vector<models::MapSwatch> swatches);
    /// The short name of a row, for tiles: few machines get one each that has it written on.
    void setNamer(std::function<QString(std::uint32_t row)> name);
    /// What to say of a row, for the tool tip and for assistive programs.
    void setDescriber(std::function<QString(std::uint32_t row)> describe);

Q_SIGNALS:
    void opened(std::uint32_t row);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void layOut();
    /// The room that a tile with a name takes; empty: there are too many machines for tiles.
    QSize tileSize() const;
    void drawRaster(std::size_t group);
    void paintCells(QPainter& painter, std::size_t group) const;
    void paintShapes(QPainter& painter, std::size_t group) const;
    void paintTiles(QPainter& painter, std::size_t group) const;
    /// Group and index of the cell at a point; index -1: none.
    std::pair<std::size_t, int> cellAt(const QPoint& point) const;
    QRect cellRect(std::size_t group, int index) const;
    void choose(std::size_t group, int index);
    void chooseGroup(std::size_t group);
    void open();
    std::uint8_t swatchOf(std::size_t group, std::size_t index) const {
        return m_groups[group].swatches[index];
    }

    const Theme& m_theme;
    std::vector<MapGroup> m_groups;
    std::vector<models::MapSwatch> m_swatches;
    MapGrid m_grid;
    std::vector<QImage> m_rasters;
    bool m_tiles = false;
    std::function<QString(std::uint32_t)> m_name;
    std::function<QString(std::uint32_t)> m_describe;
    std::size_t m_chosenGroup = 0;
    int m_chosenIndex = -1;
};

}  // namespace ifrit::gui::widgets
