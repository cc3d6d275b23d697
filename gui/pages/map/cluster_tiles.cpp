// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/map/cluster_tiles.h"

#include <algorithm>

#include "gui/widgets/cluster_tile.h"
#include "gui/widgets/tile_columns.h"

namespace ifrit::gui::pages {

using widgets::TileColumns;

namespace {

constexpr int kAlone = 288;   ///< a tile's width in one column
constexpr int kBeside = 240;  ///< and in several
constexpr int kScrollBar = 12;

}  // namespace

ClusterTiles::ClusterTiles(const widgets::Theme& theme, QWidget* parent)
    : QScrollArea(parent), m_theme(theme) {
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWidget(new QWidget(this));
    widget()->setObjectName(QStringLiteral("tiles"));
    setFixedWidth(kAlone);
}

void ClusterTiles::setCards(const QList<models::ClusterCard>& cards) {
    while (m_tiles.size() < cards.size()) {
        auto* tile = new widgets::ClusterTile(m_theme, widget());
        const int card = static_cast<int>(m_tiles.size());
        connect(tile, &QAbstractButton::clicked, this, [this, card] { Q_EMIT clicked(card); });
        m_tiles.append(tile);
    }
    m_machines.clear();
    for (qsizetype i = 0; i < m_tiles.size(); ++i) {
        m_tiles[i]->setVisible(i < cards.size());
        if (i >= cards.size()) continue;
        m_tiles[i]->setCard(cards[i]);
        m_machines << cards[i].machines;
    }
    layOut();
}

void ClusterTiles::setRoom(int width) {
    if (width == m_room) return;
    m_room = width;
    layOut();
}

void ClusterTiles::resizeEvent(QResizeEvent* event) {
    QScrollArea::resizeEvent(event);
    layOut();
}

void ClusterTiles::layOut() {
    const int most =
        std::max(1, (m_room - kScrollBar + TileColumns::kGap) / (kBeside + TileColumns::kGap));
    // One alone has nothing to be compared with.
    const bool shared = m_machines.size() > 1;
    TileColumns laid;
    for (int columns = 1; columns <= most; ++columns) {
        const int wide = columns == 1 ? kAlone : kBeside;
        QList<TileColumns::Tile> tiles;
        for (qsizetype i = 0; i < m_machines.size(); ++i) {
            // Whether its words take a line more depends on its width.
            m_tiles[i]->resize(wide, m_tiles[i]->height());
            tiles << TileColumns::Tile{m_tiles[i]->minimumSizeHint().height(), m_machines[i]};
        }
        laid = widgets::layOutColumns(tiles, columns, wide, shared ? viewport()->height() : 0);
        if (laid.fits(viewport()->height())) break;
    }
    int right = 0;
    for (qsizetype i = 0; i < laid.places.size(); ++i) {
        m_tiles[i]->setGeometry(laid.places[i]);
        right = std::max(right, laid.places[i].right() + 1);
    }
    widget()->resize(right, laid.height);
    const bool scrolls = !laid.fits(viewport()->height());
    setFixedWidth(std::max(right, kAlone) + (scrolls ? kScrollBar : 0));
}

}  // namespace ifrit::gui::pages
