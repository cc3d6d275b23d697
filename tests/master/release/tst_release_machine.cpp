// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "master/release/gate.h"
#include "master/release/verbs.h"
#include "shared/base/status.h"
#include "shared/domain/enum_names.h"
#include "tests/master/release/release_fixture.h"

using namespace ifrit;
using namespace ifrit::master::release;
using domain::Level;
using domain::MachineState;
using domain::Outcome;
using domain::ReleaseState;
using domain::ReleaseVerb;

class TestReleaseMachine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void startOpensGrayAlone() {
        ReleaseFixture f(2, 5);
        const Effects effects = f.verb(ReleaseVerb::Start, 0).value();
        QCOMPARE(countPuts(effects, Level::Gray), 2);
        QCOMPARE(countPuts(effects, Level::Full), 0);
        QCOMPARE(f.model.release.stages.size(), std::size_t{2});
        QCOMPARE(f.model.release.stages[0].targeted, 2U);
        QCOMPARE(f.model.release.stages[1].targeted, 3U);
        QVERIFY(f.model.machines.at("m0").opened && !f.model.machines.at("m4").opened);
        QCOMPARE(f.model.release.previousVersions.at("LINUX"), std::string("1"));
    }

    void verifyWaitsForMachinesAndSoak() {
        ReleaseFixture f(2, 5);
        f.verb(ReleaseVerb::Start, 0).value();
        QVERIFY(verbRefusal(f.model, ReleaseVerb::Verify, at(1))->find("soaks") !=
                    std::string::npos ||
                verbRefusal(f.model, ReleaseVerb::Verify, at(1))->find("waits for 2 of 2") !=
                    std::string::npos);
        f.report("m0", healthyNew(), 5);
        f.report("m1", healthyNew(), 5);
        QCOMPARE(*verbRefusal(f.model, ReleaseVerb::Verify, at(10)),
                 std::string("soaks for another 50 s"));
        QVERIFY(!f.verb(ReleaseVerb::Verify, 10).ok());
        QVERIFY(!verbRefusal(f.model, ReleaseVerb::Verify, at(60)));
        const Effects effects = f.verb(ReleaseVerb::Verify, 60).value();
        QCOMPARE(countPuts(effects, Level::Full), 1);
        QVERIFY(has(effects, DesiredEdit::Kind::EraseOfRelease));
        QCOMPARE(f.model.stamp, effects.desired[1].row.entry.timestamp);
        for (const char* uuid : {"m2", "m3", "m4"})
            f.report(uuid, healthyNew(), 70);
        QCOMPARE(f.model.release.state, ReleaseState::Done);
        QVERIFY(f.model.release.ended.has_value());
    }

    void autoVerifyGoesOnAfterSoak() {
        ReleaseFixture f(2, 3);
        f.model.release.spec.autoVerify = true;
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m0", healthyNew(), 5);
        f.report("m1", healthyNew(), 5);
        QCOMPARE(f.tick(59).desired.size(), std::size_t{0});
        QVERIFY(f.tick(60).desired.size() > 0);
        QVERIFY(f.model.fullOpened);
    }

    void autoVerifyNeedsAReachableMachine() {
        ReleaseFixture f(1, 3);
        f.model.release.spec.autoVerify = true;
        f.input.machines[0].offline = true;
        f.verb(ReleaseVerb::Start, 0).value();
        f.tick(100);
        QVERIFY(!f.model.fullOpened);
        QVERIFY(waitsFor(f.model, at(100)).find("reachable") != std::string::npos);
        QVERIFY(verbRefusal(f.model, ReleaseVerb::Verify, at(100)).has_value());
    }

    void noGrayListGoesStraightToFull() {
        ReleaseFixture f(0, 3);
        QCOMPARE(countPuts(f.verb(ReleaseVerb::Start, 0).value(), Level::Full), 1);
        for (const char* uuid : {"m0", "m1", "m2"})
            f.report(uuid, healthyNew(), 1);
        QCOMPARE(f.model.release.state, ReleaseState::Done);
    }

    void emptyClusterSettlesTheVersion() {
        ReleaseFixture f(0, 0);
        QCOMPARE(countPuts(f.verb(ReleaseVerb::Start, 0).value(), Level::Full), 1);
        QCOMPARE(f.model.release.state, ReleaseState::Done);
    }

    void machinesThatRunItAlreadyCountAsAlready() {
        ReleaseFixture f(0, 2);
        f.input.machines[0].runningDigest = kNewDigest;
        f.verb(ReleaseVerb::Start, 0).value();
        QCOMPARE(f.outcome("m0"), Outcome::Already);
        f.report("m0", healthyNew(), 1);
        QCOMPARE(f.outcome("m0"), Outcome::Already);
        QCOMPARE(f.model.release.stages[0].outcomes.at(Outcome::Pending), 1U);
    }

    void twoRevertedGrayMachinesHaltTheRelease() {
        ReleaseFixture f(2, 12);
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m0", revertedOld(), 5);
        QCOMPARE(f.model.release.state, ReleaseState::Running);  // the other one may still be well
        const Effects effects = f.report("m1", revertedOld(), 6);
        QCOMPARE(f.model.release.state, ReleaseState::Halted);
        QVERIFY(f.model.release.haltReason.find("2 reverted") != std::string::npos);
        QCOMPARE(effects.timeline.back().what, std::string("halted"));
        QVERIFY(effects.desired.empty());
        QCOMPARE(f.model.machines.at("m0").reason, std::string("PROBE_FAILED"));
        const Effects back = f.verb(ReleaseVerb::Rollback, 10).value();
        QVERIFY(has(back, DesiredEdit::Kind::EraseOfRelease));
        QCOMPARE(countPuts(back, Level::Full), 0);
        f.tick(11);
        QVERIFY2(f.model.release.state == ReleaseState::RollingBack,
                 "a reverted machine is on its old version but not yet well by its own account");
        f.report("m0", healthyOld(), 12);
        f.report("m1", healthyOld(), 12);
        f.tick(13);
        QCOMPARE(f.model.release.state, ReleaseState::RolledBack);
        for (int i = 2; i < 12; ++i)
            QVERIFY(!f.model.machines.at("m" + std::to_string(i)).opened);
    }

    void aLaterStampWinsOverAClockThatWentBack() {
        ReleaseFixture f(1, 2);
        f.input.newestStamp = at(5'000);
        f.verb(ReleaseVerb::Start, 0).value();
        QVERIFY(f.model.stamp > at(5'000));
        const auto stamp = f.model.stamp;
        f.verb(ReleaseVerb::Rollback, 1).value();
        QVERIFY(f.model.standingStamp > stamp);
    }

    void deadlineFailsTheMachineThatSaysNothing() {
        ReleaseFixture f(1, 5);
        f.verb(ReleaseVerb::Start, 0).value();
        f.tick(599);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
        f.tick(600);
        QCOMPARE(f.outcome("m0"), Outcome::Failed);
        QCOMPARE(f.model.machines.at("m0").reason, std::string("DEADLINE"));
        QCOMPARE(f.model.release.state, ReleaseState::Halted);
    }

    void offlineLeavesTheDenominatorAndSilentDoesNot() {
        ReleaseFixture f(3, 5);
        f.verb(ReleaseVerb::Start, 0).value();
        f.presence("m0", true, 1);  // had not begun
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
        QCOMPARE(f.model.release.stages[0].offline, 1U);
        f.report("m1", healthyNew(), 2);
        f.presence("m1", true, 3);  // changed, then vanished
        QCOMPARE(f.outcome("m1"), Outcome::Silent);
        f.presence("m1", false, 4);
        f.report("m1", healthyNew(), 4);
        QCOMPARE(f.outcome("m1"), Outcome::Ok);
        f.report("m2", healthyNew(), 5);
        QVERIFY(!verbRefusal(f.model, ReleaseVerb::Verify, at(61)));
        f.presence("m0", false, 700);
        QCOMPARE(f.model.release.stages[0].offline, 0U);
        QCOMPARE(*f.model.machines.at("m0").deadline, at(1'300));
        QVERIFY(verbRefusal(f.model, ReleaseVerb::Verify, at(701)).has_value());
    }

    void aMachineThatComesAndGoesIsBounded() {
        ReleaseFixture f(2, 3);
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m1", healthyNew(), 1);
        // Reachable for the first of every two hundred seconds: for 1'800 of the first 3'500.
        for (int second = 100; second < 3'500; second += 100) {
            f.presence("m0", (second / 100) % 2 == 1, second);
            f.tick(second);
            QCOMPARE(f.outcome("m0"), Outcome::Pending);
        }
        f.tick(3'499);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
        f.tick(3'500);
        QCOMPARE(f.outcome("m0"), Outcome::Failed);
    }

    void timeOfflineCountsAgainstNobody() {
        ReleaseFixture f(2, 3);
        f.input.machines[0].offline = true;
        f.verb(ReleaseVerb::Start, 0).value();
        f.presence("m1", true, 10);  // had not begun
        f.presence("m0", false, 1'801);
        f.presence("m1", false, 90'000);
        f.tick(1'802);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
        f.tick(90'001);
        QCOMPARE(f.outcome("m1"), Outcome::Pending);
    }

    /// One that was well and silent begins with the time that it had not used.
    void neitherDoesTimeWithAnOutcome() {
        ReleaseFixture f(2, 3);
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m0", healthyNew(), 100);
        f.presence("m0", true, 5'000);
        QCOMPARE(f.outcome("m0"), Outcome::Silent);
        f.presence("m0", false, 9'000);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
        QCOMPARE(*f.model.machines.at("m0").openedAt, at(8'900));
        f.tick(9'001);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
    }

    void aHealthyMachineThatTurnsBadInTheSoakCounts() {
        ReleaseFixture f = verified();
        auto crashing = healthyNew();
        crashing.crashLooping = true;
        crashing.state = MachineState::Degraded;
        f.report("m0", crashing, 30);
        QCOMPARE(f.outcome("m0"), Outcome::Failed);
        QCOMPARE(f.model.release.state, ReleaseState::Halted);
    }

    /// Its first report comes before it has looked at what runs.
    void anIfritAgentThatWasRestartedInTheSoakIsNoFailure() {
        ReleaseFixture f = verified();
        auto restarted = healthyNew();
        restarted.state = MachineState::Watching;
        restarted.step = "taking over";
        restarted.runningVersion.clear();
        restarted.runningDigest.clear();
        f.report("m0", restarted, 30);
        QCOMPARE(f.outcome("m0"), Outcome::Ok);
        f.report("m0", healthyNew(), 31);
        QCOMPARE(f.outcome("m0"), Outcome::Ok);
        QVERIFY(f.model.release.state != ReleaseState::Halted);
    }

    void damageCountsOnlyWhereItCameWithTheRelease() {
        ReleaseFixture f(3, 5);
        f.input.machines[0].damaged = true;
        f.verb(ReleaseVerb::Start, 0).value();
        auto damaged = healthyNew();
        damaged.integrity = domain::Integrity::Damaged;
        damaged.integrityNote = "bin/logd differs";
        f.report("m0", damaged, 5);  // was damaged before
        QCOMPARE(f.outcome("m0"), Outcome::Ok);
        f.report("m1", healthyNew(), 5);
        f.report("m1", damaged, 6);
        QCOMPARE(f.outcome("m1"), Outcome::Failed);
        QCOMPARE(f.model.machines.at("m1").reason, std::string("INTEGRITY"));
        QCOMPARE(f.model.release.stages[0].bad.at(domain::GateKind::Integrity), 1U);
        f.report("m1", damaged, 7);
        QCOMPARE(f.outcome("m1"), Outcome::Failed);
        f.report("m1", healthyNew(), 8);  // put back
        QCOMPARE(f.outcome("m1"), Outcome::Ok);
    }

    void joinersHaveADefinedPlace() {
        ReleaseFixture f = verified();
        MachineProgress joiner;
        joiner.uuid = "new1";
        joiner.machineType = "LINUX";
        QCOMPARE(countPuts(apply(f.model, Joined{joiner, true}, at(10)).value(), Level::Gray), 1);
        QVERIFY(f.model.machines.at("new1").opened);
        f.report("new1", healthyNew(), 11);
        joiner.uuid = "new2";
        QVERIFY(apply(f.model, Joined{joiner, false}, at(12)).value().desired.empty());
        QVERIFY(!f.model.machines.at("new2").opened);
        joiner.uuid = "arm";
        joiner.machineType = "ARM64";
        QVERIFY(apply(f.model, Joined{joiner, true}, at(12)).value().empty());
        toFull(f);
        QVERIFY(f.model.machines.at("new2").opened);
        QCOMPARE(f.model.release.stages[1].targeted, 4U);
    }

    void waitingForPeopleEnds() {
        constexpr int kWeek = 7 * 24 * 3'600;
        ReleaseFixture draft(1, 2);
        draft.tick(30 * 24 * 3'600);
        QCOMPARE(draft.model.release.state, ReleaseState::Aborted);
        ReleaseFixture gray = verified();
        gray.tick(kWeek + 60);
        QCOMPARE(gray.model.release.state, ReleaseState::Aborted);
        ReleaseFixture paused = verified();
        paused.verb(ReleaseVerb::Pause, 10).value();
        paused.tick(kWeek + 10);
        QCOMPARE(paused.model.release.state, ReleaseState::Aborted);
    }

    void aDraftIsCalledOne() {
        const ReleaseFixture f(2, 5);
        QCOMPARE(verbRefusal(f.model, ReleaseVerb::Pause, at(1)).value(),
                 std::string("the release is a draft; only a running release can be paused"));
    }

    void verbsByState_data() {
        QTest::addColumn<QString>("state");
        QTest::addColumn<QString>("allowed");
        QTest::newRow("draft") << "draft"
                               << "start abort approve";
        QTest::newRow("gray") << "gray"
                              << "verify pause promote promote-all abort rollback";
        QTest::newRow("full") << "full"
                              << "pause abort rollback";
        QTest::newRow("paused") << "paused"
                                << "resume abort rollback";
        QTest::newRow("halted") << "halted"
                                << "resume retry-failed abort rollback";
        QTest::newRow("rolling back") << "rolling back"
                                      << "";
        QTest::newRow("rolled back") << "rolled back"
                                     << "";
        QTest::newRow("aborted") << "aborted"
                                 << "rollback";
        QTest::newRow("done") << "done"
                              << "rollback";
    }
    void verbsByState() {
        QFETCH(QString, state);
        QFETCH(QString, allowed);
        ReleaseFixture f = state == QLatin1String("draft") ? ReleaseFixture(2, 5) : verified();
        if (state == QLatin1String("full")) toFull(f);
        if (state == QLatin1String("paused")) f.verb(ReleaseVerb::Pause, 60).value();
        if (state == QLatin1String("aborted")) f.verb(ReleaseVerb::Abort, 60).value();
        if (state == QLatin1String("halted")) f.report("m0", revertedOld(), 60);
        if (state == QLatin1String("halted")) f.report("m1", revertedOld(), 60);
        if (state.startsWith(QLatin1String("roll"))) f.verb(ReleaseVerb::Rollback, 60).value();
        if (state == QLatin1String("rolled back")) f.tick(700);
        if (state == QLatin1String("done")) {
            toFull(f);
            for (const char* uuid : {"m2", "m3", "m4"})
                f.report(uuid, healthyNew(), 70);
        }
        QStringList actual;
        for (const ReleaseVerb verb : allVerbs()) {
            const auto refusal = verbRefusal(f.model, verb, at(701));
            const std::string name(domain::nameOf(verb));
            if (!refusal) actual << QString::fromStdString(name);
            if (refusal) QVERIFY2(refusal->size() > 15, name.c_str());
            // The verb itself agrees with what is shown.
            ReleaseFixture copy = f;
            const absl::Status status = copy.verb(verb, 701).status();
            QCOMPARE(status.ok(), !refusal.has_value());
            if (!status.ok()) {
                QCOMPARE(base::errorInfo(status).reason, std::string("RELEASE_STATE"));
                QVERIFY(copy.model == f.model);
            }
        }
        QCOMPARE(actual.join(QLatin1Char(' ')), allowed);
    }
};

QTEST_GUILESS_MAIN(TestReleaseMachine)
#include "tst_release_machine.moc"
