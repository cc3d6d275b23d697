// SPDX-License-Identifier: Apache-2.0
// Machines that have come out and try again by themselves: after a deadline, or once a version that
// they took for bad is cleared.
#include <QTest>

#include "master/release/permit.h"
#include "tests/master/release/release_fixture.h"

using namespace ifrit;
using namespace ifrit::master::release;
using domain::Outcome;
using domain::ReleaseState;
using domain::ReleaseVerb;

namespace {

domain::AgentReport knowingItBad() {
    domain::AgentReport report = healthyOld();
    report.knownBad = {kNewDigest};
    return report;
}

}  // namespace

class TestTriedAgain : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// A slow archive: all are failed by the deadline, a person lets it go on, and they ask on.
    void whoMissedItsDeadlineIsInFlightAgain() {
        ReleaseFixture f(4, 6);
        f.model.release.spec.maxInFlight = 1;
        f.verb(ReleaseVerb::Start, 0).value();
        f.tick(600);
        QCOMPARE(f.outcome("m0"), Outcome::Failed);
        QCOMPARE(f.model.release.state, ReleaseState::Halted);
        f.verb(ReleaseVerb::Resume, 601).value();
        f.tick(602);
        QCOMPARE(f.model.release.state, ReleaseState::Running);
        QVERIFY(apply(f.model, Permitted{"m0"}, at(603)).ok());
        QCOMPARE(inFlightOf(f.model.release), 1U);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
        // With all the time that it had at first.
        f.tick(1'202);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
        f.report("m0", healthyNew(), 1'202);
        QCOMPARE(f.outcome("m0"), Outcome::Ok);
        QCOMPARE(inFlightOf(f.model.release), 0U);
    }

    void whoHasAPermitWhenItIsRolledBackIsWaitedFor() {
        ReleaseFixture f(4, 6);
        f.verb(ReleaseVerb::Start, 0).value();
        f.tick(600);
        f.verb(ReleaseVerb::Resume, 601).value();
        QVERIFY(apply(f.model, Permitted{"m0"}, at(602)).ok());
        f.verb(ReleaseVerb::Rollback, 603).value();
        f.tick(604);
        QCOMPARE(f.model.release.state, ReleaseState::RollingBack);
        f.report("m0", healthyOld(), 605, 7);
        f.tick(606);
        QCOMPARE(f.model.release.state, ReleaseState::RolledBack);
    }

    /// It had a permit and was not heard of since: it may run the version, whatever it said before.
    void whoFellSilentInFlightStaysOnIt_data() {
        QTest::addColumn<QString>("then");
        QTest::newRow("back without a report") << "back";
        QTest::newRow("back with the report of before") << "repeats";
        QTest::newRow("retried while it was away") << "retried";
        QTest::newRow("its time over, not silent") << "overdue";
        QTest::newRow("overdue, then retried") << "overdue, retried";
    }
    void whoFellSilentInFlightStaysOnIt() {
        QFETCH(const QString, then);
        ReleaseFixture f(1, 3);
        f.model.release.spec.maxInFlight = 1;
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m0", healthyOld(), 1, 7);
        QVERIFY(apply(f.model, Permitted{"m0"}, at(2)).ok());
        if (then == u"overdue" || then == u"overdue, retried") {
            f.tick(700);
            QCOMPARE(f.outcome("m0"), Outcome::Failed);
            QCOMPARE(f.model.release.stages[0].inFlight, 0U);
            if (then == u"overdue, retried") {
                f.verb(ReleaseVerb::RetryFailed, 700).value();
                // It counts among those that switch at a time.
                QCOMPARE(f.model.release.stages[0].inFlight, 1U);
            }
        } else {
            f.presence("m0", true, 3);
            QCOMPARE(f.outcome("m0"), Outcome::Silent);
            QCOMPARE(f.model.release.stages[0].inFlight, 0U);
            if (then == u"retried") f.verb(ReleaseVerb::RetryFailed, 4).value();
            f.presence("m0", false, 5);
            // What it had begun may be under way.
            QCOMPARE(f.model.release.stages[0].inFlight, 1U);
        }
        if (then == u"repeats") f.report("m0", healthyOld(), 6, 7);
        const Effects effects = f.verb(ReleaseVerb::Abort, 701).value();
        QCOMPARE(countPuts(effects, domain::Level::Gray), 1);
        // Nor does what it ran before say that it went back.
        f.verb(ReleaseVerb::Rollback, 702).value();
        f.tick(703);
        QCOMPARE(f.model.release.state, ReleaseState::RollingBack);
        f.report("m0", healthyOld(), 704, 8);
        f.tick(705);
        QCOMPARE(f.model.release.state, ReleaseState::RolledBack);
    }

    void whoIsBackWithAReportIsTakenAtItsWord() {
        ReleaseFixture f(1, 3);
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m0", healthyOld(), 1, 7);
        QVERIFY(apply(f.model, Permitted{"m0"}, at(2)).ok());
        f.presence("m0", true, 3);
        f.report("m0", healthyOld(), 5, 8);
        f.presence("m0", false, 5);
        QCOMPARE(f.model.release.stages[0].inFlight, 0U);
        const Effects effects = f.verb(ReleaseVerb::Abort, 6).value();
        QCOMPARE(countPuts(effects, domain::Level::Gray), 0);
    }

    /// What a person accepted excuses nothing that goes wrong after it.
    void theAcceptedThatRecoverExcuseNobodyElse() {
        ReleaseFixture f(4, 6);
        f.verb(ReleaseVerb::Start, 0).value();
        f.report("m0", revertedOld(), 1);
        f.report("m1", revertedOld(), 2);
        QCOMPARE(f.model.release.state, ReleaseState::Halted);
        f.verb(ReleaseVerb::Resume, 3).value();
        for (const char* uuid : {"m0", "m1"}) {
            QVERIFY(apply(f.model, Permitted{uuid}, at(4)).ok());
            f.report(uuid, healthyNew(), 5);
        }
        QCOMPARE(f.model.release.state, ReleaseState::Running);
        f.report("m2", revertedOld(), 6);
        f.report("m3", revertedOld(), 7);
        QCOMPARE(f.model.release.state, ReleaseState::Halted);
    }

    void aVersionThatIsClearedIsJudged() {
        ReleaseFixture f(3, 5);
        for (MachineProgress& machine : f.input.machines)
            machine.knownBad = machine.uuid < "m3";
        f.verb(ReleaseVerb::Start, 0).value();
        QCOMPARE(f.outcome("m0"), Outcome::Skipped);
        // Still known as bad, and the same report again.
        f.report("m0", knowingItBad(), 1, 1);
        f.report("m0", healthyOld(), 2, 1);
        QCOMPARE(f.outcome("m0"), Outcome::Skipped);
        for (const char* uuid : {"m0", "m1", "m2"})
            f.report(uuid, healthyOld(), 3, 2);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
        f.tick(70);
        QCOMPARE(f.model.release.stages[0].outcomes.at(Outcome::Pending), 3U);
        f.report("m0", revertedOld(), 71, 3);
        f.report("m1", revertedOld(), 72, 3);
        QCOMPARE(f.model.release.state, ReleaseState::Halted);
    }
};

QTEST_GUILESS_MAIN(TestTriedAgain)
#include "tst_tried_again.moc"
