// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/swatch_color.h"

#include <algorithm>
#include <array>

#include "gui/widgets/status_look.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {
namespace {

/// Far from each other, and neighbours further still.
constexpr std::array kHues = {218, 38, 275, 165, 330, 95, 190, 15};

constexpr double kFaded = 0.25;
constexpr double kOldLine = 0.4;

QColor mixed(const QColor& a, const QColor& b, double part) {
    const auto mix = [part](int x, int y) {
        return static_cast<int>(x * part + y * (1.0 - part) + 0.5);
    };
    return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue())};
}

QColor strong(const Theme& theme, const models::MapSwatch& swatch) {
    if (swatch.kind) return theme.color(fillToken(*swatch.kind));
    if (!swatch.ramp) return seriesColor(theme, swatch.series);
    const int last = std::max(1, swatch.of - 1);
    const double part = 0.2 + 0.8 * swatch.series / last;
    return mixed(theme.color(Token::Accent), theme.color(Token::Surface), part);
}

}  // namespace

QColor seriesColor(const Theme& theme, int series) {
    const auto place = static_cast<std::size_t>(series);
    const bool dark = theme.mode() == Mode::Dark;
    // Told apart by lightness too; a second round of the hues is of the other one.
    const bool light = (place + place / kHues.size()) % 2 == 1;
    const int lightness = dark ? (light ? 175 : 125) : (light ? 140 : 95);
    return QColor::fromHsl(kHues[place % kHues.size()], 105, lightness);
}

QColor paleSeriesColor(const Theme& theme, int series) {
    return mixed(seriesColor(theme, series), theme.color(Token::Surface), kOldLine);
}

QColor swatchColor(const Theme& theme, const models::MapSwatch& swatch) {
    const QColor color = strong(theme, swatch);
    return swatch.faded ? mixed(color, theme.color(Token::Surface), kFaded) : color;
}

}  // namespace ifrit::gui::widgets
