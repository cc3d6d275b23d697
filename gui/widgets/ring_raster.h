// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>

#include "gui/models/ring_parts.h"
#include "gui/widgets/ring_geometry.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {

/// The colour of a batch: of its state, or its own.
QColor ringColor(const models::RingContent& content, const models::RingBatch& batch,
                 const Theme& theme);

/// The colour of each batch, entry 0 for none; with `chosen` != 0 all others are pale.
std::vector<QRgb> ringColors(const models::RingContent& content, const Theme& theme,
                             std::uint32_t chosen);

/// The ring of virtual nodes, as large as the widget, transparent around it. Each pixel has the
/// colour of the arc at its very place, whatever the number of nodes: 100,000 of them cost what ten
/// cost. `ratio`: pixels of the screen per pixel of the widget.
QImage drawRing(const models::RingContent& content, const RingPlaces& places,
                const std::vector<QRgb>& colors, const QSize& size, double ratio);

/// The lens as one line of pixels, to be stretched over its height.
QImage drawStrip(const models::RingContent& content, const RingWindow& window,
                 const std::vector<QRgb>& colors, int pixels);

}  // namespace ifrit::gui::widgets
