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

}  // namespace ifrit::gui::widgets
