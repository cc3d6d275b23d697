// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/chart_math.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace ifrit::gui::models {

double quantileOf(const std::vector<double>& sorted, double part) {
    if (sorted.empty()) return 0;
    const double place = std::ceil(part * static_cast<double>(sorted.size())) - 1;
    const auto last = static_cast<double>(sorted.size() - 1);
    return sorted[static_cast<std::size_t>(std::clamp(place, 0.0, last))];
}

double kernelWidthOf(const std::vector<double>& samples) {
    if (samples.empty()) return 0;
    const auto count = static_cast<double>(samples.size());
    const double mean = std::accumulate(samples.begin(), samples.end(), 0.0) / count;
    double square = 0;
    for (const double sample : samples)
        square += (sample - mean) * (sample - mean);
    return 1.06 * std::sqrt(square / count) * std::pow(count, -0.2);
}

QList<QPointF> densityOf(const std::vector<double>& samples, double from, double to, int points) {
    QList<QPointF> out;
    if (samples.size() < 2 || points < 2 || to <= from) return out;
    const auto count = static_cast<double>(samples.size());
    const double step = (to - from) / (points - 1);
    // All the same: a peak of a few places, not an endless one.
    const double width = std::max(kernelWidthOf(samples), 1.5 * step);
    // Binned first: thousands of samples cost what hundreds of places cost.
    std::vector<double> bins(static_cast<std::size_t>(points), 0);
    for (const double sample : samples) {
        const double place = std::clamp(std::round((sample - from) / step), 0.0, points - 1.0);
        ++bins[static_cast<std::size_t>(place)];
    }
    const double scale = 1 / (count * width * std::sqrt(2 * std::numbers::pi));
    for (int i = 0; i < points; ++i) {
        double density = 0;
        for (int bin = 0; bin < points; ++bin) {
            const double z = (i - bin) * step / width;
            density += bins[static_cast<std::size_t>(bin)] * std::exp(-0.5 * z * z);
        }
        out.append({from + i * step, density * scale});
    }
    return out;
}

QList<QPointF> risingCount(std::vector<double> times, double weight) {
    std::sort(times.begin(), times.end());
    QList<QPointF> out;
    for (std::size_t i = 0; i < times.size(); ++i) {
        const double count = static_cast<double>(i + 1) * weight;
        // Many at one moment are one step.
        if (!out.isEmpty() && out.last().x() == times[i]) {
            out.last().setY(count);
        } else {
            out.append({times[i], count});
        }
    }
    return out;
}

QList<QPointF> thin(const QList<QPointF>& points, int most) {
    if (points.size() <= most || most < 2) return points;
    QList<QPointF> out;
    out.reserve(most);
    for (int i = 0; i < most; ++i)
        out.append(points[(points.size() - 1) * i / (most - 1)]);
    return out;
}

ChartRow rowOf(const QString& name, std::vector<double> samples,
               const std::function<QString(double)>& say) {
    std::sort(samples.begin(), samples.end());
    ChartRow row;
    row.name = name;
    row.count = static_cast<qint64>(samples.size());
    if (samples.empty()) return row;
    row.least = say(samples.front());
    row.median = say(quantileOf(samples, 0.5));
    row.high = say(quantileOf(samples, 0.95));
    row.most = say(samples.back());
    return row;
}

}  // namespace ifrit::gui::models
