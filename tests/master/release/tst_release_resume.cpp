// SPDX-License-Identifier: Apache-2.0
// How a release that stood goes on: resume and retry-failed.
#include <QTest>

#include "tests/master/release/release_fixture.h"

using namespace ifrit;
using namespace ifrit::master::release;
using domain::MachineState;
using domain::Outcome;
using domain::ReleaseState;
using domain::ReleaseVerb;

class TestReleaseResume : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pauseStopsTheClockOfMachines() {
        ReleaseFixture f(1, 2);
        f.verb(ReleaseVerb::Start, 0).value();
        f.verb(ReleaseVerb::Pause, 100).value();
        f.tick(5'000);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
        f.verb(ReleaseVerb::Resume, 5'100).value();
        QCOMPARE(*f.model.machines.at("m0").deadline, at(5'600));
        f.tick(5'599);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
        f.tick(5'600);
        QCOMPARE(f.outcome("m0"), Outcome::Failed);
    }

    void resumeAcceptsWhatHadFailed() {
        ReleaseFixture f(3, 5);
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m0", revertedOld(), 1);
        f.report("m1", revertedOld(), 2);
        QCOMPARE(f.model.release.state, ReleaseState::Halted);
        f.verb(ReleaseVerb::Resume, 3).value();
        QCOMPARE(f.model.release.state, ReleaseState::Running);
        f.tick(4);
        QCOMPARE(f.model.release.state, ReleaseState::Running);
        QVERIFY(f.model.release.haltReason.empty());
    }

    // A timeline that says "gate passed" there would be wrong.
    void whoWentOnAfterAResumeIsTold() {
        for (const bool halted : {false, true}) {
            ReleaseFixture f(3, 5);
            f.model.release.spec.autoVerify = true;
            f.verb(ReleaseVerb::Start, 0).value();
            if (halted) {
                f.report("m0", revertedOld(), 1);
                f.report("m1", revertedOld(), 2);
                QCOMPARE(f.model.release.state, ReleaseState::Halted);
                f.verb(ReleaseVerb::Resume, 3).value();
            }
            for (const char* uuid : {"m0", "m1", "m2"})
                if (!halted || std::string(uuid) == "m2") f.report(uuid, healthyNew(), 4);
            const Effects effects = f.tick(100);
            const auto verified =
                std::find_if(effects.timeline.begin(), effects.timeline.end(),
                             [](const TimelineNote& note) { return note.what == "verified"; });
            QVERIFY(verified != effects.timeline.end());
            QCOMPARE(verified->message,
                     std::string(halted ? "soak over; a person let what had halted it pass"
                                        : "soak over, gate passed"));
        }
    }

    void retryFailedStartsThemAnew() {
        ReleaseFixture f(2, 5);
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m0", revertedOld(), 1);
        f.report("m1", revertedOld(), 2);
        const Effects effects = f.verb(ReleaseVerb::RetryFailed, 3).value();
        QCOMPARE(f.model.release.state, ReleaseState::Running);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
        QCOMPARE(effects.clearKnownBad.size(), std::size_t{2});
        QCOMPARE(effects.clearKnownBad.at("m1"), kNewDigest);
        QVERIFY(!f.verb(ReleaseVerb::RetryFailed, 4).ok());
    }

    /// However a halt or a pause is left, its time counts against nobody.
    /// Who paused it has not let it go on: that is resume's, with a permission of its own.
    void retryFailedLeavesAPausedReleasePaused() {
        ReleaseFixture f(2, 5);
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m0", revertedOld(), 1);
        f.verb(ReleaseVerb::Pause, 2).value();
        const Effects effects = f.verb(ReleaseVerb::RetryFailed, 3).value();
        QCOMPARE(f.model.release.state, ReleaseState::Paused);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
        QCOMPARE(effects.clearKnownBad.count("m0"), std::size_t(1));
        // Its time begins when it may change.
        f.verb(ReleaseVerb::Resume, 5'000).value();
        QCOMPARE(f.model.release.state, ReleaseState::Running);
        f.tick(5'000 + 590);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
    }

    void retryFailedStopsTheClockOfTheOthers() {
        ReleaseFixture f(3, 5);
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m0", revertedOld(), 1);
        f.report("m1", revertedOld(), 2);
        QCOMPARE(f.model.release.state, ReleaseState::Halted);
        f.verb(ReleaseVerb::RetryFailed, 702).value();
        QCOMPARE(*f.model.machines.at("m2").deadline, at(1'300));
        QCOMPARE(*f.model.machines.at("m0").deadline, at(1'302));  // it begins anew
        f.tick(703);
        QCOMPARE(f.outcome("m2"), Outcome::Pending);
        QCOMPARE(f.model.release.state, ReleaseState::Running);
    }

    /// Who is tried again after all of its deadlines gets them all again.
    void retryFailedGivesTheWholeTime() {
        ReleaseFixture f(1, 3);
        f.verb(ReleaseVerb::Start, 0).value();
        f.tick(1'900);
        QCOMPARE(f.model.machines.at("m0").reason, std::string("DEADLINE"));
        f.verb(ReleaseVerb::RetryFailed, 1'901).value();
        f.tick(1'902);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
    }

    /// A machine that had returned meanwhile has its deadline from then on, and no more.
    void aReturnInAPauseIsNotCountedTwice() {
        ReleaseFixture f(2, 3);
        f.verb(ReleaseVerb::Start, 0).value();
        f.presence("m0", true, 10);
        f.verb(ReleaseVerb::Pause, 100).value();
        f.presence("m0", false, 4'000);
        f.verb(ReleaseVerb::Resume, 5'000).value();
        QCOMPARE(*f.model.machines.at("m0").deadline, at(5'600));
        QVERIFY(*f.model.machines.at("m0").openedAt <= at(5'000));
    }

    /// In a pause no gate looks: what went bad in it was accepted by nobody.
    void resumeAfterAPauseLetsTheGatesJudge() {
        ReleaseFixture f(3, 5);
        f.verb(ReleaseVerb::Start, 0).value();
        f.verb(ReleaseVerb::Pause, 1).value();
        f.report("m0", revertedOld(), 2);
        f.report("m1", revertedOld(), 3);
        QCOMPARE(f.model.release.state, ReleaseState::Paused);
        f.verb(ReleaseVerb::Resume, 4).value();
        QCOMPARE(f.model.release.state, ReleaseState::Halted);
        QVERIFY(f.model.release.haltReason.find("2 reverted") != std::string::npos);
        // What a person accepted stays so through a later pause.
        f.verb(ReleaseVerb::Resume, 5).value();
        f.verb(ReleaseVerb::Pause, 6).value();
        f.verb(ReleaseVerb::Resume, 7).value();
        QCOMPARE(f.model.release.state, ReleaseState::Running);
    }

    /// The clear reaches a machine with the answer to the very Sync that still carries it.
    void aRetriedMachineThatHasNotHeardOfItIsNotJudged() {
        ReleaseFixture f(2, 5);
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m0", revertedOld(), 1);
        f.report("m1", revertedOld(), 2);
        f.verb(ReleaseVerb::RetryFailed, 3).value();
        f.report("m0", revertedOld(), 4);
        f.report("m1", revertedOld(), 4);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
        QCOMPARE(f.model.release.state, ReleaseState::Running);
        // It has forgotten: what comes from now on is of the new try.
        f.report("m0", reportOf("1", kOldDigest, MachineState::Downloading), 5);
        f.report("m0", revertedOld(), 6);
        QCOMPARE(f.outcome("m0"), Outcome::Reverted);
        // So is what comes after a permit, which nobody asks for a version that he takes for bad.
        QVERIFY(apply(f.model, Permitted{"m1"}, at(7)).ok());
        f.report("m1", revertedOld(), 8);
        QCOMPARE(f.outcome("m1"), Outcome::Reverted);
        QCOMPARE(f.model.release.state, ReleaseState::Halted);
    }

    void aRetriedMachineThatIsWellCounts() {
        ReleaseFixture f(1, 5);
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m0", revertedOld(), 1);
        f.verb(ReleaseVerb::RetryFailed, 3).value();
        auto well = healthyNew();
        well.knownBad = {kNewDigest};
        f.report("m0", well, 4);
        QCOMPARE(f.outcome("m0"), Outcome::Ok);
    }

    /// After a restart all stored reports come again.
    void aReportFromBeforeTheRetryOrThePermitIsNotJudgedAgain() {
        ReleaseFixture f(1, 5);
        f.verb(ReleaseVerb::Start, 0).value();
        auto failed = reportOf("1", kOldDigest, MachineState::Failed);
        f.report("m0", failed, 1, 7);
        QCOMPARE(f.outcome("m0"), Outcome::Failed);
        f.verb(ReleaseVerb::RetryFailed, 2).value();
        f.report("m0", failed, 3, 7);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
        QVERIFY(apply(f.model, Permitted{"m0"}, at(4)).ok());
        f.report("m0", failed, 5, 7);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
        f.report("m0", failed, 6, 8);
        QCOMPARE(f.outcome("m0"), Outcome::Failed);
    }
};

QTEST_GUILESS_MAIN(TestReleaseResume)
#include "tst_release_resume.moc"
