// SPDX-License-Identifier: Apache-2.0
// What an abort leaves standing, and what a rollback takes back.
#include <QTest>
#include <map>
#include <set>
#include <string>

#include "master/release/permit.h"
#include "tests/master/release/release_fixture.h"
#include "tests/master/release/walk_rows.h"

using namespace ifrit;
using namespace ifrit::master::release;
using domain::DesiredAction;
using domain::Level;
using domain::MachineState;
using domain::Outcome;
using domain::ReleaseState;
using domain::ReleaseVerb;

class TestReleaseRollback : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rollbackFromGrayWithoutPreviousUninstalls() {
        ReleaseFixture f(2, 5, false);
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m0", healthyNew(), 5);
        const Effects effects = f.verb(ReleaseVerb::Rollback, 10).value();
        QCOMPARE(countPuts(effects, Level::Full), 1);
        const auto& entry = effects.desired.back().row.entry;
        QCOMPARE(entry.action, DesiredAction::Uninstall);
        QVERIFY(entry.timestamp > f.model.stamp);
        QCOMPARE(entry.timestamp, f.model.standingStamp);
        f.tick(11);
        QCOMPARE(f.model.release.state, ReleaseState::RollingBack);
        f.report("m0", std::nullopt, 12);
        f.tick(13);
        QCOMPARE(f.model.release.state, ReleaseState::RolledBack);
    }

    void rollbackFromFullNamesThePreviousVersion() {
        ReleaseFixture f = verified();
        toFull(f);
        f.report("m2", healthyNew(), 61);
        const Effects effects = f.verb(ReleaseVerb::Rollback, 62).value();
        QCOMPARE(countPuts(effects, Level::Full), 1);
        const auto& entry = effects.desired.back().row.entry;
        QCOMPARE(entry.version, std::string("1"));
        QCOMPARE(entry.manifestDigest, kOldDigest);
        QCOMPARE(entry.releaseId, std::string("r1"));
        QVERIFY(entry.timestamp > f.model.stamp);
        QCOMPARE(f.outcome("m4"), Outcome::Aborted);
        for (const char* uuid : {"m0", "m1", "m2"})
            f.report(uuid, healthyOld(), 70);
        f.tick(71);
        QCOMPARE(f.model.release.state, ReleaseState::RolledBack);
    }

    void rollbackAfterDone() {
        ReleaseFixture f = verified();
        toFull(f);
        for (const char* uuid : {"m2", "m3", "m4"})
            f.report(uuid, healthyNew(), 70);
        QCOMPARE(f.model.release.state, ReleaseState::Done);
        QCOMPARE(countPuts(f.verb(ReleaseVerb::Rollback, 80).value(), Level::Full), 1);
        QVERIFY(!f.model.release.ended.has_value());
        // Nobody answers: the deadline ends it all the same.
        f.tick(80 + 601);
        QCOMPARE(f.model.release.state, ReleaseState::RolledBack);
    }

    void rollbackWaitsForAMachineThatMayBeSwitching() {
        ReleaseFixture f(1, 2);
        f.verb(ReleaseVerb::Start, 0).value();
        QVERIFY(apply(f.model, Permitted{"m0"}, at(1)).ok());
        QCOMPARE(f.model.release.stages[0].inFlight, 1U);
        f.verb(ReleaseVerb::Rollback, 2).value();
        f.tick(3);
        QCOMPARE(f.model.release.state, ReleaseState::RollingBack);
        f.report("m0", healthyOld(), 4);
        f.tick(5);
        QCOMPARE(f.model.release.state, ReleaseState::RolledBack);
        QCOMPARE(f.model.release.stages[0].inFlight, 0U);
    }

    void abortLeavesEveryMachineOnWhatItRuns() {
        ReleaseFixture f = verified();
        toFull(f);
        f.report("m2", healthyNew(), 61);
        const Effects effects = f.verb(ReleaseVerb::Abort, 62).value();
        // m0, m1, m2 are held on 2; the full entry is 1 again for m3 and m4.
        QCOMPARE(countPuts(effects, Level::Gray), 3);
        QCOMPARE(countPuts(effects, Level::Full), 1);
        for (const auto& edit : effects.desired) {
            if (edit.kind != DesiredEdit::Kind::Put) continue;
            QCOMPARE(edit.row.entry.timestamp, f.model.standingStamp);
            QCOMPARE(edit.row.entry.version,
                     std::string(edit.row.entry.level == Level::Gray ? "2" : "1"));
        }
        QCOMPARE(f.outcome("m3"), Outcome::Aborted);
        QCOMPARE(f.model.release.state, ReleaseState::Aborted);
    }

    // Those on which the version goes wrong are the ones for which people abort: they stay too, and
    // so does who fell silent on it, back or not.
    void abortLeavesMachinesThatRunItBadlyOnIt_data() {
        QTest::addColumn<bool>("byDeadline");
        QTest::newRow("by a person") << false;
        QTest::newRow("by the deadline of a halt") << true;
    }
    void abortLeavesMachinesThatRunItBadlyOnIt() {
        QFETCH(const bool, byDeadline);
        ReleaseFixture f(7, 9);
        f.verb(ReleaseVerb::Start, 0).value();
        for (const char* uuid : {"m0", "m1", "m2", "m3", "m4"})
            f.report(uuid, healthyNew(), 5);
        auto crashing = reportOf("2", kNewDigest, MachineState::Failed);
        crashing.crashLooping = true;
        f.report("m0", crashing, 10);
        auto damaged = healthyNew();
        damaged.integrity = domain::Integrity::Damaged;
        f.report("m1", damaged, 10);
        f.report("m2", reportOf("2", kNewDigest, MachineState::Degraded), 10);
        f.presence("m3", true, 10);
        f.presence("m4", true, 10);
        f.presence("m4", false, 20);
        f.report("m5", revertedOld(), 20);
        for (const char* uuid : {"m0", "m1", "m2"})
            QCOMPARE(f.outcome(uuid), Outcome::Failed);
        QCOMPARE(f.outcome("m3"), Outcome::Silent);
        QCOMPARE(f.outcome("m4"), Outcome::Pending);
        f.tick(21);
        QCOMPARE(f.model.release.state, ReleaseState::Halted);
        const Effects effects =
            byDeadline ? f.tick(21 + 7 * 86'400 + 1) : f.verb(ReleaseVerb::Abort, 30).value();
        QCOMPARE(f.model.release.state, ReleaseState::Aborted);
        std::set<std::string> held;
        for (const auto& edit : effects.desired) {
            if (edit.kind == DesiredEdit::Kind::Put) held.insert(edit.row.machineUuid);
        }
        QCOMPARE(held, (std::set<std::string>{"m0", "m1", "m2", "m3", "m4"}));
        // A rollback afterwards takes all of that away, and waits for each that it can reach.
        const Effects back = f.verb(ReleaseVerb::Rollback, 7 * 86'400 + 100).value();
        QVERIFY(has(back, DesiredEdit::Kind::EraseOfRelease));
        QCOMPARE(countPuts(back, Level::Gray), 0);
        for (const char* uuid : {"m0", "m1", "m2", "m5"})
            f.report(uuid, healthyOld(), 7 * 86'400 + 110);
        f.tick(7 * 86'400 + 111);
        QCOMPARE(f.model.release.state, ReleaseState::RollingBack);
        f.report("m4", healthyOld(), 7 * 86'400 + 112);
        f.tick(7 * 86'400 + 113);
        QCOMPARE(f.model.release.state, ReleaseState::RolledBack);
    }

    void rollbackAfterAnAbortInFullIsPermitted() {
        ReleaseFixture f = verified();
        f.verb(ReleaseVerb::PromoteAll, 60).value();
        f.report("m2", healthyNew(), 61);
        f.verb(ReleaseVerb::Abort, 62).value();
        const Effects back = f.verb(ReleaseVerb::Rollback, 70).value();
        QVERIFY(has(back, DesiredEdit::Kind::EraseOfRelease));
        QCOMPARE(countPuts(back, Level::Full), 1);
        const auto& served = back.desired.back().row.entry;
        QCOMPARE(served.version, std::string("1"));
        const Standing standing{f.model.release.state, f.model.standingStamp, 0, 0};
        const PermitAnswer answer = decidePermit({"m2", "logd", "r1", "1", kOldDigest}, served,
                                                 standing, &f.model.machines.at("m2"));
        QVERIFY2(answer.granted, answer.reason.c_str());
    }

    /// Before full the settled entry is another release's, and stands.
    void rollbackAfterAnAbortInGrayLeavesTheFullEntry() {
        ReleaseFixture f = verified();
        f.verb(ReleaseVerb::Abort, 62).value();
        const Effects back = f.verb(ReleaseVerb::Rollback, 70).value();
        QVERIFY(has(back, DesiredEdit::Kind::EraseOfRelease));
        QCOMPARE(countPuts(back, Level::Full), 0);
    }

    void abortInFullWithoutPreviousTakesTheEntryAway() {
        ReleaseFixture f(0, 2, false);
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m0", healthyNew(), 1);
        const Effects effects = f.verb(ReleaseVerb::Abort, 2).value();
        QVERIFY(has(effects, DesiredEdit::Kind::EraseFull));
        QCOMPARE(countPuts(effects, Level::Full), 0);
        QCOMPARE(countPuts(effects, Level::Gray), 1);
    }

    /// Those that followed have put entries of their own, and taken away what had stood.
    void rollbackBehindOthersWinsOverWhatTheyLeft_data() {
        QTest::addColumn<bool>("full");
        QTest::addColumn<bool>("hadPrevious");
        for (const bool full : {false, true}) {
            for (const bool hadPrevious : {false, true}) {
                QTest::addRow("%s, %s", full ? "done" : "aborted in gray",
                              hadPrevious ? "something settled" : "nothing settled")
                    << full << hadPrevious;
            }
        }
    }
    void rollbackBehindOthersWinsOverWhatTheyLeft() {
        QFETCH(const bool, full);
        QFETCH(const bool, hadPrevious);
        ReleaseFixture f(2, 5, hadPrevious);
        const Target older{DesiredAction::Install, "0.9", std::string(64, 'c')};
        f.input.machines[1].pinned = older;
        f.input.machines[4].pinned = older;
        f.verb(ReleaseVerb::Start, 0).value();
        if (full) {
            f.verb(ReleaseVerb::PromoteAll, 1).value();
            for (const char* uuid : {"m0", "m1", "m2", "m3", "m4"})
                f.report(uuid, healthyNew(), 5);
            QCOMPARE(f.model.release.state, ReleaseState::Done);
        } else {
            f.report("m0", healthyNew(), 5);
            f.report("m1", healthyNew(), 5);
            f.verb(ReleaseVerb::Abort, 6).value();
        }
        // The others' clock ran ahead of this one.
        VerbGiven event{ReleaseVerb::Rollback, "ada", "because", std::nullopt};
        event.rolledBackSince = at(5'000);
        const Effects back = apply(f.model, event, at(100)).value();
        QVERIFY(f.model.standingStamp > at(5'000));
        std::set<std::string> pinned;
        bool erased = false;
        for (const DesiredEdit& edit : back.desired) {
            if (edit.kind == DesiredEdit::Kind::EraseOlderGray) {
                QCOMPARE(edit.row.entry.timestamp, f.model.standingStamp);
                QCOMPARE(edit.row.machineType, std::string("LINUX"));
                QVERIFY(pinned.empty());
                erased = true;
            }
            if (edit.kind != DesiredEdit::Kind::Put) continue;
            QCOMPARE(edit.row.entry.timestamp, f.model.standingStamp);
            QCOMPARE(edit.row.entry.releaseId, std::string("r1"));
            if (edit.row.entry.level == Level::Gray) {
                pinned.insert(edit.row.machineUuid);
                QCOMPARE(edit.row.entry.version, std::string("0.9"));
            } else {
                QCOMPARE(edit.row.entry.version, std::string(hadPrevious ? "1" : ""));
            }
        }
        QVERIFY(erased);
        QCOMPARE(countPuts(back, Level::Full), 1);
        QCOMPARE(pinned, (std::set<std::string>{"m1", "m4"}));
    }

    /// What was said before the rollback says nothing of a switch that goes on.
    void anOldReportDoesNotEndTheSwitchOfARollback() {
        ReleaseFixture f(1, 2);
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m0", healthyOld(), 1, 7);
        QVERIFY(apply(f.model, Permitted{"m0"}, at(1)).ok());
        f.verb(ReleaseVerb::Rollback, 2).value();
        f.report("m0", healthyOld(), 3, 7);
        f.tick(4);
        QCOMPARE(f.model.release.state, ReleaseState::RollingBack);
        QCOMPARE(f.model.release.stages[0].inFlight, 1U);
        f.report("m0", healthyOld(), 5, 8);
        f.tick(6);
        QCOMPARE(f.model.release.state, ReleaseState::RolledBack);
        QCOMPARE(f.model.release.stages[0].inFlight, 0U);
    }

    /// What an aborted release left on it is what it falls back to.
    void aMachineThatAnEarlierReleasePinnedReturnsToThat() {
        const std::string pinnedDigest(64, 'c');
        ReleaseFixture f(2, 4);
        f.input.machines[0].pinned = Target{DesiredAction::Install, "1.5", pinnedDigest};
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m0", healthyNew(), 1);
        f.report("m1", healthyNew(), 1);
        f.verb(ReleaseVerb::Rollback, 2).value();
        f.report("m0", reportOf("1.5", pinnedDigest, MachineState::Healthy, "r-earlier"), 3);
        f.tick(4);
        QCOMPARE(f.model.release.state, ReleaseState::RollingBack);  // m1 has not returned
        f.report("m1", healthyOld(), 5);
        f.tick(6);
        QCOMPARE(f.model.release.state, ReleaseState::RolledBack);
    }

    /// Where nothing was settled the entry that uninstalls is newer than any pin: what an earlier
    /// release left on a machine is put back over it, also where this one never came to.
    void pinsStandWhereNothingWasSettled() {
        const std::string pinnedDigest(64, 'c');
        const Target pin{DesiredAction::Install, "1.5", pinnedDigest};
        ReleaseFixture f(2, 4, false);
        for (const std::size_t pinned : {0U, 2U, 3U})
            f.input.machines[pinned].pinned = pin;
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m0", healthyNew(), 1);
        f.report("m1", healthyNew(), 1);
        // One that is gone gets no row again.
        QVERIFY(apply(f.model, Removed{"m2"}, at(1)).ok());
        const Effects effects = f.verb(ReleaseVerb::Rollback, 2).value();
        QCOMPARE(countPuts(effects, Level::Full), 1);
        std::map<std::string, std::string> kept;
        for (const auto& edit : effects.desired) {
            if (edit.kind != DesiredEdit::Kind::Put || edit.row.entry.level != Level::Gray)
                continue;
            kept[edit.row.machineUuid] = edit.row.entry.version;
            // Not newer than the other, and over it by its level.
            QCOMPARE(edit.row.entry.timestamp, f.model.standingStamp);
            QCOMPARE(edit.row.entry.manifestDigest, pinnedDigest);
        }
        QCOMPARE(kept, (std::map<std::string, std::string>{{"m0", "1.5"}, {"m3", "1.5"}}));
        f.report("m0", reportOf("1.5", pinnedDigest, MachineState::Healthy), 3);
        f.tick(4);
        QCOMPARE(f.model.release.state, ReleaseState::RollingBack);
        f.report("m1", std::nullopt, 5);
        f.tick(6);
        QCOMPARE(f.model.release.state, ReleaseState::RolledBack);
    }

    /// Full takes the pins away; going back, each machine has its own again.
    void pinsStandAfterFull_data() {
        QTest::addColumn<bool>("hadPrevious");
        QTest::newRow("over what was settled") << true;
        QTest::newRow("where nothing was settled") << false;
    }
    void pinsStandAfterFull() {
        QFETCH(bool, hadPrevious);
        const std::string pinnedDigest(64, 'c');
        ReleaseFixture f(0, 3, hadPrevious);
        f.input.machines[0].pinned = Target{DesiredAction::Install, "1.5", pinnedDigest};
        f.verb(ReleaseVerb::Start, 0).value();
        QVERIFY(f.model.fullOpened);
        QCOMPARE(f.model.pinnedDigests, std::set<std::string>{pinnedDigest});
        for (const char* uuid : {"m0", "m1", "m2"})
            f.report(uuid, healthyNew(), 1);
        QCOMPARE(f.model.release.state, ReleaseState::Done);
        Rows rows;
        rows.take(f.verb(ReleaseVerb::Rollback, 61).value());
        QCOMPARE(rows.versionFor("m0"), std::string("1.5"));
        QCOMPARE(rows.versionFor("m1"), std::string(hadPrevious ? "1" : ""));
        const auto before = hadPrevious ? std::optional(healthyOld()) : std::nullopt;
        for (const char* uuid : {"m1", "m2"})
            f.report(uuid, before, 62);
        f.report("m0", before, 62);
        f.tick(63);
        QCOMPARE(f.model.release.state, ReleaseState::RollingBack);
        f.report("m0", reportOf("1.5", pinnedDigest, MachineState::Healthy), 64);
        f.tick(65);
        QCOMPARE(f.model.release.state, ReleaseState::RolledBack);
    }

    /// It stays on what it runs: that is not what was settled.
    void anAbortAfterFullLeavesAPinnedMachineAlone() {
        const std::string pinnedDigest(64, 'c');
        ReleaseFixture f(0, 3);
        f.input.machines[0].pinned = Target{DesiredAction::Install, "1.5", pinnedDigest};
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m1", healthyNew(), 1);
        Rows rows;
        rows.take(f.verb(ReleaseVerb::Abort, 2).value());
        QCOMPARE(rows.versionFor("m0"), std::string("1.5"));
        QCOMPARE(rows.versionFor("m1"), std::string("2"));
        QCOMPARE(rows.versionFor("m2"), std::string("1"));
    }
};

QTEST_GUILESS_MAIN(TestReleaseRollback)
#include "tst_release_rollback.moc"
