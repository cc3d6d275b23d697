// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QImage>

class QWidget;

namespace ifrit::gui::widgets {

class Theme;

/// A painted view as it is on screen, on the ground of a panel.
QImage pictureOf(QWidget& view, const Theme& theme, double ratio);
/// The same as SVG: letters, shapes and lines stay sharp at any size; what is a raster in the view
/// is one in the file. Its title and description are the view's accessible name and description.
QByteArray svgOf(QWidget& view, const Theme& theme);

}  // namespace ifrit::gui::widgets
