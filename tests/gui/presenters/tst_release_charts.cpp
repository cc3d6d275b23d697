// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/presenters/release_charts.h"
#include "tests/gui/presenters/hub_fixture.h"

using namespace ifrit;
namespace services = gui::services;
using domain::Outcome;
using gui::presenters::ReleaseCharts;

namespace {

services::ReleaseMachine measured(int number, double cpu, std::uint64_t before, std::uint64_t after,
                                  std::int64_t sinceMs) {
    services::ReleaseMachine machine;
    machine.uuid = "i-" + std::to_string(number);
    machine.outcome = Outcome::Ok;
    machine.since = base::fromUnixMillis(sinceMs);
    machine.before = domain::ResourceSample{cpu, before};
    machine.sample = domain::ResourceSample{cpu * 2, after};
    return machine;
}

struct ChartsFixture : tests::HubFixture {
    ReleaseCharts charts{hub};
    services::ReleaseInfo info;

    ChartsFixture() {
        connect({});
        info.release.id = "r1";
        info.release.started = clock.now() - std::chrono::minutes(10);
        info.release.spec.soak = std::chrono::minutes(2);
        services::StageProgress gray;
        gray.counts.kind = domain::StageKind::Gray;
        gray.counts.targeted = 10;
        gray.counts.outcomes = {{Outcome::Ok, 10}};
        services::StageProgress full;
        full.counts.targeted = 90;
        info.stages = {gray, full};
    }
    services::Page<services::ReleaseMachine> page(int machines, std::string next = {}) const {
        services::Page<services::ReleaseMachine> out;
        const std::int64_t began = base::toUnixMillis(*info.release.started);
        for (int i = 0; i < machines; ++i)
            out.items.push_back(measured(i, 1.0, 100 << 20, 110 << 20, began + 1'000 * i));
        out.nextToken = std::move(next);
        return out;
    }
    auto& calls() { return master.releases.machineCalls; }
};

}  // namespace

class TestReleaseCharts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void asksOnlyWhileSomebodyLooks() {
        ChartsFixture fixture;
        fixture.charts.setRelease(fixture.info);
        QCOMPARE(fixture.calls().made(), std::size_t{0});
        QVERIFY(!fixture.charts.memory().whyEmpty.isEmpty());
        fixture.charts.setShown(true);
        QCOMPARE(fixture.calls().made(), std::size_t{1});
        QCOMPARE(fixture.calls().last().outcome, std::optional(Outcome::Ok));
        // The same again does not ask again.
        fixture.charts.setRelease(fixture.info);
        QCOMPARE(fixture.calls().made(), std::size_t{1});
    }
    void whatIsNotKeptIsNotAskedFor() {
        ChartsFixture fixture;
        fixture.info.release.historyRemoval = domain::HistoryRemoval{{}, 7, std::nullopt};
        fixture.charts.setRelease(fixture.info);
        fixture.charts.setShown(true);
        QCOMPARE(fixture.calls().made(), std::size_t{0});
        for (const auto& chart :
             {fixture.charts.memory(), fixture.charts.processor(), fixture.charts.convergence()})
            QVERIFY2(chart.whyEmpty.contains(QStringLiteral("not kept any more")),
                     qPrintable(chart.whyEmpty));
    }
    void showsBeforeAndAfter() {
        ChartsFixture fixture;
        fixture.charts.setRelease(fixture.info);
        fixture.charts.setShown(true);
        fixture.calls().deliver(fixture.page(10));
        const auto memory = fixture.charts.memory();
        QCOMPARE(memory.whyEmpty, QString());
        QCOMPARE(memory.series.size(), 2);
        QCOMPARE(memory.rows[0].median, gui::models::bytes(100 << 20));
        QCOMPARE(memory.rows[1].median, gui::models::bytes(110 << 20));
        QVERIFY2(memory.note.contains(QStringLiteral("+10 %")), qPrintable(memory.note));
        for (const auto& series : memory.series)
            QVERIFY(series.points.size() <= gui::models::kMostChartPoints);
        QVERIFY(fixture.charts.processor().note.contains(QStringLiteral("+100 %")));
    }
    // 0.24 % and 0.28 % read as 0.2 % and 0.3 % beside a rise of 17 %.
    void figuresBearOutTheRise() {
        ChartsFixture fixture;
        fixture.charts.setRelease(fixture.info);
        fixture.charts.setShown(true);
        auto page = fixture.page(10);
        for (services::ReleaseMachine& machine : page.items) {
            machine.before->cpuPercent = 0.24;
            machine.sample->cpuPercent = 0.28;
        }
        fixture.calls().deliver(page);
        const auto processor = fixture.charts.processor();
        QVERIFY2(processor.note.contains(QStringLiteral("+17 %")), qPrintable(processor.note));
        QCOMPARE(processor.rows[0].median, QStringLiteral("0.24 %"));
        QCOMPARE(processor.rows[1].median, QStringLiteral("0.28 %"));
    }
    void tooFewSamplesAreSaid() {
        ChartsFixture fixture;
        fixture.charts.setRelease(fixture.info);
        fixture.charts.setShown(true);
        fixture.calls().deliver(fixture.page(4));
        QVERIFY(fixture.charts.memory().whyEmpty.contains(QLatin1Char('4')));
        // When they converged is known all the same.
        QCOMPARE(fixture.charts.convergence().whyEmpty, QString());
    }
    void readsFurtherPagesAndSaysWhatIsLeftOut() {
        ChartsFixture fixture;
        fixture.info.stages[0].counts.outcomes = {{Outcome::Ok, 100'000}};
        fixture.charts.setRelease(fixture.info);
        fixture.charts.setShown(true);
        for (int i = 0; i < 4; ++i) {
            QCOMPARE(fixture.calls().pending(), std::size_t{1});
            fixture.calls().deliver(fixture.page(5'000, "more"));
        }
        QCOMPARE(fixture.calls().pending(), std::size_t{0});
        QVERIFY(!fixture.charts.convergence().note.isEmpty());
        const auto points = fixture.charts.convergence().series[0].points;
        QVERIFY(points.size() <= gui::models::kMostChartPoints);
        QCOMPARE(points.last().y(), 100'000.0);
    }
    void convergesBesideThePlan() {
        ChartsFixture fixture;
        fixture.charts.setRelease(fixture.info);
        fixture.charts.setShown(true);
        fixture.calls().deliver(fixture.page(10));
        const auto chart = fixture.charts.convergence();
        QCOMPARE(chart.series.size(), 2);
        QCOMPARE(chart.series[0].points.first().y(), 0.0);
        QCOMPARE(chart.series[0].points.last().y(), 10.0);
        const double began = static_cast<double>(base::toUnixMillis(*fixture.info.release.started));
        // Gray at once, the rest after its soak.
        QCOMPARE(chart.series[1].points[1], QPointF(began, 10));
        QCOMPARE(chart.series[1].points[3], QPointF(began + 120'000, 100));
    }
    void anErrorIsSaidAndAnotherReleaseForgetsIt() {
        ChartsFixture fixture;
        fixture.charts.setRelease(fixture.info);
        fixture.charts.setShown(true);
        fixture.calls().deliver(absl::UnavailableError("10.4.0.1:7443 does not answer"));
        QVERIFY(!fixture.charts.memory().whyEmpty.isEmpty());
        fixture.info.release.id = "r2";
        fixture.charts.setRelease(fixture.info);
        QCOMPARE(fixture.calls().pending(), std::size_t{1});
        fixture.calls().deliver(fixture.page(10));
        QCOMPARE(fixture.charts.memory().whyEmpty, QString());
        fixture.charts.setRelease(std::nullopt);
        QVERIFY(!fixture.charts.memory().whyEmpty.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestReleaseCharts)
#include "tst_release_charts.moc"
