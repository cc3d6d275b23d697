// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPointF>
#include <QString>

#include <functional>
#include <vector>

#include "gui/models/chart_parts.h"

namespace ifrit::gui::models {

/// The value that `part` of the sorted samples are not above; 0 where there are none.
double quantileOf(const std::vector<double>& sorted, double part);

/// How far one sample is smeared in densityOf(): Silverman's width. 0 where there are none. O(n).
double kernelWidthOf(const std::vector<double>& samples);

/// A smooth density of the samples at `points` places of [from, to], Gaussian kernels with
/// Silverman's width; its area is 1. Empty for fewer than two samples. O(samples + points²).
QList<QPointF> densityOf(const std::vector<double>& samples, double from, double to, int points);

/// How many had come by each moment: a step at each of the sorted times (milliseconds), each worth
/// `weight`.
QList<QPointF> risingCount(std::vector<double> times, double weight);

/// At most `most` of the points, evenly chosen; the first and the last stay.
QList<QPointF> thin(const QList<QPointF>& points, int most);

/// The table form of samples. `say` words one of them.
ChartRow rowOf(const QString& name, std::vector<double> samples,
               const std::function<QString(double)>& say);

}  // namespace ifrit::gui::models
