// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace ifrit::gui::widgets {

/// Round values inside of [from, to], at most `most` of them and two at least: steps of 1, 2 or 5
/// times a power of ten, times `unit` (1,048,576 for MiB). `to` not above `from`: that value alone.
std::vector<double> ticksOf(double from, double to, int most, double unit = 1.0);

/// At most `most` whole seconds, minutes, hours or days of an axis of Unix milliseconds.
std::vector<double> timeTicksOf(double from, double to, int most);

}  // namespace ifrit::gui::widgets
