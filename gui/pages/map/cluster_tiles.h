// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>

#include "gui/models/page_parts.h"

namespace ifrit::gui::widgets {
class ClusterTile;
class Theme;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

/// A tile for each cluster, higher the more machines it has. One column of them; where that is too
/// short for all, as many beside each other as leave the map its room, and only then a scroll bar.
class ClusterTiles : public QScrollArea {
    Q_OBJECT
public:
    ClusterTiles(const widgets::Theme& theme, QWidget* parent);
    void setCards(const QList<models::ClusterCard>& cards);
    /// That the map leaves them, in pixels.
    void setRoom(int width);

Q_SIGNALS:
    /// The place of its card.
    void clicked(int card);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void layOut();

    const widgets::Theme& m_theme;
    QList<widgets::ClusterTile*> m_tiles;
    QList<qint64> m_machines;  ///< of those that are shown
    int m_room = 0;
};

}  // namespace ifrit::gui::pages
