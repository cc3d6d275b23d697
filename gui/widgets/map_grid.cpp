// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/map_grid.h"

#include <algorithm>
#include <tuple>

namespace ifrit::gui::widgets {
namespace {

constexpr int kTitleHeight = 22;
constexpr int kGap = 14;
constexpr int kMaxCell = 22;
constexpr int kMostAcross = 6;
/// Narrower than this a group's title is cut.
constexpr int kLeastWidth = 110;

int rowsFor(int across, int count) {
    return (count + across - 1) / across;
}

int widthFor(const QSize& area, int across) {
    return (area.width() - (across - 1) * kGap) / across;
}

/// The largest cell at which the largest group still fits; one pixel when none does.
int cellFor(const QSize& area, int across, int count, std::size_t largest) {
    const int down = rowsFor(across, count);
    const int wide = widthFor(area, across);
    const int tall = (area.height() - (down - 1) * kGap) / down - kTitleHeight;
    const auto fits = [&](int cell) {
        return static_cast<std::size_t>(std::max(1, wide / cell)) *
                   static_cast<std::size_t>(std::max(1, tall / cell)) >=
               largest;
    };
    int cell = kMaxCell;
    while (cell > 1 && !fits(cell))
        --cell;
    return cell;
}

/// Where everything stands once `across` and `cell` are known; the height that it takes.
int place(const QSize& area, const std::vector<std::size_t>& sizes, MapGrid& grid) {
    const int count = static_cast<int>(sizes.size());
    const int wide = widthFor(area, grid.across);
    int y = 0;
    for (int first = 0; first < count; first += grid.across) {
        int deepest = 0;
        for (int i = first; i < std::min(count, first + grid.across); ++i) {
            const auto at = static_cast<std::size_t>(i);
            MapGrid::Place& one = grid.places[at];
            const int x = (i - first) * (wide + kGap);
            one.columns = std::max(1, wide / grid.cell.width());
            const auto columns = static_cast<std::size_t>(one.columns);
            const int tall =
                static_cast<int>((sizes[at] + columns - 1) / columns) * grid.cell.height();
            one.title = QRect(x, y, wide, kTitleHeight);
            one.cells = QRect(x, y + kTitleHeight, one.columns * grid.cell.width(), tall);
            deepest = std::max(deepest, tall);
        }
        // Rows stand as close as their machines let them, not spread over the height.
        y += kTitleHeight + deepest + kGap;
    }
    return y - kGap;
}

/// How many columns of tiles each of the groups from `first` on gets of `columns`: the next one
/// goes where it spares the most lines.
std::vector<int> sharedColumns(const std::vector<std::size_t>& sizes, std::size_t first,
                               std::size_t count, int columns) {
    std::vector<int> out(count, 1);
    const auto lines = [&](std::size_t i) {
        return rowsFor(out[i], static_cast<int>(sizes[first + i]));
    };
    for (int left = columns - static_cast<int>(count); left > 0; --left) {
        std::size_t longest = 0;
        for (std::size_t i = 1; i < count; ++i) {
            if (lines(i) > lines(longest)) longest = i;
        }
        ++out[longest];
    }
    return out;
}

/// As place(), each group only as wide as it needs; nothing where that is too high.
std::optional<MapGrid> placeShared(const QSize& area, const std::vector<std::size_t>& sizes,
                                   const QSize& least, int across) {
    MapGrid grid;
    grid.places.resize(sizes.size());
    grid.across = across;
    const int room = area.width() - (across - 1) * kGap;
    const int columns = room / least.width();
    if (columns < across) return std::nullopt;
    grid.cell = QSize(std::min(room / columns, 2 * least.width()), least.height());
    int y = 0;
    for (std::size_t first = 0; first < sizes.size(); first += static_cast<std::size_t>(across)) {
        const std::size_t count = std::min(sizes.size() - first, static_cast<std::size_t>(across));
        const std::vector<int> shares = sharedColumns(sizes, first, count, columns);
        int x = 0;
        int deepest = 0;
        for (std::size_t i = 0; i < count; ++i) {
            MapGrid::Place& one = grid.places[first + i];
            one.columns = shares[i];
            const int wide = one.columns * grid.cell.width();
            const int lines = rowsFor(one.columns, static_cast<int>(sizes[first + i]));
            one.title = QRect(x, y, wide, kTitleHeight);
            one.cells = QRect(x, y + kTitleHeight, wide, lines * grid.cell.height());
            deepest = std::max(deepest, one.cells.height());
            x += wide + kGap;
        }
        y += kTitleHeight + deepest + kGap;
    }
    if (y - kGap > area.height()) return std::nullopt;
    return grid;
}

}  // namespace

MapGrid layOutMap(const QSize& area, const std::vector<std::size_t>& sizes) {
    MapGrid grid;
    grid.places.resize(sizes.size());
    const int count = static_cast<int>(sizes.size());
    if (count == 0 || area.isEmpty()) return grid;
    const std::size_t largest =
        std::max<std::size_t>(1, *std::max_element(sizes.begin(), sizes.end()));
    int fewest = count + 1;
    int chosen = 0;
    for (int across = 1; across <= std::min(count, kMostAcross); ++across) {
        if (across > 1 && widthFor(area, across) < kLeastWidth) break;
        const int cell = cellFor(area, across, count, largest);
        const int down = rowsFor(across, count);
        // Fewer columns come first: with the same cell and rows they are the wider ones.
        if (std::tuple(cell, -down) <= std::tuple(chosen, -fewest)) continue;
        chosen = cell;
        grid.across = across;
        fewest = down;
    }
    grid.cell = QSize(chosen, chosen);
    place(area, sizes, grid);
    return grid;
}

std::optional<MapGrid> layOutTiles(const QSize& area, const std::vector<std::size_t>& sizes,
                                   const QSize& least) {
    const int count = static_cast<int>(sizes.size());
    if (count == 0 || area.isEmpty() || least.isEmpty()) return std::nullopt;
    for (int across = std::min(count, kMostAcross); across >= 1; --across) {
        const int wide = widthFor(area, across);
        if (wide < least.width()) continue;
        MapGrid grid;
        grid.places.resize(sizes.size());
        grid.across = across;
        // No wider than their names need twice over: a tile is no banner.
        const std::size_t largest = *std::max_element(sizes.begin(), sizes.end());
        const int columns = std::clamp(static_cast<int>(largest), 1, wide / least.width());
        grid.cell = QSize(std::min(wide / columns, 2 * least.width()), least.height());
        if (place(area, sizes, grid) <= area.height()) return grid;
    }
    // Not all equally wide: a large group beside small ones takes of their room.
    for (int across = std::min(count, area.width() / least.width()); across >= 1; --across) {
        auto grid = placeShared(area, sizes, least, across);
        if (grid) return grid;
    }
    return std::nullopt;
}

}  // namespace ifrit::gui::widgets
