// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

#include "gui/models/page_parts.h"

namespace ifrit::gui::widgets {

class Theme;

/// The colour of a swatch on the ground of a panel: a state's fill, a step of a ramp of the accent,
/// or one of a round of hues that differ in lightness from one to the next. Pale where it is faded.
QColor swatchColor(const Theme& theme, const models::MapSwatch& swatch);

/// One of the same hues as a line on a panel: for charts.
QColor seriesColor(const Theme& theme, int series);

/// The same where what it shows is old.
QColor paleSeriesColor(const Theme& theme, int series);

}  // namespace ifrit::gui::widgets
