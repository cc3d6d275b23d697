// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/tile_columns.h"

#include <algorithm>

namespace ifrit::gui::widgets {
namespace {

using Tiles = QList<TileColumns::Tile>;

/// Of one column. Who would get less than the words need gets that, and the others share what is
/// left.
QList<int> heightsOf(const Tiles& tiles, int height) {
    QList<int> out(tiles.size(), -1);
    qint64 room = height - (tiles.size() - 1) * TileColumns::kGap;
    qint64 weights = 0;
    for (const auto& tile : tiles)
        weights += std::max<qint64>(1, tile.weight);
    const auto shareOf = [&](qsizetype at) {
        return room * std::max<qint64>(1, tiles[at].weight) / std::max<qint64>(1, weights);
    };
    for (bool again = true; again;) {
        again = false;
        for (qsizetype i = 0; i < tiles.size(); ++i) {
            if (out[i] >= 0 || shareOf(i) > tiles[i].least) continue;
            out[i] = tiles[i].least;
            room -= out[i];
            weights -= std::max<qint64>(1, tiles[i].weight);
            again = true;
        }
    }
    for (qsizetype i = 0; i < tiles.size(); ++i) {
        if (out[i] >= 0) continue;
        // The last one takes what division leaves over.
        const auto mine = static_cast<int>(shareOf(i));
        room -= mine;
        weights -= std::max<qint64>(1, tiles[i].weight);
        out[i] = mine;
    }
    return out;
}

}  // namespace

TileColumns layOutColumns(const Tiles& tiles, int columns, int width, int height) {
    TileColumns out;
    out.columns = columns;
    const qsizetype down = (tiles.size() + columns - 1) / std::max(1, columns);
    for (qsizetype first = 0; first < tiles.size(); first += down) {
        const int x = static_cast<int>(first / down) * (width + TileColumns::kGap);
        int y = 0;
        for (const int tall : heightsOf(tiles.mid(first, down), height)) {
            out.places << QRect(x, y, width, tall);
            y += tall + TileColumns::kGap;
        }
        out.height = std::max(out.height, y - TileColumns::kGap);
    }
    return out;
}

}  // namespace ifrit::gui::widgets
