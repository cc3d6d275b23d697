// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>

#include "gui/presenters/ring_presenter.h"
#include "tests/gui/presenters/hub_fixture.h"
#include "tests/gui/support/fleet_script.h"
#include "tests/gui/support/held_worker.h"

using namespace ifrit;
namespace services = gui::services;
using domain::MachineState;
using gui::models::StatusKind;
using gui::presenters::RingPresenter;
using gui::presenters::RingStates;

namespace {

struct RingFixture : tests::HubFixture {
    tests::HeldWorker worker;
    RingPresenter ring{hub, feed, worker};
    tests::FleetScript script;

    void tellCluster(std::uint32_t batches, std::uint32_t virtualNodes) {
        services::ClusterSummary cluster;
        cluster.ringBatches = batches;
        cluster.ringVirtualNodes = virtualNodes;
        cluster.ringSeed = 4711;
        master.fleet.clusterCalls.deliver(cluster);
    }
    void begin(std::uint32_t batches = 8, std::uint32_t virtualNodes = 64) {
        connect({});
        tellCluster(batches, virtualNodes);
        ring.setShown(true);
    }
    void tellMachines(std::vector<tests::ScriptMachine> machines) {
        const domain::HashRing truth({8, 64, 4711});
        for (auto& machine : machines)
            machine.batch = truth.batchOf(machine.uuid);
        master.fleet.machineWatch.tell(script.snapshot(machines));
        ring.setShown(false);
        ring.setShown(true);
    }
};

services::ReleaseInfo releaseOf(std::vector<std::uint32_t> order, std::size_t closed,
                                std::size_t opened) {
    services::ReleaseInfo info;
    info.release.id = "r1";
    info.release.spec.agent = "logd";
    info.release.state = domain::ReleaseState::Running;
    for (std::size_t i = 0; i < order.size(); ++i) {
        services::StageProgress stage;
        stage.counts.kind = domain::StageKind::Batch;
        stage.counts.batch = order[i];
        if (i < opened) stage.counts.opened = base::fromUnixMillis(1'000);
        if (i < closed) stage.counts.closed = base::fromUnixMillis(2'000);
        info.stages.push_back(stage);
    }
    return info;
}

std::vector<StatusKind> kindsOf(const std::vector<gui::models::RingBatch>& batches) {
    std::vector<StatusKind> out;
    for (const auto& batch : batches)
        out.push_back(batch.look.kind);
    return out;
}

}  // namespace

class TestRingPresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void saysWhyThereIsNoRing() {
        RingFixture fixture;
        fixture.connect({});
        QVERIFY(!fixture.ring.content());
        QVERIFY(!fixture.ring.whyNot().isEmpty());
        fixture.tellCluster(0, 0);
        QVERIFY(fixture.ring.whyNot().contains(QStringLiteral("too old")));
    }
    void aRingTooLargeIsNotMade() {
        RingFixture fixture;
        fixture.begin(4'096, 65'536);
        QCOMPARE(fixture.worker.pending(), std::size_t{0});
        QVERIFY(!fixture.ring.content());
        QVERIFY(fixture.ring.whyNot().contains(QStringLiteral("ring show")));
    }
    void aLargeRingIsMadeByTheWorkerAndTheLatestOneWins() {
        RingFixture fixture;
        fixture.begin(20, 2'048);
        QCOMPARE(fixture.worker.pending(), std::size_t{1});
        QVERIFY(!fixture.ring.content());
        fixture.hub.retryNow();
        fixture.feed.refresh();
        fixture.tellCluster(10, 4'096);
        QCOMPARE(fixture.worker.pending(), std::size_t{2});
        fixture.worker.finish(0);
        QVERIFY(!fixture.ring.content());
        fixture.worker.finish(0);
        QVERIFY(fixture.ring.content());
        QCOMPARE(fixture.ring.content()->batches.size(), std::size_t{10});
        QCOMPARE(fixture.ring.content()->nodes->size(), std::size_t{40'960});
    }
    void answersAsTheRingOfTheMasterDoes() {
        RingFixture fixture;
        fixture.begin();
        fixture.tellMachines(tests::plainMachines(3));
        const domain::HashRing truth({8, 64, 4711});
        fixture.ring.ask(QStringLiteral("  i-00001 "));
        QVERIFY(fixture.ring.answer() && fixture.ring.answer()->place);
        QCOMPARE(fixture.ring.answer()->place->batch, truth.batchOf("i-00001"));
        QCOMPARE(fixture.ring.answer()->place->point, truth.pointOf("i-00001"));
        QVERIFY(!fixture.ring.answer()->sentence.contains(QStringLiteral("no machine")));
        fixture.ring.ask(QStringLiteral("somebody-else"));
        QVERIFY(fixture.ring.answer()->sentence.contains(QStringLiteral("no machine")));
        fixture.ring.ask(QStringLiteral("not/a uuid"));
        QVERIFY(fixture.ring.answer() && !fixture.ring.answer()->place);
        fixture.ring.ask({});
        QVERIFY(!fixture.ring.answer());
    }
    void countsMachinesAndFailures() {
        RingFixture fixture;
        fixture.begin();
        auto machines = tests::plainMachines(40);
        machines[3].state = MachineState::Failed;
        machines[7].state = MachineState::Silent;
        machines[7].offline = true;
        machines[9].state = MachineState::Reverted;
        machines[9].offline = true;  // silent, whatever it last said
        fixture.tellMachines(machines);
        const auto content = fixture.ring.content();
        QVERIFY(content);
        QCOMPARE(content->dots.size(), std::size_t{3});
        QVERIFY(content->dots[0].point < content->dots[1].point);
        qint64 total = 0;
        qint64 failing = 0;
        for (const auto& batch : content->batches) {
            total += batch.machines;
            failing += batch.failing;
            QCOMPARE(batch.look.kind == StatusKind::Fail, batch.failing * 20 > batch.machines);
        }
        QCOMPARE(total, 40);
        QCOMPARE(failing, 3);
    }
    void onlyTheAgentOfTheReleaseFailsIt() {
        RingFixture fixture;
        fixture.begin();
        auto machines = tests::plainMachines(10);
        machines[1].state = machines[2].state = MachineState::Failed;
        machines[1].agents = {{.name = "logd", .state = MachineState::Failed}};
        machines[2].agents = {{.name = "metricsd", .state = MachineState::Failed}};
        fixture.tellMachines(machines);
        QCOMPARE(fixture.ring.content()->dots.size(), std::size_t{2});
        fixture.ring.setRelease(releaseOf({1, 2, 3, 4, 5, 6, 7, 8}, 1, 2));
        QCOMPARE(fixture.ring.content()->dots.size(), std::size_t{1});
        QCOMPARE(fixture.ring.content()->dots[0].uuid, machines[1].uuid);
    }
    void batchesFollowTheReleasesOrder() {
        RingFixture fixture;
        fixture.begin();
        fixture.ring.setRelease(releaseOf({3, 4, 5, 6, 7, 8, 1, 2}, 1, 2));
        const auto content = fixture.ring.content();
        QCOMPARE(content->batches[0].batch, 3U);
        const auto kinds = kindsOf(content->batches);
        QCOMPARE(kinds[0], StatusKind::Ok);
        QCOMPARE(kinds[1], StatusKind::Run);
        QCOMPARE(kinds[2], StatusKind::Wait);
        QCOMPARE(kinds[3], StatusKind::None);
        const double open = content->batches[0].share + content->batches[1].share;
        QCOMPARE(content->figure, gui::models::percent(open, 1.0));
        // Beside "16 of 30" converged nobody knew what it was a share of.
        QCOMPARE(content->note, QStringLiteral("ring opened"));
    }
    void aStoppedReleaseSaysSo() {
        auto info = releaseOf({1, 2, 3}, 0, 1);
        info.release.state = domain::ReleaseState::Halted;
        QCOMPARE(RingStates::ofRelease(info, 3)[0].look.kind, StatusKind::Fail);
        info.release.state = domain::ReleaseState::Paused;
        QCOMPARE(RingStates::ofRelease(info, 3)[0].look.word, QStringLiteral("paused"));
        // None is next before it goes on.
        QCOMPARE(RingStates::ofRelease(info, 3)[1].look.word, QStringLiteral("not open yet"));
        info.release.state = domain::ReleaseState::Aborted;
        // Nothing comes next any more.
        QCOMPARE(RingStates::ofRelease(info, 3)[1].look.kind, StatusKind::None);
        QCOMPARE(RingStates::ofRelease(info, 3)[1].look.word, QStringLiteral("not opened"));
        // Batches that the ring got later are there too.
        QCOMPARE(RingStates::ofRelease(info, 5).size(), std::size_t{5});
    }
    // The segment stayed blue and "open", and what had gone back was "done".
    void whatIsOverIsNotOpenAnyMore() {
        auto info = releaseOf({1, 2, 3}, 1, 2);
        const auto words = [&info] {
            QStringList out;
            for (const auto& batch : RingStates::ofRelease(info, 3))
                out << batch.look.word;
            return out.join(QStringLiteral(", "));
        };
        QCOMPARE(words(), QStringLiteral("done, open, next"));
        info.release.started = base::fromUnixMillis(1);
        info.release.state = domain::ReleaseState::Aborted;
        QCOMPARE(words(), QStringLiteral("done, aborted, not opened"));
        info.release.state = domain::ReleaseState::RollingBack;
        QCOMPARE(words(), QStringLiteral("rolling back, rolling back, not opened"));
        info.release.state = domain::ReleaseState::RolledBack;
        QCOMPARE(words(), QStringLiteral("rolled back, rolled back, not opened"));
        QVERIFY(RingStates::ofRelease(info, 3)[0].look.kind == StatusKind::None);
    }
    void aReleaseWithoutBatchesHasNoUseForIt() {
        RingFixture fixture;
        fixture.begin();
        services::ReleaseInfo info;
        info.release.id = "r2";
        info.stages.emplace_back();
        fixture.ring.setRelease(info);
        QVERIFY(!fixture.ring.isWanted());
        QVERIFY(!fixture.ring.content());
    }
    void anotherConnectionForgetsTheRing() {
        RingFixture fixture;
        fixture.begin();
        QVERIFY(fixture.ring.content());
        fixture.ring.ask(QStringLiteral("i-00001"));
        fixture.hub.close();
        QVERIFY(!fixture.ring.content());
        QVERIFY(!fixture.ring.answer());
    }
};

QTEST_GUILESS_MAIN(TestRingPresenter)
#include "tst_ring_presenter.moc"
