// SPDX-License-Identifier: Apache-2.0
// No master turned a release for some time: that counts for no soak and against no machine, and
// what was heard before opens nothing.
#include <QTest>

#include "tests/master/release/release_fixture.h"

using namespace ifrit;
using namespace ifrit::master::release;
using domain::Outcome;
using domain::ReleaseState;
using domain::ReleaseVerb;
using domain::StageKind;

namespace {

constexpr int kHearIn = 90;

Effects stood(Model& model, int by, int second) {
    const StoodStill event{std::chrono::seconds(by), std::chrono::seconds(kHearIn)};
    return apply(model, event, at(second)).value();
}

Effects heard(Model& model, int second) {
    return apply(model, AllHeard{}, at(second)).value();
}

/// Gray of 2 of 5, both ok at second 5, of a release that goes on by itself at second 60.
ReleaseFixture soaking() {
    ReleaseFixture f(2, 5);
    f.model.release.spec.autoVerify = true;
    f.verb(ReleaseVerb::Start, 0).value();
    f.report("m0", healthyNew(), 5);
    f.report("m1", healthyNew(), 5);
    return f;
}

}  // namespace

class TestStoodStill : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSoakGoesOnWhereItStood() {
        ReleaseFixture f = soaking();
        f.tick(20);
        // 200 s later what was reported before is taken in once more.
        const Effects effects = stood(f.model, 200, 220);
        QVERIFY(effects.releaseChanged);
        f.report("m0", healthyNew(), 220);
        f.tick(221);
        QCOMPARE(f.model.release.stage, StageKind::Gray);
        heard(f.model, 225);
        f.tick(259);
        QCOMPARE(f.model.release.stage, StageKind::Gray);
        f.tick(260);
        QCOMPARE(f.model.release.stage, StageKind::Full);
    }

    void aSoakThatWasOverOpensNothingBeforeItsMachinesAreHeard_data() {
        QTest::addColumn<bool>("isHeard");
        QTest::newRow("heard") << true;
        QTest::newRow("never") << false;
    }
    void aSoakThatWasOverOpensNothingBeforeItsMachinesAreHeard() {
        QFETCH(bool, isHeard);
        ReleaseFixture f = soaking();
        f.tick(59);
        stood(f.model, 0, 100);
        f.tick(100 + kHearIn - 1);
        QCOMPARE(f.model.release.stage, StageKind::Gray);
        if (isHeard) {
            heard(f.model, 100 + kHearIn - 1);
        } else {
            f.tick(100 + kHearIn);
        }
        QCOMPARE(f.model.release.stage, StageKind::Full);
    }

    void aSoakIsNoLongerThanANewOne() {
        ReleaseFixture f = soaking();
        stood(f.model, 10'000, 300);
        QCOMPARE(*f.model.release.stages.at(0).soakUntil, at(300 + 60));
    }

    // Closed stages were opened after they had closed.
    void whenStagesOpenedAndClosedStays() {
        ReleaseFixture f = soaking();
        f.tick(60);
        QCOMPARE(f.model.release.stage, StageKind::Full);
        const auto before = f.model.release.stages;
        stood(f.model, 200, 300);
        QCOMPARE(f.model.release.stages.at(0).opened, std::optional(at(0)));
        QVERIFY(f.model.release.stages == before);
    }

    void theDeadlineOfAStageCountsNoTimeInWhichItStood() {
        ReleaseFixture f = soaking();
        f.model.release.spec.autoVerify = false;
        constexpr int kOneDay = 24 * 3'600;
        f.tick(20);
        stood(f.model, kOneDay, 20 + kOneDay);
        heard(f.model, 20 + kOneDay);
        // Seven days after its soak, which ended a day later than it would have.
        f.tick(60 + 8 * kOneDay - 1);
        QCOMPARE(f.model.release.state, ReleaseState::Running);
        f.tick(60 + 8 * kOneDay);
        QCOMPARE(f.model.release.state, ReleaseState::Aborted);
    }

    void aMachineKeepsItsTime() {
        ReleaseFixture f(1, 2);
        f.verb(ReleaseVerb::Start, 0).value();
        f.tick(10);
        const Effects effects = stood(f.model, 5'000, 5'010);
        QCOMPARE(effects.machines, std::set<std::string>{"m0"});
        QCOMPARE(effects.timeline.size(), std::size_t{1});
        QCOMPARE(effects.timeline[0].what, std::string("stood still"));
        heard(f.model, 5'011);
        f.tick(5'599);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
        f.tick(5'600);
        QCOMPARE(f.outcome("m0"), Outcome::Failed);
    }

    /// How long it stood is not known to the second.
    void noMachineIsOverdueBeforeItCouldBeHeard() {
        ReleaseFixture f(1, 2);
        f.verb(ReleaseVerb::Start, 0).value();
        stood(f.model, 1, 650);
        f.tick(650 + kHearIn - 1);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
        f.tick(650 + kHearIn);
        QCOMPARE(f.outcome("m0"), Outcome::Failed);
    }

    void aRollbackWaitsForItsMachines() {
        ReleaseFixture f = soaking();
        f.verb(ReleaseVerb::Rollback, 10).value();
        f.tick(20);
        stood(f.model, 5'000, 5'020);
        f.tick(5'021);
        QCOMPARE(f.model.release.state, ReleaseState::RollingBack);
        heard(f.model, 5'022);
        f.tick(5'609);
        QCOMPARE(f.model.release.state, ReleaseState::RollingBack);
        f.tick(5'610);
        QCOMPARE(f.model.release.state, ReleaseState::RolledBack);
    }

    void aMomentIsNotTold() {
        ReleaseFixture f = soaking();
        QVERIFY(stood(f.model, 5, 15).timeline.empty());
    }

    void nothingIsTouchedOfAReleaseThatDoesNotRun() {
        ReleaseFixture draft(1, 2);
        QVERIFY(stood(draft.model, 100, 100).empty());
        ReleaseFixture ended(1, 2);
        ended.verb(ReleaseVerb::Start, 0).value();
        ended.verb(ReleaseVerb::Abort, 1).value();
        const Model before = ended.model;
        QVERIFY(stood(ended.model, 100, 200).empty());
        QVERIFY(ended.model == before);
    }
};

QTEST_APPLESS_MAIN(TestStoodStill)
#include "tst_stood_still.moc"
