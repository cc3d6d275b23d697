// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

namespace ifrit::gui::widgets {

enum class Mode { Light, Dark };

/// Of what is painted where it is old; what is written keeps its contrast.
inline constexpr double kOldOpacity = 0.4;

/// The tokens of the look. Colour means state and nothing else; the accent marks what is chosen.
enum class Token {
    Bg,
    Surface,
    Raised,
    Border,
    Text,
    Muted,
    Accent,
    AccentBg,
    OkText,
    OkFill,
    RunText,
    RunFill,
    WaitText,
    WaitFill,
    FailText,
    FailFill,
    SilentText,
    SilentFill,
    NoneText,
    NoneFill,
    Production,
    Count
};

QColor colorOf(Token token, Mode mode);

/// What is written on a fill of the palette: 4.5:1 at least. The text's own colours where one of
/// them does.
QColor inkOn(const QColor& ground);

/// Contrast ratio of two opaque colours, 1 to 21 (WCAG 2.1, "contrast ratio").
double contrast(const QColor& a, const QColor& b);

}  // namespace ifrit::gui::widgets
