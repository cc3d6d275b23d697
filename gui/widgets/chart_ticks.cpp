// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/chart_ticks.h"

#include <algorithm>
#include <cmath>

namespace ifrit::gui::widgets {

std::vector<double> ticksOf(double from, double to, int most, double unit) {
    if (!(to > from) || most < 2) return {from};
    const double span = (to - from) / unit;
    double step = std::pow(10.0, std::floor(std::log10(span / most)));
    std::vector<double> out;
    // Steps grow until few enough fit.
    for (const double factor : {1.0, 2.0, 5.0, 10.0, 20.0, 50.0}) {
        const double wide = step * factor * unit;
        const double first = std::ceil(from / wide - 1e-9);
        const double last = std::floor(to / wide + 1e-9);
        if (last - first + 1 > most) continue;
        for (double tick = first; tick <= last; ++tick)
            out.push_back(tick * wide);
        break;
    }
    if (out.size() < 2) return {from, to};
    return out;
}

std::vector<double> timeTicksOf(double from, double to, int most) {
    constexpr double kSecond = 1'000;
    constexpr double kMinute = 60 * kSecond;
    constexpr double kHour = 60 * kMinute;
    constexpr double kDay = 24 * kHour;
    constexpr double kSteps[] = {
        kSecond, 2 * kSecond, 5 * kSecond, 10 * kSecond, 15 * kSecond, 30 * kSecond,
        kMinute, 2 * kMinute, 5 * kMinute, 10 * kMinute, 15 * kMinute, 30 * kMinute,
        kHour,   2 * kHour,   3 * kHour,   6 * kHour,    12 * kHour,   kDay};
    double step = kDay;
    for (const double wide : kSteps) {
        step = wide;
        if (std::floor(to / step) - std::ceil(from / step) + 1 <= most) break;
    }
    while ((to - from) / step > most)
        step *= 2;
    std::vector<double> out;
    for (double tick = std::ceil(from / step) * step; tick <= to; tick += step)
        out.push_back(tick);
    return out;
}

}  // namespace ifrit::gui::widgets
