// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QRect>

namespace ifrit::gui::widgets {

/// Where tiles stand that are read down the first column, then down the next.
struct TileColumns {
    struct Tile {
        int least = 0;      ///< pixels that its words need
        qint64 weight = 0;  ///< what its height says
    };
    static constexpr int kGap = 12;

    int columns = 1;
    int height = 0;  ///< of the longest column; more than there is where they do not fit
    QList<QRect> places;

    bool fits(int room) const { return height <= room; }
};

/// `columns` of this width. Each column's height is shared by the weights of its tiles, as far as
/// their words leave room; one that does not fit is as long as its words need. O(n^2) in a column.
TileColumns layOutColumns(const QList<TileColumns::Tile>& tiles, int columns, int width,
                          int height);

}  // namespace ifrit::gui::widgets
