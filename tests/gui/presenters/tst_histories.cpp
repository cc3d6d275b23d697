// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <algorithm>
#include <cmath>

#include "gui/presenters/machine_usage.h"
#include "gui/presenters/map_presenter.h"
#include "gui/presenters/version_history.h"
#include "tests/gui/presenters/hub_fixture.h"
#include "tests/gui/support/fleet_script.h"

using namespace ifrit;
namespace services = gui::services;
using gui::presenters::MachineUsage;
using gui::presenters::MapPresenter;
using gui::presenters::VersionHistory;

namespace {

gui::models::ChartContent contentOf(const VersionHistory& history) {
    return history.content(gui::models::VersionColors(history.versionsOf(history.agent())));
}

}  // namespace

/// What the desktop itself remembers, as masters keep no history.
class TestHistories : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void versionsOverTime() {
        tests::HubFixture fixture;
        VersionHistory history(fixture.hub, fixture.feed);
        fixture.connect({});
        QVERIFY(!contentOf(history).whyEmpty.isEmpty());
        for (std::uint64_t moved = 0; moved < 4; ++moved) {
            services::ClusterSummary cluster;
            cluster.versions = {
                {"logd", "1.5.0", 100 - moved}, {"logd", "1.6.0", moved}, {"other", "3.0", 7}};
            fixture.feed.refresh();
            fixture.master.fleet.clusterCalls.deliver(cluster);
            fixture.clock.advance(std::chrono::seconds(2));
        }
        const auto content = contentOf(history);
        QCOMPARE(content.whyEmpty, QString());
        QCOMPARE(content.series.size(), 2);
        // The newest first, however few have it.
        QCOMPARE(content.series[0].name, QStringLiteral("1.6.0"));
        QCOMPARE(content.series[0].points.size(), 4);
        QCOMPARE(content.series[0].points.last().y(), 3.0);
        QCOMPARE(content.series[1].points.last().y(), 97.0);
        fixture.hub.close();
        QVERIFY(!contentOf(history).whyEmpty.isEmpty());
    }
    // A straight line went through the hour in which no master was heard.
    void anOutageBreaksTheLine() {
        tests::HubFixture fixture;
        VersionHistory history(fixture.hub, fixture.feed);
        fixture.connect({});
        const auto tell = [&](std::uint64_t machines) {
            services::ClusterSummary cluster;
            cluster.versions = {{"logd", "1.5.0", machines}};
            fixture.feed.refresh();
            fixture.master.fleet.clusterCalls.deliver(cluster);
            fixture.clock.advance(std::chrono::seconds(2));
        };
        tell(100);
        tell(100);
        fixture.master.connection.tell(services::LinkState::Stale);
        fixture.clock.advance(std::chrono::hours(1));
        fixture.master.connection.tell(services::LinkState::Connected);
        tell(40);
        tell(40);
        auto points = contentOf(history).series[0].points;
        QCOMPARE(points.size(), 5);
        QVERIFY(std::isnan(points[2].y()));
        QVERIFY(points[1].x() <= points[2].x() && points[2].x() < points[3].x());
        QCOMPARE(points[3].y(), 40.0);
        // What was not heard is in no figure.
        QCOMPARE(contentOf(history).rows[0].count, 4);
        QCOMPARE(contentOf(history).rows[0].least, QStringLiteral("40"));
        // However many moments are let go.
        for (int i = 0; i < 3'000; ++i)
            tell(40);
        points = contentOf(history).series[0].points;
        QVERIFY(points.size() <= gui::models::kMostChartPoints);
        const auto holes = std::count_if(points.begin(), points.end(), [](const QPointF& point) {
            return std::isnan(point.y());
        });
        QCOMPARE(static_cast<int>(holes), 1);
    }
    // Of two that nearly as many machines run the line began anew at each crossing.
    void anotherLeadingAgentDoesNotEndTheLine() {
        tests::HubFixture fixture;
        VersionHistory history(fixture.hub, fixture.feed);
        fixture.connect({});
        const auto tell = [&](std::vector<services::VersionCount> versions) {
            services::ClusterSummary cluster;
            cluster.versions = std::move(versions);
            fixture.feed.refresh();
            fixture.master.fleet.clusterCalls.deliver(cluster);
            fixture.clock.advance(std::chrono::seconds(2));
        };
        for (std::uint64_t i = 0; i < 6; ++i)
            tell({{"logd", "1.5.0", 100}, {"other", "3.0", i % 2 == 0 ? 99U : 101U}});
        QVERIFY(contentOf(history).title.contains(QStringLiteral("logd")));
        QCOMPARE(contentOf(history).series[0].points.size(), 6);
        // Where the one that is shown goes, the next one has been kept, too.
        tell({{"other", "3.0", 101}});
        QVERIFY(contentOf(history).title.contains(QStringLiteral("other")));
        QCOMPARE(contentOf(history).series[0].points.size(), 7);
    }
    void versionsStayWithinTheirPoints() {
        tests::HubFixture fixture;
        VersionHistory history(fixture.hub, fixture.feed);
        fixture.connect({});
        services::ClusterSummary cluster;
        cluster.versions = {{"logd", "1.5.0", 100}};
        for (int i = 0; i < 3'000; ++i) {
            fixture.feed.refresh();
            fixture.master.fleet.clusterCalls.deliver(cluster);
            fixture.clock.advance(std::chrono::seconds(2));
        }
        const auto points = contentOf(history).series[0].points;
        QVERIFY(points.size() > 900 && points.size() <= gui::models::kMostChartPoints);
        // From the very beginning.
        QVERIFY(points.last().x() - points.first().x() > 5'900'000);
    }
    // On one page: of the map, of the strip over it, and of the versions over time, whichever of
    // them most machines run now or ran ever.
    void aVersionHasOneColor() {
        tests::HubFixture fixture;
        tests::FleetScript script;
        gui::presenters::VersionHistory history(fixture.hub, fixture.feed);
        MapPresenter map(fixture.hub, fixture.feed, nullptr, &history);
        fixture.connect({});
        auto machines = tests::plainMachines(10);
        fixture.master.fleet.machineWatch.tell(script.snapshot(machines));
        map.setColor(gui::presenters::MapColor::Version);
        const auto tell = [&](std::size_t moved, const char* from) {
            services::ClusterSummary cluster;
            for (std::size_t i = 0; i < 10; ++i)
                machines[i].agents = {{.name = "logd", .running = i < moved ? "1.10.0" : from}};
            cluster.versions = {{"logd", from, 10 - moved}, {"logd", "1.10.0", moved}};
            fixture.feed.refresh();
            fixture.master.fleet.clusterCalls.deliver(cluster);
            fixture.master.fleet.machineWatch.tell(script.delta(machines));
            fixture.clock.advance(std::chrono::seconds(2));
        };
        // The oldest is gone, but still in the history.
        tell(1, "1.8.0");
        for (const std::size_t moved : {std::size_t{3}, std::size_t{8}}) {
            tell(moved, "1.9.0");
            QTRY_COMPARE(map.legend().size(), std::size_t{2});
            QMap<QString, int> strip;
            QMap<QString, int> cells;
            QMap<QString, int> lines;
            for (const auto& share : map.versions())
                strip[share.version] = share.color;
            for (const auto& entry : map.legend())
                cells[entry.word] = entry.swatch.series;
            for (const auto& line : history.content(map.versionColors("logd")).series)
                lines[line.name] = line.color;
            const QMap<QString, int> now = {{QStringLiteral("1.10.0"), 0},
                                            {QStringLiteral("1.9.0"), 1}};
            QCOMPARE(strip, now);
            QCOMPARE(cells, now);
            QCOMPARE(lines.take(QStringLiteral("1.8.0")), 2);
            QCOMPARE(lines, now);
        }
    }
    void usageOfOneMachine() {
        tests::HubFixture fixture;
        tests::FleetScript script;
        MachineUsage usage(fixture.hub, fixture.feed);
        fixture.connect({});
        auto machines = tests::plainMachines(2);
        for (auto& machine : machines)
            machine.agents = {{.name = "logd", .cpuCentipercent = 150, .rssBytes = 1 << 20}};
        fixture.master.fleet.machineWatch.tell(script.snapshot(machines));
        usage.setMachine(QStringLiteral("i-00001"));
        QVERIFY(!usage.memory().whyEmpty.isEmpty());
        machines[1].lastSeenMs = 2'000;
        machines[1].agents[0].rssBytes = 2 << 20;
        fixture.master.fleet.machineWatch.tell(script.delta(machines));
        // The same report once more is no other sample.
        fixture.master.fleet.machineWatch.tell(script.delta(machines));
        const auto memory = usage.memory();
        QCOMPARE(memory.whyEmpty, QString());
        QCOMPARE(memory.series.size(), 1);
        QCOMPARE(memory.series[0].points, (QList<QPointF>{{1'000, 1 << 20}, {2'000, 2 << 20}}));
        QCOMPARE(usage.processor().series[0].points.first().y(), 1.5);
        usage.setMachine(QStringLiteral("i-00000"));
        QVERIFY(!usage.memory().whyEmpty.isEmpty());
        usage.setMachine({});
        QVERIFY(usage.memory().series.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestHistories)
#include "tst_histories.moc"
