// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/ring_raster.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "gui/widgets/status_look.h"
#include "gui/widgets/swatch_color.h"

namespace ifrit::gui::widgets {
namespace {

QRgb pale(const QColor& color, const QColor& ground) {
    const auto mix = [](int a, int b) { return (a + 4 * b) / 5; };
    return qRgb(mix(color.red(), ground.red()), mix(color.green(), ground.green()),
                mix(color.blue(), ground.blue()));
}

QRgb faded(QRgb color, double coverage) {
    const auto part = [coverage](int channel) {
        return static_cast<int>(std::lround(channel * coverage));
    };
    return qRgba(part(qRed(color)), part(qGreen(color)), part(qBlue(color)), part(255));
}

QRgb at(const std::vector<QRgb>& colors, std::uint32_t batch) {
    return batch < colors.size() ? colors[batch] : colors.front();
}

}  // namespace

QColor ringColor(const models::RingContent& content, const models::RingBatch& batch,
                 const Theme& theme) {
    if (content.old) return theme.color(Token::NoneFill);
    return content.byBatch ? seriesColor(theme, static_cast<int>(batch.batch) - 1)
                           : theme.color(fillToken(batch.look.kind));
}

std::vector<QRgb> ringColors(const models::RingContent& content, const Theme& theme,
                             std::uint32_t chosen) {
    const QColor none = theme.color(Token::NoneFill);
    std::vector<QRgb> out(content.batches.size() + 1, none.rgb());
    for (const models::RingBatch& batch : content.batches) {
        if (batch.batch >= out.size()) continue;
        const QColor color = ringColor(content, batch, theme);
        out[batch.batch] = chosen == 0 || chosen == batch.batch
                               ? color.rgb()
                               : pale(color, theme.color(Token::Surface));
    }
    // Chosen among those without a colour of their own.
    if (chosen != 0 && chosen < out.size() && out[chosen] == none.rgb())
        out[chosen] = theme.color(Token::Muted).rgb();
    return out;
}

QImage drawRing(const models::RingContent& content, const RingPlaces& places,
                const std::vector<QRgb>& colors, const QSize& size, double ratio) {
    QImage image(QSizeF(size * ratio).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(ratio);
    image.fill(Qt::transparent);
    const double outer = places.outer * ratio;
    const double inner = places.inner * ratio;
    const QPointF centre = places.centre * ratio;
    const auto bins = static_cast<std::size_t>(std::ceil(2 * std::numbers::pi * outer));
    const std::vector<std::uint32_t> batches = sampleBatches(*content.nodes, {}, bins);
    const int top = std::max(0, static_cast<int>(centre.y() - outer) - 1);
    const int bottom = std::min(image.height() - 1, static_cast<int>(centre.y() + outer) + 1);
    const int left = std::max(0, static_cast<int>(centre.x() - outer) - 1);
    const int right = std::min(image.width() - 1, static_cast<int>(centre.x() + outer) + 1);
    for (int y = top; y <= bottom; ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        const double dy = y + 0.5 - centre.y();
        for (int x = left; x <= right; ++x) {
            const double dx = x + 0.5 - centre.x();
            const double radius = std::sqrt(dx * dx + dy * dy);
            // Half a pixel at both edges is shared with the ground.
            const double coverage = std::min(outer - radius, radius - inner) + 0.5;
            if (coverage <= 0) continue;
            double turn = std::atan2(dx, -dy) / (2 * std::numbers::pi);
            if (turn < 0) turn += 1.0;
            const auto bin =
                std::min(bins - 1, static_cast<std::size_t>(turn * static_cast<double>(bins)));
            line[x] = faded(at(colors, batches[bin]), std::min(coverage, 1.0));
        }
    }
    return image;
}

QImage drawStrip(const models::RingContent& content, const RingWindow& window,
                 const std::vector<QRgb>& colors, int pixels) {
    const auto bins = static_cast<std::size_t>(std::max(1, pixels));
    QImage image(static_cast<int>(bins), 1, QImage::Format_RGB32);
    const std::vector<std::uint32_t> batches = sampleBatches(*content.nodes, window, bins);
    auto* line = reinterpret_cast<QRgb*>(image.scanLine(0));
    for (std::size_t i = 0; i < bins; ++i)
        line[i] = at(colors, batches[i]);
    return image;
}

}  // namespace ifrit::gui::widgets
