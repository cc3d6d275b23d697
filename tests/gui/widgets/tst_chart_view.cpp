// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QCategoryAxis>
#include <QChart>
#include <QChartView>
#include <QGraphicsTextItem>
#include <QLegendMarker>
#include <QLineSeries>
#include <QTest>

#include <cmath>
#include <limits>

#include "gui/widgets/chart_ticks.h"
#include "gui/widgets/chart_view.h"
#include "gui/widgets/picture.h"
#include "gui/widgets/theme.h"
#include "tests/gui/support/fixed_clock.h"

using namespace ifrit;
using namespace ifrit::gui;
using widgets::ChartView;

namespace {

models::ChartContent content() {
    models::ChartContent out;
    out.title = QStringLiteral("Memory");
    out.y = models::ChartUnit::Bytes;
    for (int series = 0; series < 2; ++series) {
        models::ChartSeries one;
        one.name = series == 0 ? QStringLiteral("before") : QStringLiteral("after");
        one.color = 4 * series;
        for (int i = 0; i < 100; ++i)
            one.points.append({1'000'000.0 + 1'000 * i, (series + 1) * 20.0 * 1'048'576});
        out.series.append(one);
        out.rows.push_back({one.name, 100, QStringLiteral("1"), QStringLiteral("2"), {}, {}});
    }
    return out;
}

struct ShownChart {
    tests::FixedClock clock;
    models::TimeText times{clock};
    widgets::Theme theme{*qApp};
    ChartView view{theme, times, nullptr};
    ShownChart() {
        times.choose(models::TimeText::Zone::Utc);
        theme.choose(widgets::ThemeChoice::Light);
        view.resize(500, 240);
        view.setContent(content());
        view.show();
    }
};

}  // namespace

class TestChartView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsOldIsPale() {
        ShownChart shown;
        const auto color = [&shown] {
            const auto all = shown.view.findChild<QChartView*>()->chart()->series();
            return qobject_cast<QLineSeries*>(all.first())->pen().color();
        };
        const auto fromGround = [&shown](const QColor& one) {
            const QColor ground = shown.theme.color(widgets::Token::Surface);
            return std::abs(one.lightness() - ground.lightness());
        };
        const QColor fresh = color();
        shown.view.setOld(true);
        QVERIFY(fromGround(color()) < fromGround(fresh));
        shown.view.setOld(false);
        QCOMPARE(color(), fresh);
    }

    void chartsOverOneAnotherBeginAtOneEdge() {
        ShownChart memory;
        ShownChart processor;
        models::ChartContent shares = content();
        shares.y = models::ChartUnit::Percent;
        for (models::ChartSeries& series : shares.series) {
            for (QPointF& point : series.points)
                point.ry() /= 1e9;
        }
        processor.view.setContent(shares);
        memory.view.alignEdge();
        processor.view.alignEdge();
        const auto edge = [](const ShownChart& shown) {
            return shown.view.findChild<QChartView*>()->chart()->plotArea().left();
        };
        // Both are laid out anew.
        memory.view.grab();
        processor.view.grab();
        QCoreApplication::processEvents();
        QVERIFY(std::abs(edge(memory) - edge(processor)) < 1.5);
    }

    // Without a legend the topmost label of the axis was cut in half.
    void theTopmostLabelHasRoom() {
        ShownChart shown;
        auto single = shown.view.content();
        single.series.erase(single.series.begin() + 1, single.series.end());
        shown.view.setContent(single);
        QApplication::processEvents();
        const auto* chart = shown.view.findChild<QChartView*>()->chart();
        QVERIFY(!chart->legend()->isVisible());
        const QFontMetrics metrics(shown.theme.smallFont());
        QVERIFY2(chart->plotArea().top() >= metrics.height() / 2.0,
                 qPrintable(QString::number(chart->plotArea().top())));
    }

    // In a low panel the axis read "…" five times.
    void noLabelIsCut_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        for (const int width : {220, 340, 500}) {
            for (const int height : {112, 130, 150, 180, 240})
                QTest::addRow("%d x %d", width, height) << width << height;
        }
    }
    void noLabelIsCut() {
        QFETCH(int, width);
        QFETCH(int, height);
        ShownChart shown;
        shown.view.resize(width, height);
        const auto cut = [&shown] {
            QStringList out;
            int labels = 0;
            for (const auto* item : shown.view.findChild<QChartView*>()->scene()->items()) {
                const auto* text = dynamic_cast<const QGraphicsTextItem*>(item);
                if (text == nullptr || !text->isVisible()) continue;
                const QString words = text->toPlainText();
                labels += words.isEmpty() ? 0 : 1;
                if (words.contains(QStringLiteral("..."))) out << words;
            }
            return labels < 4 ? QStringList{QStringLiteral("too few")} : out;
        };
        QTRY_COMPARE(cut(), QStringList());
        QApplication::processEvents();
        QCOMPARE(cut(), QStringList());
    }
    void placesOfAnAxisAreToldApart() {
        ShownChart shown;
        models::ChartContent shares = content();
        shares.x = models::ChartUnit::Percent;
        shares.y = models::ChartUnit::Share;
        for (auto& series : shares.series)
            series.points = {{0.05, 0.5}, {0.12, 1.0}, {0.25, 0.5}};
        shown.view.setContent(shares);
        auto* axis = qobject_cast<QCategoryAxis*>(
            shown.view.findChild<QChartView*>()->chart()->axes(Qt::Horizontal).first());
        QVERIFY(axis != nullptr);
        const QStringList labels = axis->categoriesLabels();
        QVERIFY2(labels.contains(QStringLiteral("0.05 %")),
                 qPrintable(labels.join(QLatin1Char(' '))));
    }

    void ticksOfTimeAreRound_data() {
        QTest::addColumn<double>("length");
        QTest::addColumn<double>("step");
        QTest::newRow("40 s") << 40e3 << 10e3;
        QTest::newRow("3 min") << 180e3 << 60e3;
        QTest::newRow("2 h") << 7.2e6 << 1.8e6;
        QTest::newRow("3 days") << 3 * 86.4e6 << 86.4e6;
        QTest::newRow("2 months") << 60 * 86.4e6 << 16 * 86.4e6;
    }
    void ticksOfTimeAreRound() {
        QFETCH(double, length);
        QFETCH(double, step);
        constexpr double kFrom = 1'795'400'000'123.0;
        const auto ticks = widgets::timeTicksOf(kFrom, kFrom + length, 5);
        QVERIFY(ticks.size() >= 2 && ticks.size() <= 5);
        for (std::size_t i = 0; i < ticks.size(); ++i) {
            QVERIFY(ticks[i] >= kFrom && ticks[i] <= kFrom + length);
            QCOMPARE(std::fmod(ticks[i], step), 0.0);
            if (i > 0) QCOMPARE(ticks[i] - ticks[i - 1], step);
        }
    }
    void ticksAreRound_data() {
        QTest::addColumn<double>("from");
        QTest::addColumn<double>("to");
        QTest::addColumn<double>("unit");
        QTest::newRow("counts") << 0.0 << 48'603.0 << 1.0;
        QTest::newRow("a few") << 0.0 << 3.0 << 1.0;
        QTest::newRow("MiB") << 17e6 << 21e6 << 1'048'576.0;
        QTest::newRow("parts") << 0.1 << 0.17 << 1.0;
        QTest::newRow("nothing") << 5.0 << 5.0 << 1.0;
    }
    void ticksAreRound() {
        QFETCH(double, from);
        QFETCH(double, to);
        QFETCH(double, unit);
        const auto ticks = widgets::ticksOf(from, to, 5, unit);
        QVERIFY(!ticks.empty() && ticks.size() <= 5);
        for (std::size_t i = 0; i < ticks.size(); ++i) {
            QVERIFY(ticks[i] >= from - 1e-9 && ticks[i] <= to + 1e-9);
            if (i > 0) QVERIFY(ticks[i] > ticks[i - 1]);
        }
        if (to > from) QVERIFY(ticks.size() >= 2);
    }
    void linesHaveTheirColours() {
        ShownChart shown;
        const QImage picture = widgets::pictureOf(shown.view, shown.theme, 1);
        bool seen = false;
        for (int y = 0; y < picture.height() && !seen; ++y) {
            const QColor pixel = picture.pixelColor(picture.width() * 2 / 3, y);
            seen = pixel.hslSaturation() > 60;
        }
        QVERIFY(seen);
        // The ground is the panel's.
        QCOMPARE(picture.pixelColor(1, 1), shown.theme.color(widgets::Token::Surface));
    }
    void keysReadTheLines() {
        ShownChart shown;
        QCOMPARE(shown.view.reading(), QString());
        QTest::keyClick(&shown.view, Qt::Key_Right);
        QVERIFY2(shown.view.reading().contains(QStringLiteral("after ") + models::bytes(40 << 20)),
                 qPrintable(shown.view.reading()));
        const QString first = shown.view.reading();
        QTest::keyClick(&shown.view, Qt::Key_Right);
        QVERIFY(shown.view.reading() != first);
        QTest::keyClick(&shown.view, Qt::Key_Escape);
        QCOMPARE(shown.view.reading(), QString());
    }
    void itsDescriptionHasTheFigures() {
        ShownChart shown;
        QCOMPARE(shown.view.accessibleName(), QStringLiteral("Memory"));
        QVERIFY(shown.view.accessibleDescription().contains(QStringLiteral("before: 100")));
    }
    void aHoleBreaksTheLine() {
        models::ChartContent broken = content();
        broken.series.removeLast();
        auto& points = broken.series.first().points;
        const double nothing = std::numeric_limits<double>::quiet_NaN();
        for (int i = 40; i < 60; ++i)
            points[i].setY(nothing);
        ShownChart shown;
        shown.view.setContent(broken);
        const auto* chart = shown.view.findChild<QChartView*>()->chart();
        QCOMPARE(chart->series().size(), 2);
        int drawn = 0;
        for (const auto* series : chart->series())
            drawn += static_cast<const QLineSeries*>(series)->count();
        QCOMPARE(drawn, 80);
        // Of the hole nothing is read.
        QTest::keyClick(&shown.view, Qt::Key_Right);
        QVERIFY(shown.view.reading().contains(QStringLiteral("before")));
        for (int i = 0; i < 25; ++i)
            QTest::keyClick(&shown.view, Qt::Key_Right);
        QVERIFY2(!shown.view.reading().contains(QStringLiteral("before")),
                 qPrintable(shown.view.reading()));
    }
    void aLineIsNamedOnceAtMost() {
        models::ChartContent broken = content();
        broken.series.first().points[50].setY(std::numeric_limits<double>::quiet_NaN());
        ShownChart shown;
        shown.view.setContent(broken);
        const auto* chart = shown.view.findChild<QChartView*>()->chart();
        QCOMPARE(chart->series().size(), 3);
        QCoreApplication::processEvents();
        int named = 0;
        for (const auto* marker : chart->legend()->markers())
            named += marker->isVisible() ? 1 : 0;
        QCOMPARE(named, 2);
        broken.series.last().unnamed = true;
        shown.view.setContent(broken);
        QCoreApplication::processEvents();
        named = 0;
        for (const auto* marker : chart->legend()->markers())
            named += marker->isVisible() ? 1 : 0;
        QCOMPARE(named, 1);
    }
    void shortTimesAndRatesAreWorded() {
        ShownChart shown;
        models::ChartContent times = content();
        times.y = models::ChartUnit::Took;
        times.series[0].points = {{0, 250}, {1'000, 250}};
        times.series[1].points = {{0, 1'500}, {1'000, 1'500}};
        shown.view.setContent(times);
        QTest::keyClick(&shown.view, Qt::Key_Right);
        QVERIFY2(shown.view.reading().contains(QStringLiteral("before 250\u2009µs, after "
                                                              "1.5\u2009ms")),
                 qPrintable(shown.view.reading()));
        times.y = models::ChartUnit::Rate;
        times.series[0].points = {{0, 0.25}, {1'000, 0.25}};
        shown.view.setContent(times);
        QVERIFY2(shown.view.reading().contains(QStringLiteral("before 0.3")),
                 qPrintable(shown.view.reading()));
    }
    void nothingToShowIsSaid() {
        ShownChart shown;
        models::ChartContent empty;
        empty.whyEmpty = QStringLiteral("Too few samples.");
        shown.view.setContent(empty);
        QVERIFY(shown.view.accessibleDescription().contains(empty.whyEmpty));
        QTest::keyClick(&shown.view, Qt::Key_Right);
        QCOMPARE(shown.view.reading(), QString());
        // And back.
        shown.view.setContent(content());
        QTest::keyClick(&shown.view, Qt::Key_Right);
        QVERIFY(!shown.view.reading().isEmpty());
    }
    void becomesADrawing() {
        ShownChart shown;
        QVERIFY(widgets::svgOf(shown.view, shown.theme).contains("before"));
    }
};

QTEST_MAIN(TestChartView)
#include "tst_chart_view.moc"
