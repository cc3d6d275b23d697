// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPoint>

#include <functional>

#include "gui/app/key_map.h"
#include "gui/app/preferences.h"
#include "gui/models/text_format.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::app {

/// The keys that work now, in one table.
void showKeyTable(const widgets::Theme& theme, const KeyMap& map, QWidget* parent);

struct SettingsMenuParts {
    widgets::Theme& theme;
    models::TimeText& times;
    Preferences& preferences;
    std::function<void()> resetLayout;
};
/// Theme, time zone, language, reset of the layout; what is chosen holds at once and is remembered.
void showSettingsMenu(const SettingsMenuParts& parts, const QPoint& at, QWidget* parent);
}  // namespace ifrit::gui::app
