// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/machine_map.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

#include "gui/widgets/swatch_color.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {
namespace {

/// More machines than this are cells: nobody reads so many names.
constexpr std::size_t kMostTiles = 300;
constexpr int kTileHeight = 36;
constexpr int kLeastTile = 120;
constexpr int kWidestTile = 300;
/// Smaller cells have no room for the shape of a state.
constexpr int kLeastShaped = 12;
/// Between the frame, where the keyboard is, and titles and cells.
constexpr int kInset = 6;
/// Bar and shape in front of the name.
constexpr int kTileText = 36;

}  // namespace

MachineMap::MachineMap(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Map of machines, one cell each"));
    setMinimumSize(200, 120);
    connect(&theme, &Theme::changed, this, &MachineMap::layOut);
}

void MachineMap::setGroups(std::vector<MapGroup> groups, std::vector<models::MapSwatch> swatches) {
    m_groups = std::move(groups);
    m_swatches = std::move(swatches);
    const bool gone = m_chosenGroup >= m_groups.size() ||
                      m_chosenIndex >= static_cast<int>(m_groups[m_chosenGroup].rows.size());
    if (gone) {
        m_chosenGroup = 0;
        m_chosenIndex = -1;
    }
    layOut();
}

void MachineMap::setNamer(std::function<QString(std::uint32_t)> name) {
    m_name = std::move(name);
    layOut();
}

void MachineMap::setDescriber(std::function<QString(std::uint32_t)> describe) {
    m_describe = std::move(describe);
}

void MachineMap::layOut() {
    std::vector<std::size_t> sizes;
    for (const MapGroup& group : m_groups)
        sizes.push_back(group.rows.size());
    const QSize area = size().shrunkBy({kInset, kInset, kInset, kInset});
    const auto tiles = layOutTiles(area, sizes, tileSize());
    m_tiles = tiles.has_value();
    m_grid = tiles ? *tiles : layOutMap(area, sizes);
    for (MapGrid::Place& place : m_grid.places) {
        place.title.translate(kInset, kInset);
        place.cells.translate(kInset, kInset);
    }
    m_rasters.assign(m_groups.size(), {});
    if (!size().isEmpty() && !m_tiles) {
        for (std::size_t i = 0; i < m_groups.size(); ++i)
            drawRaster(i);
    }
    update();
}

QSize MachineMap::tileSize() const {
    std::size_t machines = 0;
    for (const MapGroup& group : m_groups)
        machines += group.rows.size();
    if (!m_name || machines == 0 || machines > kMostTiles) return {};
    const QFontMetrics metrics(m_theme.monospaceFont());
    int widest = 0;
    for (const MapGroup& group : m_groups) {
        for (const std::uint32_t row : group.rows)
            widest = std::max(widest, metrics.horizontalAdvance(m_name(row)));
    }
    return {std::clamp(widest + kTileText + 12, kLeastTile, kWidestTile), kTileHeight};
}

void MachineMap::drawRaster(std::size_t index) {
    const MapGroup& group = m_groups[index];
    const MapGrid::Place& place = m_grid.places[index];
    const int rows =
        static_cast<int>((group.rows.size() + static_cast<std::size_t>(place.columns) - 1) /
                         static_cast<std::size_t>(place.columns));
    // One pixel a machine; scaled without smoothing when painted.
    QImage raster(place.columns, std::max(1, rows), QImage::Format_ARGB32_Premultiplied);
    raster.fill(Qt::transparent);
    std::vector<QRgb> colors;
    for (const models::MapSwatch& swatch : m_swatches)
        colors.push_back(swatchColor(m_theme, swatch).rgb());
    const auto columns = static_cast<std::size_t>(place.columns);
    for (std::size_t first = 0, row = 0; first < group.rows.size(); first += columns, ++row) {
        auto* line = reinterpret_cast<QRgb*>(raster.scanLine(static_cast<int>(row)));
        const std::size_t behind = std::min(first + columns, group.rows.size());
        for (std::size_t i = first; i < behind; ++i)
            line[i - first] = colors[group.swatches[i]];
    }
    m_rasters[index] = std::move(raster);
}

QRect MachineMap::cellRect(std::size_t group, int index) const {
    const MapGrid::Place& place = m_grid.places[group];
    return {QPoint(place.cells.left() + (index % place.columns) * m_grid.cell.width(),
                   place.cells.top() + (index / place.columns) * m_grid.cell.height()),
            m_grid.cell};
}

std::pair<std::size_t, int> MachineMap::cellAt(const QPoint& point) const {
    for (std::size_t i = 0; i < m_grid.places.size(); ++i) {
        const MapGrid::Place& place = m_grid.places[i];
        if (!place.cells.contains(point)) continue;
        const int column = (point.x() - place.cells.left()) / m_grid.cell.width();
        const int line = (point.y() - place.cells.top()) / m_grid.cell.height();
        const int index = line * place.columns + column;
        if (index < static_cast<int>(m_groups[i].rows.size())) return {i, index};
    }
    return {0, -1};
}

void MachineMap::paintCells(QPainter& painter, std::size_t group) const {
    const QImage& raster = m_rasters[group];
    const int cell = m_grid.cell.width();
    const QRect target(m_grid.places[group].cells.topLeft(), raster.size() * cell);
    painter.drawImage(target, raster);
    if (cell < 4) return;
    // Lines of the ground colour between the cells.
    painter.setPen(QPen(m_theme.color(Token::Surface), cell >= 10 ? 2 : 1));
    for (int x = target.left(); x <= target.right() + 1; x += cell)
        painter.drawLine(x, target.top(), x, target.bottom() + 1);
    for (int y = target.top(); y <= target.bottom() + 1; y += cell)
        painter.drawLine(target.left(), y, target.right() + 1, y);
    if (cell >= kLeastShaped) paintShapes(painter, group);
}

/// The state in the cells that have room for it. Drawn once a swatch and then copied: there may be
/// thousands.
void MachineMap::paintShapes(QPainter& painter, std::size_t group) const {
    const int cell = m_grid.cell.width();
    const double ratio = devicePixelRatioF();
    std::vector<QPixmap> stamps;
    for (const models::MapSwatch& swatch : m_swatches) {
        QPixmap stamp(m_grid.cell * ratio);
        stamp.setDevicePixelRatio(ratio);
        stamp.fill(Qt::transparent);
        if (swatch.kind) {
            QPainter on(&stamp);
            on.setOpacity(swatch.faded ? 0.35 : 1.0);
            const double side = std::min(cell - 5.0, 11.0);
            const QRectF box(0.5 + (cell - side) / 2, 0.5 + (cell - side) / 2, side, side);
            paintShape(on, *swatch.kind, box, inkOn(swatchColor(m_theme, swatch)));
        }
        stamps.push_back(stamp);
    }
    for (std::size_t i = 0; i < m_groups[group].rows.size(); ++i)
        painter.drawPixmap(cellRect(group, static_cast<int>(i)).topLeft(),
                           stamps[swatchOf(group, i)]);
}

void MachineMap::paintTiles(QPainter& painter, std::size_t group) const {
    const MapGroup& shown = m_groups[group];
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(m_theme.monospaceFont());
    for (std::size_t i = 0; i < shown.rows.size(); ++i) {
        const models::MapSwatch& swatch = m_swatches[swatchOf(group, i)];
        const QRectF tile =
            QRectF(cellRect(group, static_cast<int>(i))).adjusted(0.5, 0.5, -6.5, -6.5);
        painter.setOpacity(swatch.faded ? 0.35 : 1.0);
        painter.setPen(m_theme.color(Token::Border));
        painter.setBrush(m_theme.color(Token::Raised));
        painter.drawRoundedRect(tile, 5, 5);
        painter.setPen(Qt::NoPen);
        painter.setBrush(swatchColor(m_theme, swatch));
        painter.drawRoundedRect(QRectF(tile.left(), tile.top(), 5, tile.height()), 2.5, 2.5);
        const QRectF shape(tile.left() + 12, tile.center().y() - 4.5, 9, 9);
        if (swatch.kind) {
            paintShape(painter, *swatch.kind, shape, m_theme.color(textToken(*swatch.kind)));
        } else {
            painter.drawRect(shape);
        }
        const QRectF text = tile.adjusted(kTileText - 8, 0, -6, 0);
        // Pale is for colours; a name stays to be read.
        painter.setOpacity(1.0);
        painter.setPen(m_theme.color(swatch.faded ? Token::Muted : Token::Text));
        painter.drawText(text, Qt::AlignVCenter | Qt::AlignLeft,
                         painter.fontMetrics().elidedText(m_name(shown.rows[i]), Qt::ElideMiddle,
                                                          static_cast<int>(text.width())));
    }
    painter.restore();
}

void MachineMap::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    for (std::size_t i = 0; i < m_groups.size(); ++i) {
        const MapGrid::Place& place = m_grid.places[i];
        QFont font = m_theme.smallFont();
        font.setWeight(QFont::DemiBold);
        painter.setFont(font);
        painter.setPen(m_theme.color(Token::Text));
        painter.drawText(place.title, Qt::AlignVCenter, m_groups[i].title);
        const int used = painter.fontMetrics().horizontalAdvance(m_groups[i].title) + 8;
        painter.setFont(m_theme.smallFont());
        painter.setPen(m_theme.color(Token::Muted));
        painter.drawText(place.title.adjusted(used, 0, 0, 0), Qt::AlignVCenter, m_groups[i].note);
        m_tiles ? paintTiles(painter, i) : paintCells(painter, i);
    }
    if (m_chosenIndex >= 0 && hasFocus()) {
        painter.setPen(QPen(m_theme.color(Token::Text), 2));
        const int gap = m_tiles ? -6 : 0;
        painter.drawRect(cellRect(m_chosenGroup, m_chosenIndex).adjusted(0, 0, gap, gap));
    } else if (hasFocus()) {
        // The keyboard is here, and at no machine yet.
        painter.setPen(m_theme.color(Token::Accent));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void MachineMap::resizeEvent(QResizeEvent*) {
    layOut();
}

void MachineMap::choose(std::size_t group, int index) {
    m_chosenGroup = group;
    m_chosenIndex = index;
    if (m_describe && index >= 0) {
        setAccessibleDescription(m_groups[group].title + QStringLiteral(" · ") +
                                 m_describe(m_groups[group].rows[static_cast<std::size_t>(index)]));
    }
    update();
}

void MachineMap::chooseGroup(std::size_t group) {
    if (!m_groups[group].rows.empty()) choose(group, 0);
}

void MachineMap::open() {
    Q_EMIT opened(m_groups[m_chosenGroup].rows[static_cast<std::size_t>(m_chosenIndex)]);
}

void MachineMap::mousePressEvent(QMouseEvent* event) {
    const auto [group, index] = cellAt(event->pos());
    if (index < 0) return;
    choose(group, index);
    Q_EMIT opened(m_groups[group].rows[static_cast<std::size_t>(index)]);
}

void MachineMap::keyPressEvent(QKeyEvent* event) {
    if (m_groups.empty() || m_groups[m_chosenGroup].rows.empty()) return;
    const int columns = m_grid.places[m_chosenGroup].columns;
    const int last = static_cast<int>(m_groups[m_chosenGroup].rows.size()) - 1;
    int index = std::max(0, m_chosenIndex);
    switch (event->key()) {
        case Qt::Key_Left:
            index -= 1;
            break;
        case Qt::Key_Right:
            index += 1;
            break;
        case Qt::Key_Up:
            index -= columns;
            break;
        case Qt::Key_Down:
            index += columns;
            break;
        case Qt::Key_Home:
            index = 0;
            break;
        case Qt::Key_End:
            index = last;
            break;
        case Qt::Key_PageUp:
            return chooseGroup(m_chosenGroup == 0 ? 0 : m_chosenGroup - 1);
        case Qt::Key_PageDown:
            return chooseGroup(std::min(m_chosenGroup + 1, m_groups.size() - 1));
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (m_chosenIndex >= 0) open();
            return;
        default:
            QWidget::keyPressEvent(event);
            return;
    }
    choose(m_chosenGroup, std::clamp(index, 0, last));
}

bool MachineMap::event(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        setAccessibleName(tr("Map of machines, one cell each"));
    if (event->type() == QEvent::ToolTip && m_describe) {
        auto* help = static_cast<QHelpEvent*>(event);
        const auto [group, index] = cellAt(help->pos());
        if (index >= 0) {
            QToolTip::showText(help->globalPos(),
                               m_describe(m_groups[group].rows[static_cast<std::size_t>(index)]),
                               this);
        } else {
            QToolTip::hideText();
        }
        return true;
    }
    return QWidget::event(event);
}

}  // namespace ifrit::gui::widgets
