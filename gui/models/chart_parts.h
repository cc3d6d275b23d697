// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPointF>
#include <QString>

#include <vector>

namespace ifrit::gui::models {

/// More points than these no screen has; thin() keeps to it.
inline constexpr int kMostChartPoints = 2'000;

struct ChartSeries {
    QString name;
    QList<QPointF> points;  ///< by x; one whose y is no number breaks the line
    int color = 0;          ///< of widgets::seriesColor()
    bool dashed = false;    ///< a plan, or what was before
    bool unnamed = false;   ///< not among the names above the plot; one of its colour is
    bool operator==(const ChartSeries&) const = default;
};

/// One line of the chart's table form; figures as they are read.
struct ChartRow {
    QString name;
    qint64 count = 0;
    QString least;
    QString median;
    QString high;  ///< 95 of 100 are not above
    QString most;
    bool operator==(const ChartRow&) const = default;
};

enum class ChartUnit {
    Plain,    ///< a count, in groups
    Percent,  ///< of one core
    Bytes,
    Share,  ///< of machines, 0 to 1; no figures on the axis
    Rate,   ///< a second
    Took,   ///< microseconds
    Time    ///< milliseconds of the epoch, shown as a clock in the chosen zone
};

/// What a chart shows, or why it shows nothing.
struct ChartContent {
    QString title;
    QString note;      ///< muted, beside the title
    QString whyEmpty;  ///< empty: there is something to draw
    ChartUnit x = ChartUnit::Time;
    ChartUnit y = ChartUnit::Plain;
    QList<ChartSeries> series;
    std::vector<ChartRow> rows;
    int zoneOffsetMs = 0;  ///< of the chosen zone, for Time
    bool operator==(const ChartContent&) const = default;
};

}  // namespace ifrit::gui::models
