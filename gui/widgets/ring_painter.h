// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>

#include <optional>

#include "gui/models/ring_parts.h"
#include "gui/widgets/palette.h"
#include "gui/widgets/ring_geometry.h"
#include "shared/domain/ring_place.h"

class QPainter;

namespace ifrit::gui::widgets {

class Theme;

/// What a hash ring shows now; the images are drawn once per change.
struct RingScene {
    std::shared_ptr<const models::RingContent> content;
    RingWindow window;
    RingPlaces places;
    std::uint32_t chosen = 0;               ///< batch; 0: none
    std::ptrdiff_t dot = -1;                ///< chosen machine, of content->dots
    std::optional<domain::RingPlace> mark;  ///< of the uuid that was asked for
    QImage ring;
    QImage strip;
    bool old =
        false;  ///< what is painted is pale; what is written is muted, and keeps its contrast
};

/// Paints a scene; what is text, shape or line stays so in an SVG.
class RingPainter {
public:
    RingPainter(QPainter& painter, const RingScene& scene, const Theme& theme)
        : m_painter(painter), m_scene(scene), m_theme(theme) {}
    void paint() const;
    /// Of fills; 1 of what is not old.
    double opacity() const { return m_scene.old ? kOldOpacity : 1.0; }

private:
    void paintLegend() const;
    void paintArcs() const;
    void paintArcLabel(const models::RingBatch& batch, double from, double share) const;
    void paintMiddle() const;
    void paintWindow() const;
    void paintDots() const;
    void paintMark() const;
    void paintStrip() const;
    void paintNodes() const;
    void paintEnds() const;
    QColor inkOn(const models::RingBatch& batch) const;

    QPainter& m_painter;
    const RingScene& m_scene;
    const Theme& m_theme;
};

}  // namespace ifrit::gui::widgets
