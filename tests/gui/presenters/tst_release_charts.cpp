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
    machine.stage = domain::StageKind::Gray;
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
        gray.counts.opened = info.release.started;
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
    void theGatesVerdictIsTold_data() {
        QTest::addColumn<int>("machines");
        QTest::addColumn<qulonglong>("after");
        QTest::addColumn<int>("least");
        QTest::addColumn<QString>("verdict");
        constexpr qulonglong kMiB = 1 << 20;
        // Each has what it had before, 100 MiB, and so much now.
        QTest::newRow("less") << 10 << 98 * kMiB << 5
                              << QStringLiteral(
                                     "median −2 % · passes the gate at +50 % and +16.0 "
                                     "MiB · 10 machine(s)");
        QTest::newRow("more") << 10 << 160 * kMiB << 5
                              << QStringLiteral(
                                     "median +60 % · Gray: above the gate at +50 % and +16.0 "
                                     "MiB, halts · 10 machine(s)");
        QTest::newRow("few") << 6 << 160 * kMiB << 9
                             << QStringLiteral(
                                    "median +60 % · too few for the gate at +50 % and "
                                    "+16.0 MiB, which judges 9 · 6 machine(s)");
    }
    // "median -2 % · gate at +50 %" left out half of the gate, and what it says.
    void theGatesVerdictIsTold() {
        QFETCH(const int, machines);
        QFETCH(const qulonglong, after);
        QFETCH(const int, least);
        QFETCH(const QString, verdict);
        ChartsFixture fixture;
        fixture.info.release.spec.gates.cost.minSample = static_cast<std::uint32_t>(least);
        fixture.info.stages[0].counts.outcomes = {
            {Outcome::Ok, static_cast<std::uint32_t>(machines)}};
        fixture.charts.setRelease(fixture.info);
        fixture.charts.setShown(true);
        auto page = fixture.page(machines);
        for (services::ReleaseMachine& machine : page.items)
            machine.sample->rssBytes = after;
        fixture.calls().deliver(page);
        QString note = fixture.charts.memory().note;
        for (const char16_t space : {u'\u2009', u'\u202f', u'\u00a0'})
            note.replace(QChar(space), QLatin1Char(' '));
        QCOMPARE(note, verdict);
        QVERIFY(fixture.charts.processor().note.contains(QLatin1String("+2.0 % of a core")));
    }
    void theVerdictIsOfEachStageAsTheMasterHasIt_data() {
        QTest::addColumn<bool>("accepted");
        QTest::addColumn<int>("ownPercent");
        QTest::addColumn<bool>("ended");
        QTest::addColumn<QString>("verdict");
        // Gray rose by 60 %, full by nothing; together they would pass.
        QTest::newRow("of one stage") << false << -1 << false
                                      << QStringLiteral(
                                             "Gray: above the gate at +50 % and +16.0 "
                                             "MiB, halts");
        QTest::newRow("a person resumed")
            << true << -1 << false
            << QStringLiteral(
                   "Gray: above the gate at +50 % and +16.0 MiB, accepted by an operator");
        QTest::newRow("limits of its own")
            << false << 90 << false << QStringLiteral("passes the gates of its stages");
        QTest::newRow("it is over") << false << -1 << true
                                    << QStringLiteral(
                                           "Gray: above the gate at +50 % and +16.0 "
                                           "MiB ·");
    }
    void theVerdictIsOfEachStageAsTheMasterHasIt() {
        QFETCH(const bool, accepted);
        QFETCH(const int, ownPercent);
        QFETCH(const bool, ended);
        QFETCH(const QString, verdict);
        ChartsFixture fixture;
        fixture.info.release.stage = domain::StageKind::Full;
        if (ended) fixture.info.release.state = domain::ReleaseState::Done;
        fixture.info.stages[0].costAccepted = accepted;
        fixture.info.stages[1].counts.opened = fixture.info.release.started;
        if (ownPercent >= 0) {
            domain::CostLimits own;
            own.percent = static_cast<std::uint32_t>(ownPercent);
            fixture.info.release.spec.gates.stageCosts = {{domain::StageKind::Gray, own}};
        }
        fixture.charts.setRelease(fixture.info);
        fixture.charts.setShown(true);
        auto page = fixture.page(40);
        for (std::size_t i = 0; i < page.items.size(); ++i) {
            page.items[i].stage = i < 10 ? domain::StageKind::Gray : domain::StageKind::Full;
            page.items[i].sample->rssBytes = (i < 10 ? 160 : 100) << 20;
        }
        fixture.calls().deliver(page);
        QString note = fixture.charts.memory().note;
        for (const char16_t space : {u'\u2009', u'\u202f', u'\u00a0'})
            note.replace(QChar(space), QLatin1Char(' '));
        QVERIFY2(note.contains(verdict), qPrintable(note));
    }
    // What runs another version by now is none of the release's.
    void whatRunsAnotherVersionIsNotJudged() {
        ChartsFixture fixture;
        fixture.info.release.spec.version = "2";
        fixture.charts.setRelease(fixture.info);
        fixture.charts.setShown(true);
        auto page = fixture.page(10);
        for (std::size_t i = 0; i < page.items.size(); ++i) {
            page.items[i].runningVersion = i < 5 ? "2" : "3";
            page.items[i].sample->rssBytes = (i < 5 ? 100 : 900) << 20;
        }
        fixture.calls().deliver(page);
        QVERIFY2(fixture.charts.memory().note.contains(QStringLiteral("passes the gate")),
                 qPrintable(fixture.charts.memory().note));
    }
    // It was cut at some height at both ends.
    void aCurveComesDownWithinItsAxis() {
        ChartsFixture fixture;
        fixture.charts.setRelease(fixture.info);
        fixture.charts.setShown(true);
        auto page = fixture.page(10);
        for (std::size_t i = 0; i < page.items.size(); ++i) {
            page.items[i].before->rssBytes = (100 + i) << 20;
            page.items[i].sample->rssBytes = (102 + i * 2) << 20;
        }
        fixture.calls().deliver(page);
        for (const auto& series : fixture.charts.memory().series) {
            double most = 0;
            for (const QPointF& point : series.points)
                most = std::max(most, point.y());
            for (const double end : {series.points.first().y(), series.points.last().y()})
                QVERIFY2(end < most / 50, qPrintable(QString::number(end / most)));
        }
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
