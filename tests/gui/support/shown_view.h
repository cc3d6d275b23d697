// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>

#include "gui/widgets/theme.h"

namespace ifrit::tests {

/// A painted view alone in a window, in the light look; a test gives it its content and size.
template <typename View>
struct ShownView {
    ShownView() : theme(*qApp), view(theme, nullptr) {
        theme.choose(gui::widgets::ThemeChoice::Light);
    }
    void show(const QSize& size) {
        view.resize(size);
        view.show();
    }
    QColor at(const QPoint& place) { return view.grab().toImage().pixelColor(place); }

    gui::widgets::Theme theme;
    View view;
};

}  // namespace ifrit::tests
