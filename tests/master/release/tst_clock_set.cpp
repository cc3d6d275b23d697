// SPDX-License-Identifier: Apache-2.0
// The clock by which a release goes is set, ahead or back: no deadline counts that.
#include <QTest>

#include "tests/master/release/release_fixture.h"

using namespace ifrit;
using namespace ifrit::master::release;
using domain::Outcome;
using domain::ReleaseState;
using domain::ReleaseVerb;

namespace {

constexpr int kDay = 24 * 3'600;

Effects set(Model& model, int by, int second) {
    return apply(model, ClockSet{std::chrono::seconds(by)}, at(second)).value();
}

}  // namespace

class TestClockSet : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aMachineKeepsItsTime_data() {
        QTest::addColumn<int>("by");
        QTest::newRow("ahead") << 2 * 3'600;
        QTest::newRow("back") << -2 * 3'600;
    }
    void aMachineKeepsItsTime() {
        QFETCH(int, by);
        ReleaseFixture f(1, 2);
        f.verb(ReleaseVerb::Start, 0).value();
        const Effects effects = set(f.model, by, 100 + by);
        // It is stored, and told.
        QCOMPARE(effects.machines, std::set<std::string>{"m0"});
        QVERIFY(effects.releaseChanged);
        QCOMPARE(effects.timeline.size(), std::size_t(1));
        QVERIFY2(effects.timeline[0].message.find(by > 0 ? "ahead by 2 h" : "back by 2 h") !=
                     std::string::npos,
                 effects.timeline[0].message.c_str());
        QCOMPARE(*f.model.machines.at("m0").deadline, at(600 + by));
        f.tick(599 + by);
        QCOMPARE(f.outcome("m0"), Outcome::Pending);
        f.tick(600 + by);
        QCOMPARE(f.outcome("m0"), Outcome::Failed);
    }

    void aPermitThatWasGivenByTheNewClockIsNotPutOff() {
        ReleaseFixture f(1, 2);
        f.verb(ReleaseVerb::Start, 0).value();
        apply(f.model, Permitted{"m0"}, at(kDay + 100)).value();
        set(f.model, kDay, kDay + 101);
        QVERIFY(*f.model.machines.at("m0").deadline <= at(kDay + 101 + 600));
        QVERIFY(*f.model.machines.at("m0").openedAt <= at(kDay + 101));
    }

    /// As a suspended machine with its master on it does, or one whose clock is wrong at its boot.
    void aPauseIsNotOverForIt() {
        ReleaseFixture f(1, 2);
        f.verb(ReleaseVerb::Start, 0).value();
        f.verb(ReleaseVerb::Pause, 10).value();
        set(f.model, 8 * kDay, 20 + 8 * kDay);
        f.tick(20 + 8 * kDay);
        QCOMPARE(f.model.release.state, ReleaseState::Paused);
        set(f.model, -8 * kDay, 30);
        f.tick(30);
        QCOMPARE(f.model.release.state, ReleaseState::Paused);
        QCOMPARE(f.model.stateSince, at(10));
        f.tick(9 + 7 * kDay);
        QCOMPARE(f.model.release.state, ReleaseState::Paused);
        f.tick(10 + 7 * kDay);
        QCOMPARE(f.model.release.state, ReleaseState::Aborted);
    }

    void aSoakIsNotOverForIt() {
        ReleaseFixture f = verified();
        f.tick(10);
        const auto ends = f.model.release.stages.at(0).soakUntil;
        QVERIFY(ends.has_value());
        set(f.model, kDay, kDay + 11);
        QCOMPARE(*f.model.release.stages.at(0).soakUntil, *ends + std::chrono::seconds(kDay));
        set(f.model, -kDay, 12);
        QCOMPARE(*f.model.release.stages.at(0).soakUntil, *ends);
    }

    /// The clock was set in an outage: the soak goes on where it was, by the clock as it is now.
    void anOutageWithAStepInIt_data() { aMachineKeepsItsTime_data(); }
    void anOutageWithAStepInIt() {
        QFETCH(int, by);
        ReleaseFixture f = verified();
        f.tick(10);
        const auto ends = *f.model.release.stages.at(0).soakUntil;
        const StoodStill event{std::chrono::seconds(30), std::chrono::seconds(90),
                               std::chrono::seconds(by)};
        apply(f.model, event, at(40 + by)).value();
        QCOMPARE(*f.model.release.stages.at(0).soakUntil, ends + std::chrono::seconds(by + 30));
        QCOMPARE(f.model.hearing->until, at(40 + by + 90));
    }

    /// Who has not been heard since has as long as before.
    void aGracePeriodBeginsAnew_data() { aMachineKeepsItsTime_data(); }
    void aGracePeriodBeginsAnew() {
        QFETCH(int, by);
        ReleaseFixture f = verified();
        f.tick(10);
        apply(f.model, StoodStill{std::chrono::seconds(5), std::chrono::seconds(90)}, at(15))
            .value();
        set(f.model, by, 20 + by);
        QCOMPARE(f.model.hearing->since, at(20 + by));
        QCOMPARE(f.model.hearing->until, at(20 + by + 90));
    }

    void nothingIsTouchedOfAReleaseThatDoesNotRun() {
        ReleaseFixture draft(1, 2);
        QVERIFY(set(draft.model, kDay, kDay).empty());
        ReleaseFixture ended(1, 2);
        ended.verb(ReleaseVerb::Start, 0).value();
        ended.verb(ReleaseVerb::Abort, 1).value();
        const Model before = ended.model;
        QVERIFY(set(ended.model, kDay, kDay).empty());
        QVERIFY(ended.model == before);
    }
};

QTEST_APPLESS_MAIN(TestClockSet)
#include "tst_clock_set.moc"
