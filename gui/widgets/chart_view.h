// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "gui/models/chart_parts.h"
#include "gui/models/text_format.h"

class QChart;
class QChartView;
class QGraphicsLineItem;
class QLabel;

namespace ifrit::gui::widgets {

class Theme;

/// Lines of a plot in the look: own fonts and colours, a light grid, names of the lines above it;
/// in place of them a sentence where there is nothing to plot. Its accessible description has the
/// figures of each line. Left and Right move a reading line from one place to the next.
class ChartView : public QWidget {
    Q_OBJECT
public:
    ChartView(const Theme& theme, const models::TimeText& times, QWidget* parent);
    void setContent(const models::ChartContent& content);
    const models::ChartContent& content() const { return m_content; }
    /// What is shown is old: the lines are pale.
    void setOld(bool old);
    bool isOld() const { return m_old; }
    /// It is one of several over one another: they begin at one edge, whatever their labels say.
    void alignEdge();
    /// "11:21:07: before 17.1 MiB, after 18.2 MiB": of the reading line; empty: there is none.
    QString reading() const;

protected:
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void rebuild();
    /// As many places on each axis as there is room to name.
    void fitTicks(const QSizeF& plot);
    void addSeries(QChart& chart);
    void addAxes(QChart& chart);
    int roomBesideLabels() const;
    void describe();
    void read(double part);
    QString textOf(models::ChartUnit unit, double value) const;
    /// Beside the others of the axis.
    QString tickText(models::ChartUnit unit, double tick, const std::vector<double>& all) const;

    const Theme& m_theme;
    const models::TimeText& m_times;
    models::ChartContent m_content;
    bool m_old = false;
    bool m_aligned = false;
    QChartView* m_view;
    QLabel* m_whyEmpty;
    QLabel* m_said;  ///< what the reading line reads
    QGraphicsLineItem* m_line = nullptr;
    int m_ticksAcross = 5;
    int m_ticksUp = 5;
    bool m_building = false;
    double m_reading = -1;  ///< part of the width, 0 to 1
    double m_from = 0;      ///< of x
    double m_to = 1;
};

}  // namespace ifrit::gui::widgets
