// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

#include "gui/models/text_format.h"

namespace ifrit::gui::presenters {

/// Which moment a day alone means.
enum class DayEdge { Begin, End };

/// "2026-01-31", "2026-01-31 18:00", "2026-01-31T18:00:00+08:00": without an offset in `zone`, as
/// the window shows times. Empty: none of these.
std::optional<base::WallTime> typedTime(const QString& text, models::TimeText::Zone zone,
                                        DayEdge edge);

}  // namespace ifrit::gui::presenters
