// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRect>
#include <QSize>

#include <cstddef>
#include <optional>
#include <vector>

namespace ifrit::gui::widgets {

/// Where the groups of a map stand and how large a machine's cell is.
struct MapGrid {
    struct Place {
        QRect title;
        QRect cells;
        int columns = 1;  ///< cells side by side
    };
    int across = 1;    ///< groups side by side
    QSize cell{1, 1};  ///< pixels, gap included
    std::vector<Place> places;
};

/// The grid with the largest cells; of those with the same, the one of the fewest rows of groups,
/// and of those the one with the widest groups: a small cluster uses the width that there is.
/// `sizes` are the machines of each group. O(groups).
MapGrid layOutMap(const QSize& area, const std::vector<std::size_t>& sizes);

/// A grid of tiles that have room for a name, `least` wide and high, and wider where there is room;
/// of those that fit the one with the most groups side by side. nullopt: there are too many.
std::optional<MapGrid> layOutTiles(const QSize& area, const std::vector<std::size_t>& sizes,
                                   const QSize& least);

}  // namespace ifrit::gui::widgets
