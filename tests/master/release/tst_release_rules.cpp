// SPDX-License-Identifier: Apache-2.0
// The state machine under windows, a freeze, an approval and late joiners.
#include <QTest>

#include "master/release/verbs.h"
#include "shared/base/status.h"
#include "tests/master/release/release_fixture.h"

using namespace ifrit;
using namespace ifrit::master::release;
using domain::Outcome;
using domain::ReleaseState;
using domain::ReleaseVerb;

namespace {

constexpr int kHour = 3'600;
constexpr int kDay = 24 * kHour;

const domain::FreezeMark& aFreeze() {
    static const domain::FreezeMark kFreeze{"f", "eve", "it burns", {}, {}, {}, {}};
    return kFreeze;
}
Conditions frozen() {
    return {nullptr, &aFreeze()};
}

/// at(0) is 2023-11-14 22:13:20 UTC, a Tuesday: the release is open from 22:00 to 23:00 each night.
StagedFixture windowed(int total = 12) {
    StagedFixture f(total);
    f.model.release.spec.windows.weekly = {domain::parseWeeklyWindow("daily 22:00-23:00").value()};
    f.model.release.spec.autoVerify = true;
    f.plan();
    return f;
}
/// Seconds after at(0) at which the next night's window opens.
constexpr int kNextOpening = kDay - 800;

bool noted(const Effects& effects, const std::string& what) {
    return std::any_of(effects.timeline.begin(), effects.timeline.end(),
                       [&](const auto& note) { return note.what == what; });
}

}  // namespace

class TestReleaseRules : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noStageOpensByItselfOutsideOfTheWindows() {
        StagedFixture f = windowed();
        f.verb(ReleaseVerb::Start, 0).value();
        f.allWell(kHour);  // the soak is over by now, the window too
        QCOMPARE(f.openStage(), std::string("gray"));
        QVERIFY(noted(f.tick(kHour + 1), "held"));
        QVERIFY2(
            waitsFor(f.model, at(kHour)).find("open 2023-11-15 22:00 UTC") != std::string::npos,
            waitsFor(f.model, at(kHour)).c_str());
        f.tick(kNextOpening - 1);
        QCOMPARE(f.openStage(), std::string("gray"));
        QVERIFY(noted(f.tick(kNextOpening), "goes on"));
        QCOMPARE(f.openStage(), std::string("pilot"));
    }

    void aPersonOpensStagesAtAnyHour() {
        StagedFixture f = windowed();
        f.verb(ReleaseVerb::Start, kHour).value();
        QVERIFY(f.verb(ReleaseVerb::Promote, kHour + 1).ok());
        QCOMPARE(f.openStage(), std::string("pilot"));
    }

    /// A machine cannot change while nothing may: that time does not count against it.
    void closedTimeDoesNotCountAgainstMachines() {
        StagedFixture f = windowed();
        f.verb(ReleaseVerb::Start, 0).value();
        f.tick(300);
        f.tick(601);
        QCOMPARE(f.outcome("m0"), Outcome::Failed);
        StagedFixture g = windowed();
        g.verb(ReleaseVerb::Start, 2'700).value();  // 100 s before it closes
        g.tick(2'801);
        g.tick(kNextOpening - 1);
        QCOMPARE(g.outcome("m0"), Outcome::Pending);
        g.tick(kNextOpening);
        QCOMPARE(g.outcome("m0"), Outcome::Pending);
        g.tick(kNextOpening + 590);
        QCOMPARE(g.outcome("m0"), Outcome::Pending);
        g.tick(kNextOpening + 610);
        QCOMPARE(g.outcome("m0"), Outcome::Failed);
    }

    void oneInFlightIsHeldToItsDeadline() {
        StagedFixture f = windowed();
        f.verb(ReleaseVerb::Start, 2'700).value();
        apply(f.model, Permitted{"m0"}, at(2'701)).value();
        f.tick(2'801);
        f.tick(2'700 + 601);
        QCOMPARE(f.outcome("m0"), Outcome::Failed);
        QCOMPARE(f.outcome("m1"), Outcome::Pending);
    }

    /// Machines ask the moment that a window opens, before a tick has noticed it.
    void aPermitBeforeTheTickOfTheOpeningHasItsTime() {
        StagedFixture f = windowed();
        f.verb(ReleaseVerb::Start, 2'700).value();
        f.tick(2'801);
        apply(f.model, Permitted{"m0"}, at(kNextOpening)).value();
        QVERIFY(noted(f.tick(kNextOpening + 1), "goes on"));
        f.tick(kNextOpening + 590);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
        f.tick(kNextOpening + 610);
        QCOMPARE(f.outcome("m0"), Outcome::Failed);
    }

    void freezeRefusesWhatLetsMachinesChange_data() {
        QTest::addColumn<ifrit::domain::ReleaseVerb>("verb");
        QTest::addColumn<bool>("refused");
        QTest::newRow("verify") << ReleaseVerb::Verify << true;
        QTest::newRow("promote") << ReleaseVerb::Promote << true;
        QTest::newRow("promote all") << ReleaseVerb::PromoteAll << true;
        QTest::newRow("pause") << ReleaseVerb::Pause << false;
        QTest::newRow("abort") << ReleaseVerb::Abort << false;
        QTest::newRow("rollback") << ReleaseVerb::Rollback << false;
    }
    void freezeRefusesWhatLetsMachinesChange() {
        QFETCH(ifrit::domain::ReleaseVerb, verb);
        QFETCH(bool, refused);
        StagedFixture f(12);
        f.verb(ReleaseVerb::Start, 0).value();
        f.allWell(60);
        const Conditions conditions = frozen();
        const VerbGiven event{verb, "ada", "because", std::nullopt};
        const auto effects = apply(f.model, event, at(61), conditions);
        QCOMPARE(effects.ok(), !refused);
        QCOMPARE(verbRefusal(f.model, verb, at(61), conditions).has_value() || !refused, true);
        if (refused)
            QCOMPARE(base::errorInfo(effects.status()).reason, std::string("CLUSTER_FROZEN"));
    }
    void freezeRefusesAStart() {
        StagedFixture f(12);
        VerbGiven event{ReleaseVerb::Start, "ada", "because", f.input};
        QCOMPARE(base::errorInfo(apply(f.model, event, at(0), frozen()).status()).reason,
                 std::string("CLUSTER_FROZEN"));
        QVERIFY(apply(f.model, event, at(0)).ok());
    }

    void frozenReleaseStandsAndGoesOn() {
        StagedFixture f(12);
        f.model.release.spec.autoVerify = true;
        f.verb(ReleaseVerb::Start, 0).value();
        const Conditions conditions = frozen();
        QVERIFY(noted(apply(f.model, Ticked{}, at(10), conditions).value(), "held"));
        QVERIFY2(waitsFor(f.model, at(11), conditions).find("eve froze the cluster: it burns") == 0,
                 waitsFor(f.model, at(11), conditions).c_str());
        for (const char* uuid : {"m0", "m1"})
            apply(f.model, Reported{uuid, healthyNew()}, at(100), conditions).value();
        apply(f.model, Ticked{}, at(5 * kDay), conditions).value();
        QCOMPARE(f.openStage(), std::string("gray"));
        QVERIFY(noted(f.tick(5 * kDay + 1), "goes on"));
        QCOMPARE(f.openStage(), std::string("pilot"));
    }

    /// A freeze that nobody lifts ends the release all the same: machines stay as they are.
    void everythingEnds_data() {
        QTest::addColumn<bool>("rollback");
        QTest::addColumn<ifrit::domain::ReleaseState>("end");
        QTest::newRow("running") << false << ReleaseState::Aborted;
        QTest::newRow("rolling back") << true << ReleaseState::RolledBack;
    }
    void everythingEnds() {
        QFETCH(bool, rollback);
        QFETCH(ifrit::domain::ReleaseState, end);
        StagedFixture f(12);
        f.verb(ReleaseVerb::Start, 0).value();
        for (const char* uuid : {"m0", "m1"})
            f.report(uuid, healthyNew(), 10);
        if (rollback) f.verb(ReleaseVerb::Rollback, 20).value();
        const Conditions conditions = frozen();
        apply(f.model, Ticked{}, at(30), conditions).value();
        apply(f.model, Ticked{}, at(30 * kDay), conditions).value();
        QVERIFY(isActive(f.model.release.state));
        apply(f.model, Ticked{}, at(30 * kDay + 60), conditions).value();
        QCOMPARE(f.model.release.state, end);
    }

    void whoComesLateTakesTurns() {
        StagedFixture f(12);
        f.verb(ReleaseVerb::Start, 0).value();
        QVERIFY(!f.model.machines.at("m0").late);
        f.presence("m0", true, 10);
        f.presence("m0", false, 20);
        QVERIFY(f.model.machines.at("m0").late);
        // Not one whose stage has yet to open, and not one that is switching.
        f.presence("m5", true, 10);
        f.presence("m5", false, 20);
        QVERIFY(!f.model.machines.at("m5").late);
        Joined joined;
        joined.machine.uuid = "j0";
        joined.machine.machineType = "LINUX";
        joined.gray = true;
        apply(f.model, joined, at(30)).value();
        QVERIFY(f.model.machines.at("j0").late);
        joined.machine.uuid = "j1";
        joined.gray = false;
        joined.ringBatch = 2;
        apply(f.model, joined, at(30)).value();
        QVERIFY(!f.model.machines.at("j1").late);
    }

    void whoIsHeldKeepsItsTime() {
        StagedFixture f(12);
        f.verb(ReleaseVerb::Start, 0).value();
        QVERIFY(apply(f.model, Held{"m0"}, at(100)).value().machines.empty());
        for (int second = 400; second < 4'000; second += 400)
            QVERIFY(!apply(f.model, Held{"m0"}, at(second)).value().machines.empty());
        f.tick(4'100);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
        QCOMPARE(f.outcome("m1"), Outcome::Failed);
    }

    void approvalIsOfAPlanAndOfAnother() {
        StagedFixture f(12);
        f.model.release.createdBy = "ada";
        f.model.release.spec.approvalRequired = true;
        QVERIFY2(waitsFor(f.model, at(0)).find("other than ada") != std::string::npos,
                 waitsFor(f.model, at(0)).c_str());
        QCOMPARE(base::errorInfo(f.verb(ReleaseVerb::Start, 1).status()).reason,
                 std::string("APPROVAL_MISSING"));
        VerbGiven approve{ReleaseVerb::Approve, "ada", "mine", std::nullopt, f.input.planId};
        QCOMPARE(base::errorInfo(apply(f.model, approve, at(1)).status()).reason,
                 std::string("APPROVER_SAME"));
        approve.actor = "bob";
        QVERIFY(noted(apply(f.model, approve, at(2)).value(), "approved"));
        QCOMPARE(f.model.release.approval->by, std::string("bob"));
        // It ends with its plan.
        QVERIFY(apply(f.model, PlanChanged{f.input.planId}, at(3)).value().empty());
        QVERIFY(noted(apply(f.model, PlanChanged{"other"}, at(3)).value(), "approval ended"));
        QVERIFY(!f.model.release.approval);
        QCOMPARE(f.model.release.endedApproval->by, std::string("bob"));
        QCOMPARE(base::errorInfo(f.verb(ReleaseVerb::Start, 3).status()).reason,
                 std::string("APPROVAL_ENDED"));
        QVERIFY2(waitsFor(f.model, at(3)).find("that bob approved") != std::string::npos,
                 waitsFor(f.model, at(3)).c_str());
        apply(f.model, approve, at(4)).value();
        QVERIFY(!f.model.release.endedApproval);
        QVERIFY(f.verb(ReleaseVerb::Start, 5).ok());
    }
    void theClusterMayAskForApproval() {
        StagedFixture f(12);
        ClusterRules rules;
        rules.requireApproval = true;
        const VerbGiven start{ReleaseVerb::Start, "ada", "because", f.input};
        QCOMPARE(base::errorInfo(apply(f.model, start, at(0), {&rules, nullptr}).status()).reason,
                 std::string("APPROVAL_MISSING"));
    }
    void theClusterHasBlackoutDates() {
        StagedFixture f(12);
        f.model.release.spec.autoVerify = true;
        f.verb(ReleaseVerb::Start, 0).value();
        ClusterRules rules;
        rules.blackouts.blackouts = {domain::parseDateRange("2023-11-14..2023-11-16").value()};
        const Conditions conditions{&rules, nullptr};
        for (const char* uuid : {"m0", "m1"})
            apply(f.model, Reported{uuid, healthyNew()}, at(100), conditions).value();
        apply(f.model, Ticked{}, at(kDay), conditions).value();
        QCOMPARE(f.openStage(), std::string("gray"));
        apply(f.model, Ticked{}, at(3 * kDay), conditions).value();
        QCOMPARE(f.openStage(), std::string("pilot"));
    }
};

QTEST_GUILESS_MAIN(TestReleaseRules)
#include "tst_release_rules.moc"
