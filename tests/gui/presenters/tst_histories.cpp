// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/presenters/machine_usage.h"
#include "gui/presenters/version_history.h"
#include "tests/gui/presenters/hub_fixture.h"
#include "tests/gui/support/fleet_script.h"

using namespace ifrit;
namespace services = gui::services;
using gui::presenters::MachineUsage;
using gui::presenters::VersionHistory;

/// What the desktop itself remembers, as masters keep no history.
class TestHistories : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void versionsOverTime() {
        tests::HubFixture fixture;
        VersionHistory history(fixture.hub, fixture.feed);
        fixture.connect({});
        QVERIFY(!history.content().whyEmpty.isEmpty());
        for (std::uint64_t moved = 0; moved < 4; ++moved) {
            services::ClusterSummary cluster;
            cluster.versions = {
                {"logd", "1.5.0", 100 - moved}, {"logd", "1.6.0", moved}, {"other", "3.0", 7}};
            fixture.feed.refresh();
            fixture.master.fleet.clusterCalls.deliver(cluster);
            fixture.clock.advance(std::chrono::seconds(2));
        }
        const auto content = history.content();
        QCOMPARE(content.whyEmpty, QString());
        QCOMPARE(content.series.size(), 2);
        QCOMPARE(content.series[0].name, QStringLiteral("1.5.0"));
        QCOMPARE(content.series[0].points.size(), 4);
        QCOMPARE(content.series[0].points.last().y(), 97.0);
        QCOMPARE(content.series[1].points.last().y(), 3.0);
        fixture.hub.close();
        QVERIFY(!history.content().whyEmpty.isEmpty());
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
        QVERIFY(history.content().title.contains(QStringLiteral("logd")));
        QCOMPARE(history.content().series[0].points.size(), 6);
        // Where the one that is shown goes, the next one has been kept, too.
        tell({{"other", "3.0", 101}});
        QVERIFY(history.content().title.contains(QStringLiteral("other")));
        QCOMPARE(history.content().series[0].points.size(), 7);
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
        const auto points = history.content().series[0].points;
        QVERIFY(points.size() > 900 && points.size() <= gui::models::kMostChartPoints);
        // From the very beginning.
        QVERIFY(points.last().x() - points.first().x() > 5'900'000);
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
