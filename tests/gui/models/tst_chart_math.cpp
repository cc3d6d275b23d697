// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <cmath>

#include "gui/models/chart_math.h"

using namespace ifrit::gui::models;

class TestChartMath : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void quantiles() {
        std::vector<double> samples;
        for (int i = 1; i <= 100; ++i)
            samples.push_back(i);
        QCOMPARE(quantileOf(samples, 0.5), 50.0);
        QCOMPARE(quantileOf(samples, 0.95), 95.0);
        QCOMPARE(quantileOf(samples, 0), 1.0);
        QCOMPARE(quantileOf(samples, 1), 100.0);
        QCOMPARE(quantileOf({}, 0.5), 0.0);
    }
    void aDensityHasTheAreaOneAndItsPeakAtTheMiddle() {
        std::vector<double> samples;
        for (int i = -50; i <= 50; ++i) {
            for (int n = 0; n < 60 - std::abs(i); ++n)
                samples.push_back(100 + i);
        }
        const auto density = densityOf(samples, 0, 200, 200);
        QCOMPARE(density.size(), 200);
        double area = 0;
        QPointF peak;
        for (const QPointF& point : density) {
            area += point.y() * 200.0 / 199;
            if (point.y() > peak.y()) peak = point;
        }
        QVERIFY2(std::abs(area - 1) < 0.02, qPrintable(QString::number(area)));
        QVERIFY2(std::abs(peak.x() - 100) < 3, qPrintable(QString::number(peak.x())));
    }
    void samplesThatAreAllTheSameStayFinite() {
        const auto density = densityOf(std::vector<double>(1'000, 5.0), 4, 6, 100);
        for (const QPointF& point : density)
            QVERIFY(std::isfinite(point.y()));
        QVERIFY(densityOf({1.0}, 0, 2, 100).isEmpty());
        QVERIFY(densityOf({1.0, 2.0}, 2, 2, 100).isEmpty());
    }
    void aRisingCountStepsAtEachMoment() {
        QCOMPARE(risingCount({30, 10, 10, 20}, 2), (QList<QPointF>{{10, 4}, {20, 6}, {30, 8}}));
        QVERIFY(risingCount({}, 1).isEmpty());
    }
    void thinKeepsBothEnds() {
        QList<QPointF> points;
        for (int i = 0; i < 100'000; ++i)
            points.append({static_cast<double>(i), 0});
        const auto few = thin(points, kMostChartPoints);
        QCOMPARE(few.size(), kMostChartPoints);
        QCOMPARE(few.first(), points.first());
        QCOMPARE(few.last(), points.last());
        for (qsizetype i = 1; i < few.size(); ++i)
            QVERIFY(few[i].x() > few[i - 1].x());
        QCOMPARE(thin(few, 5'000), few);
    }
    void aRowSaysWhatTheSamplesAre() {
        const ChartRow row = rowOf(QStringLiteral("after"), {3, 1, 2},
                                   [](double value) { return QString::number(value); });
        QCOMPARE(row.count, 3);
        QCOMPARE(row.least, QStringLiteral("1"));
        QCOMPARE(row.median, QStringLiteral("2"));
        QCOMPARE(row.most, QStringLiteral("3"));
    }
};

QTEST_APPLESS_MAIN(TestChartMath)
#include "tst_chart_math.moc"
