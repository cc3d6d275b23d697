// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>
#include <set>

#include "master/release/permit.h"
#include "master/release/verbs.h"
#include "shared/base/status.h"
#include "shared/domain/pilot.h"
#include "tests/master/release/release_fixture.h"

using namespace ifrit;
using namespace ifrit::master::release;
using domain::Level;
using domain::Outcome;
using domain::ReleaseState;
using domain::ReleaseVerb;
using domain::StageKind;

namespace {

std::vector<master::compose::DesiredRow> hashRows(const Effects& effects) {
    std::vector<master::compose::DesiredRow> out;
    for (const DesiredEdit& edit : effects.desired) {
        if (edit.kind == DesiredEdit::Kind::Put && edit.row.entry.level == Level::Hash)
            out.push_back(edit.row);
    }
    return out;
}

/// Started and taken to the first batch: gray and pilot well and verified. Second 200.
StagedFixture inFirstBatch(int total = 24) {
    StagedFixture f(total);
    f.verb(ReleaseVerb::Start, 0).value();
    f.allWell(5);
    f.verb(ReleaseVerb::Verify, 100).value();
    f.allWell(105);
    f.verb(ReleaseVerb::Verify, 200).value();
    return f;
}

}  // namespace

class TestStagedRelease : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void stagesAreInOrderAndRotatedByRelease() {
        domain::ReleaseSpec spec;
        QCOMPARE(stagesOf(spec, 3, 1), (std::vector<StageKey>{{StageKind::Full, 0}}));
        spec.gray.uuids = {"m"};
        spec.pilot.percent = 1;
        spec.batches.enabled = true;
        QCOMPARE(stagesOf(spec, 3, 7), (std::vector<StageKey>{{StageKind::Gray, 0},
                                                              {StageKind::Pilot, 0},
                                                              {StageKind::Batch, 2},
                                                              {StageKind::Batch, 3},
                                                              {StageKind::Batch, 1},
                                                              {StageKind::Full, 0}}));
        QCOMPARE(stagesOf(spec, 3, 8)[2].batch, 3U);
        spec.batches.order = {3, 1, 2};
        QCOMPARE(stagesOf(spec, 3, 8)[2].batch, 3U);
        QCOMPARE(stagesOf(spec, 3, 8)[3].batch, 1U);
        // Of another ring it is as none.
        for (const std::uint32_t batches : {2U, 4U}) {
            const auto stages = stagesOf(spec, batches, 8);
            QCOMPARE(stages.size(), std::size_t{3} + batches);
            for (std::uint32_t batch = 1; batch <= batches; ++batch)
                QCOMPARE(
                    std::count(stages.begin(), stages.end(), StageKey{StageKind::Batch, batch}), 1);
        }
    }

    void aPlanWithoutAPlaceForAMachineDoesNotStart() {
        StagedFixture f(24);
        const Model draft = f.model;
        f.input.machines.back().batch = 99;
        f.input.machines.back().stage = StageKind::Batch;
        const auto refused = f.verb(ReleaseVerb::Start, 0).status();
        QCOMPARE(base::errorInfo(refused).reason, std::string("PLAN_CHANGED"));
        QCOMPARE(f.model, draft);
    }

    /// As after a database was put back beside another ring.
    void whoJoinsInABatchThatThereIsNotGoesWithFull() {
        StagedFixture f = inFirstBatch();
        MachineProgress machine;
        machine.uuid = "zz-new";
        machine.machineType = "LINUX";
        while (domain::pilotHash(machine.uuid, "r1") <= f.model.pilotLimits.at("LINUX"))
            machine.uuid += "w";
        QVERIFY(apply(f.model, Joined{machine, false, 99}, at(210)).ok());
        QCOMPARE(f.model.machines.at(machine.uuid).stage, StageKind::Full);
        QCOMPARE(f.model.release.stages.back().targeted, 1U);
    }

    void pilotSize_data() {
        QTest::addColumn<int>("percent");
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("machines");
        QTest::addColumn<int>("size");
        QTest::newRow("one percent of a thousand") << 1 << 0 << 1'000 << 10;
        QTest::newRow("rounded up") << 1 << 0 << 12 << 1;
        QTest::newRow("the larger of the two") << 1 << 20 << 1'000 << 20;
        QTest::newRow("no more than there are") << 0 << 20 << 3 << 3;
        QTest::newRow("none of none") << 50 << 0 << 0 << 0;
        QTest::newRow("all") << 100 << 0 << 7 << 7;
    }
    void pilotSize() {
        QFETCH(int, percent);
        QFETCH(int, count);
        QFETCH(int, machines);
        QFETCH(int, size);
        const domain::PilotShare share{static_cast<std::uint32_t>(percent),
                                       static_cast<std::uint32_t>(count)};
        QCOMPARE(domain::pilotSize(share, static_cast<std::size_t>(machines)),
                 static_cast<std::size_t>(size));
    }

    /// The wire says how it is computed, so it must not change.
    void pilotHashIsTheSameEverywhere() {
        QCOMPARE(domain::pilotHash("i-0c77b2", "r1"), 18182856474128527984ULL);
        QVERIFY(domain::pilotHash("i-0c77b2", "r1") != domain::pilotHash("i-0c77b2", "r2"));
    }

    void everyMachineHasOneStage() {
        const StagedFixture f(24);
        std::size_t total = 0;
        std::set<std::string> seen;
        for (const StageKey& stage : f.input.stages) {
            const auto machines = f.machinesOf(stage);
            total += machines.size();
            seen.insert(machines.begin(), machines.end());
        }
        QCOMPARE(total, std::size_t{24});
        QCOMPARE(seen.size(), std::size_t{24});
        QCOMPARE(f.machinesOf({StageKind::Gray, 0}).size(), std::size_t{2});
        const auto pilot = f.machinesOf({StageKind::Pilot, 0});
        QCOMPARE(pilot.size(), std::size_t{2});
        // The pilot has the smallest hashes of those that are on no gray list.
        for (const MachineProgress& machine : f.input.machines) {
            const bool below =
                domain::pilotHash(machine.uuid, "r1") <= f.input.pilotLimits.at("LINUX");
            QCOMPARE(below && machine.stage != StageKind::Gray, machine.stage == StageKind::Pilot);
        }
        QVERIFY(f.machinesOf({StageKind::Full, 0}).empty());
    }

    void grayThenPilotThenBatches() {
        StagedFixture f(24);
        f.model.release.spec.downloadRate = 2'000'000;
        QVERIFY(hashRows(f.verb(ReleaseVerb::Start, 0).value()).empty());
        QCOMPARE(f.openStage(), std::string("gray"));
        f.allWell(5);
        const auto pilot = hashRows(f.verb(ReleaseVerb::Verify, 60).value());
        QCOMPARE(pilot.size(), std::size_t{1});
        QCOMPARE(pilot[0].batch, 0U);
        QCOMPARE(pilot[0].entry.pilotLimit, f.input.pilotLimits.at("LINUX"));
        QCOMPARE(pilot[0].entry.timestamp, f.model.stamp);
        QCOMPARE(pilot[0].entry.downloadRate, std::uint64_t{2'000'000});
        QCOMPARE(f.openStage(), std::string("pilot"));
        QVERIFY(verbRefusal(f.model, ReleaseVerb::Verify, at(61)).has_value());
        f.allWell(65);
        const auto first = hashRows(f.verb(ReleaseVerb::Verify, 120).value());
        QCOMPARE(first.size(), std::size_t{1});
        QCOMPARE(first[0].batch, f.input.stages[2].batch);
        QCOMPARE(first[0].entry.pilotLimit, std::uint64_t{0});
        QVERIFY(!f.model.fullOpened);
    }

    void batchesGoOnByThemselvesAnIntervalApart() {
        StagedFixture f = inFirstBatch();
        f.allWell(205);
        QVERIFY(hashRows(f.tick(259)).empty());
        QVERIFY2(waitsFor(f.model, at(259)).find("opens in 1 s") != std::string::npos,
                 waitsFor(f.model, at(259)).c_str());
        QCOMPARE(hashRows(f.tick(260)).size(), std::size_t{1});
        QCOMPARE(f.model.release.batch, f.input.stages[3].batch);
        // Over late: the next one opens as soon as its last machine is well.
        QVERIFY(hashRows(f.tick(400)).empty());
        const auto machines = f.machinesOf(f.input.stages[3]);
        for (std::size_t i = 0; i + 1 < machines.size(); ++i)
            f.report(machines[i], healthyNew(), 401);
        QCOMPARE(hashRows(f.report(machines.back(), healthyNew(), 402)).size(), std::size_t{1});
        f.allWell(403);
        f.tick(500);
        f.allWell(501);
        const Effects full = f.tick(600);
        QVERIFY(f.model.fullOpened);
        QVERIFY(std::any_of(full.desired.begin(), full.desired.end(), [](const auto& edit) {
            return edit.kind == DesiredEdit::Kind::EraseOfRelease;
        }));
        QCOMPARE(f.model.release.state, ReleaseState::Done);
    }

    void batchesWaitForPromoteWhereTheReleaseSaysSo() {
        StagedFixture f(24);
        f.model.release.spec.batches.advance = domain::BatchAdvance::Promote;
        f.verb(ReleaseVerb::Start, 0).value();
        f.allWell(5);
        f.verb(ReleaseVerb::Verify, 100).value();
        f.allWell(105);
        f.verb(ReleaseVerb::Verify, 200).value();
        f.allWell(205);
        f.tick(1'000);
        QCOMPARE(f.model.stageIndex, std::size_t{2});
        QVERIFY(waitsFor(f.model, at(1'000)).find("promote") != std::string::npos);
        QVERIFY(waitsForPerson(f.model, at(1'000)));
        QVERIFY(verbRefusal(f.model, ReleaseVerb::Verify, at(1'000)).has_value());
        f.verb(ReleaseVerb::Promote, 1'001).value();
        QCOMPARE(f.model.stageIndex, std::size_t{3});
        QVERIFY2(!waitsForPerson(f.model, at(1'001)), "for the machines of the next batch");
        // Nobody promotes: it ends all the same.
        f.allWell(1'002);
        f.tick(1'001 + 60 + 7 * 24 * 3'600);
        QCOMPARE(f.model.release.state, ReleaseState::Aborted);
    }

    void promoteAllOpensEveryStageInTurn() {
        StagedFixture f = inFirstBatch();
        const Effects effects = f.verb(ReleaseVerb::PromoteAll, 201).value();
        QVERIFY(f.model.fullOpened);
        for (const auto& stage : f.model.release.stages)
            QVERIFY(stage.opened.has_value());
        for (const auto& [uuid, machine] : f.model.machines)
            QVERIFY(machine.opened);
        QCOMPARE(hashRows(effects).size(), std::size_t{3});
    }

    void emptyBatchesMakeNobodyWait() {
        StagedFixture f(2);  // both gray: pilot and all batches are empty
        f.model.release.spec.autoVerify = true;
        f.model.release.spec.pilot = {};
        f.plan();
        f.verb(ReleaseVerb::Start, 0).value();
        f.allWell(5);
        f.tick(60);
        QCOMPARE(f.model.release.state, ReleaseState::Done);
    }

    void aBadBatchHaltsAndTheNextStaysClosed() {
        StagedFixture f = inFirstBatch();
        const auto machines = f.machinesOf(f.input.stages[2]);
        f.report(machines[0], revertedOld(), 205);
        f.report(machines[1], revertedOld(), 206);
        QCOMPARE(f.model.release.state, ReleaseState::Halted);
        QVERIFY(f.model.release.haltReason.find("batch") != std::string::npos);
        f.tick(10'000);
        for (const MachineProgress& planned : f.input.machines) {
            const bool later =
                planned.stage == StageKind::Batch && planned.batch != f.input.stages[2].batch;
            if (later) QVERIFY(!f.model.machines.at(planned.uuid).opened);
        }
        // Rollback takes the hash keys away; full was never touched.
        const Effects back = f.verb(ReleaseVerb::Rollback, 10'001).value();
        QCOMPARE(back.desired.size(), std::size_t{1});
        QCOMPARE(back.desired[0].kind, DesiredEdit::Kind::EraseOfRelease);
    }

    void pausedBatchesStayClosed() {
        StagedFixture f = inFirstBatch();
        f.allWell(205);
        f.verb(ReleaseVerb::Pause, 210).value();
        QVERIFY(f.tick(10'000).desired.empty());
        f.verb(ReleaseVerb::Resume, 10'001).value();
        f.tick(10'002);
        QCOMPARE(f.model.stageIndex, std::size_t{3});
    }

    void joinersOfAStagedRelease() {
        StagedFixture f = inFirstBatch();
        const std::uint32_t open = f.input.stages[2].batch;
        const std::uint32_t closed = f.input.stages[3].batch;
        const auto join = [&f](const std::string& uuid, std::uint32_t batch) {
            Joined joined;
            joined.machine.uuid = uuid;
            joined.machine.machineType = "LINUX";
            joined.ringBatch = batch;
            QVERIFY(apply(f.model, joined, at(210)).ok());
        };
        std::string inPilot;
        std::string outside;
        for (int i = 0; inPilot.empty() || outside.empty(); ++i) {
            const std::string uuid = "new" + std::to_string(i);
            const bool below = domain::pilotHash(uuid, "r1") <= f.input.pilotLimits.at("LINUX");
            (below ? inPilot : outside) = uuid;
        }
        join(inPilot, closed);
        join(outside, closed);
        QCOMPARE(f.model.machines.at(inPilot).stage, StageKind::Pilot);
        QVERIFY(f.model.machines.at(inPilot).opened);
        QCOMPARE(f.model.machines.at(outside).batch, closed);
        QVERIFY(!f.model.machines.at(outside).opened);
        join(outside + "x", open);
        if (f.model.machines.at(outside + "x").stage == StageKind::Batch)
            QVERIFY(f.model.machines.at(outside + "x").opened);
    }

    void permitsEndAtTheLimit() {
        StagedFixture f = inFirstBatch();
        f.model.release.spec.maxInFlight = 2;
        const auto machines = f.machinesOf(f.input.stages[2]);
        domain::DesiredEntry chosen;
        chosen.agent = "logd";
        chosen.version = "2";
        chosen.manifestDigest = kNewDigest;
        chosen.releaseId = "r1";
        chosen.timestamp = f.model.stamp;
        const auto ask = [&](const std::string& uuid) {
            const PermitQuestion question{uuid, "logd", "r1", "2", kNewDigest};
            const Standing standing{f.model.release.state, f.model.standingStamp,
                                    inFlightOf(f.model.release), f.model.release.spec.maxInFlight};
            const PermitAnswer answer =
                decidePermit(question, chosen, standing, &f.model.machines.at(uuid));
            if (answer.granted) (void)apply(f.model, Permitted{uuid}, at(205));
            return answer;
        };
        QVERIFY(ask(machines[0]).granted);
        QVERIFY(ask(machines[1]).granted);
        QCOMPARE(ask(machines[2]).reason, std::string("MAX_IN_FLIGHT"));
        QVERIFY(ask(machines[0]).granted);  // it has one already
        f.report(machines[0], healthyNew(), 206);
        QVERIFY(ask(machines[2]).granted);
        QCOMPARE(inFlightOf(f.model.release), 2U);
    }
};

QTEST_GUILESS_MAIN(TestStagedRelease)
#include "tst_staged_release.moc"
