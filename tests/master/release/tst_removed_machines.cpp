// SPDX-License-Identifier: Apache-2.0
// Machines that leave the cluster while a release runs, and come back.
#include <QTest>
#include <map>

#include "master/release/verbs.h"
#include "tests/master/release/release_fixture.h"

using namespace ifrit;
using namespace ifrit::master::release;
using domain::Level;
using domain::Outcome;
using domain::ReleaseState;
using domain::ReleaseVerb;

class TestRemovedMachines : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRemovedMachineIsWaitedForNoMore() {
        ReleaseFixture f(2, 5);
        f.verb(ReleaseVerb::Start, 0).value();
        QVERIFY(apply(f.model, Permitted{"m0"}, at(1)).ok());
        f.report("m1", healthyNew(), 2);
        for (const char* uuid : {"m0", "m1", "stranger"})
            QVERIFY(apply(f.model, Removed{uuid}, at(3)).ok());
        QCOMPARE(f.outcome("m0"), Outcome::Skipped);
        QCOMPARE(f.model.machines.at("m0").reason, std::string("REMOVED"));
        // What it was before it went stands.
        QCOMPARE(f.outcome("m1"), Outcome::Ok);
        const auto& gray = f.model.release.stages[0];
        QCOMPARE(gray.inFlight, 0U);
        QCOMPARE(gray.outcomes,
                 (std::map<Outcome, std::uint32_t>{{Outcome::Ok, 1}, {Outcome::Skipped, 1}}));
        QVERIFY(!verbRefusal(f.model, ReleaseVerb::Verify, at(60)));
        // An abort pins it to no version, and a rollback ends without it.
        ReleaseFixture aborted = f;
        QCOMPARE(countPuts(aborted.verb(ReleaseVerb::Abort, 61).value(), Level::Gray), 0);
        f.verb(ReleaseVerb::Rollback, 61).value();
        f.tick(62);
        QCOMPARE(f.model.release.state, ReleaseState::RolledBack);
    }

    /// Its last report may be of the version: its stage is not opened for it, and nothing pins it.
    void aMachineThatWasRemovedBeforeItsStageIsNotTouched() {
        ReleaseFixture f(2, 5);
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m4", healthyNew(), 1);
        QVERIFY(apply(f.model, Removed{"m4"}, at(2)).ok());
        f.verb(ReleaseVerb::PromoteAll, 3).value();
        QVERIFY(f.model.machines.at("m3").opened);
        QVERIFY(!f.model.machines.at("m4").opened);
        QCOMPARE(countPuts(f.verb(ReleaseVerb::Abort, 4).value(), Level::Gray), 0);
    }

    void aRemovedMachineThatJoinsAgainBeginsAnew() {
        ReleaseFixture f(2, 5);
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m1", healthyNew(), 1);
        for (const char* uuid : {"m0", "m1"})
            QVERIFY(apply(f.model, Removed{uuid}, at(2)).ok());
        Joined joined;
        joined.machine.uuid = "m1";
        joined.machine.machineType = "LINUX";
        const Effects effects = apply(f.model, joined, at(3)).value();
        QCOMPARE(countPuts(effects, Level::Gray), 1);
        QCOMPARE(f.outcome("m1"), Outcome::Pending);
        const MachineProgress& machine = f.model.machines.at("m1");
        QVERIFY(machine.opened && machine.late && !machine.offline);
        QVERIFY(machine.runningDigest.empty());
        QCOMPARE(f.model.release.stages[0].targeted, 2U);
        f.report("m1", healthyNew(), 4);
        QCOMPARE(f.outcome("m1"), Outcome::Ok);
        // One that never left does not.
        QVERIFY(apply(f.model, joined, at(5)).value().empty());
    }

    void aRemovedMachineIsNotTriedAgain() {
        ReleaseFixture f(2, 5);
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m0", revertedOld(), 1);
        f.report("m1", revertedOld(), 1);
        QVERIFY(apply(f.model, Removed{"m0"}, at(2)).ok());
        const Effects effects = f.verb(ReleaseVerb::RetryFailed, 3).value();
        QCOMPARE(effects.clearKnownBad.size(), std::size_t{1});
        QCOMPARE(f.outcome("m0"), Outcome::Skipped);
        QCOMPARE(f.outcome("m1"), Outcome::Pending);
        // What was wrong with it does not halt the release once more.
        QCOMPARE(f.model.release.state, ReleaseState::Running);
        f.report("m1", healthyNew(), 4);
        f.tick(5);
        QCOMPARE(f.model.release.state, ReleaseState::Running);
    }

    void theRevisionGrowsWithWhatChanged() {
        ReleaseFixture f(2, 5);
        f.verb(ReleaseVerb::Start, 0).value();
        const std::uint64_t started = f.model.release.revision;
        QVERIFY(started > 0);
        f.tick(1);
        QCOMPARE(f.model.release.revision, started);
        QVERIFY(!f.verb(ReleaseVerb::Resume, 1).ok());
        QCOMPARE(f.model.release.revision, started);
        f.report("m0", healthyNew(), 2);
        QVERIFY(f.model.release.revision > started);
    }
};

QTEST_GUILESS_MAIN(TestRemovedMachines)
#include "tst_removed_machines.moc"
