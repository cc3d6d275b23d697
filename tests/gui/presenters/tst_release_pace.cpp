// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/presenters/release_pace.h"
#include "gui/presenters/release_presenter.h"
#include "tests/gui/presenters/hub_fixture.h"

using namespace ifrit;
using namespace std::chrono_literals;
namespace services = gui::services;
using domain::Outcome;
using domain::StageKind;
using gui::presenters::ReleasePace;

class TestReleasePace : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theRateIsThatOfTheWindow();
    void withoutAWindowItIsTheStages();
    void anEndedReleaseHasItsAverage();
    void whatNeverChangedIsNoPace();
    void whatIsTriedAgainStartsAnew();
    void theEndIsWhenTheLastStageIsOver();
    void theLimitInFlightMakesWaves();
    void whereSomebodyHasToVerifyItIsTheEarliest();
    void whatCameOutBeforeAnybodyLookedHasNoTime();
    void nothingDriftsWhileSomebodyIsWaitedFor();
    void theEndIsNotBehindAStageWithNothingToDo();
    void whatOpensTakesAsLongAsTheStageBefore();
    void noEndWhereItDoesNotGoOn_data();
    void noEndWhereItDoesNotGoOn();
    void theHeaderSaysBoth();

private:
    const base::WallTime m_start = base::fromUnixMillis(1'795'400'000'000);
    services::StageProgress stage(StageKind kind, std::uint32_t targeted) const {
        services::StageProgress out;
        out.counts.kind = kind;
        out.counts.targeted = targeted;
        return out;
    }
    /// Two batches of 100 and full of 50; the first batch is open since m_start.
    services::ReleaseInfo batches() const {
        services::ReleaseInfo info;
        info.release.id = "a";
        info.release.state = domain::ReleaseState::Running;
        info.release.started = m_start;
        info.release.spec.batches.enabled = true;
        info.release.spec.batches.interval = 30min;
        info.stages = {stage(StageKind::Batch, 100), stage(StageKind::Batch, 100),
                       stage(StageKind::Full, 50)};
        info.stages[0].counts.opened = m_start;
        return info;
    }
};

void TestReleasePace::theRateIsThatOfTheWindow() {
    ReleasePace pace;
    services::ReleaseInfo info = batches();
    pace.take(info, m_start);
    info.stages[0].counts.outcomes = {
        {Outcome::Ok, 8}, {Outcome::Failed, 2}, {Outcome::Pending, 70}, {Outcome::Already, 20}};
    pace.take(info, m_start + 2min);
    // Failures are outcomes too; what had the version already took no time.
    QCOMPARE(pace.perMinute(info, m_start + 2min), std::optional(5.0));
    // Nothing came since: it slows down, and is never a division by nothing.
    QCOMPARE(pace.perMinute(info, m_start + 4min), std::optional(2.5));
    for (int minute = 3; minute <= 30; ++minute) {
        info.stages[0].counts.outcomes[Outcome::Ok] = 8 + 2U * static_cast<unsigned>(minute - 2);
        pace.take(info, m_start + std::chrono::minutes(minute));
    }
    QCOMPARE(pace.perMinute(info, m_start + 30min), std::optional(2.0));
}

void TestReleasePace::withoutAWindowItIsTheStages() {
    ReleasePace pace;
    services::ReleaseInfo info = batches();
    info.stages[0].counts.outcomes = {{Outcome::Ok, 30}};
    pace.take(info, m_start + 10min);
    QCOMPARE(pace.perMinute(info, m_start + 10min), std::optional(3.0));
    services::ReleaseInfo fresh = batches();
    ReleasePace none;
    none.take(fresh, m_start);
    QCOMPARE(none.perMinute(fresh, m_start + 1s), std::optional<double>());
}

void TestReleasePace::anEndedReleaseHasItsAverage() {
    services::ReleaseInfo info = batches();
    info.release.state = domain::ReleaseState::Done;
    info.release.ended = m_start + 50min;
    info.stages[0].counts.outcomes = {{Outcome::Ok, 100}};
    QCOMPARE(ReleasePace().perMinute(info, m_start + 600min), std::optional(2.0));
    QVERIFY(!ReleasePace().end(info, m_start + 600min));
}

// One machine had changed in 52 s, eleven were not touched: "13.6 on average".
void TestReleasePace::whatNeverChangedIsNoPace() {
    services::ReleaseInfo info = batches();
    info.release.state = domain::ReleaseState::Aborted;
    info.release.ended = m_start + 52s;
    info.stages[0].counts.targeted = 12;
    info.stages[0].counts.outcomes = {{Outcome::Ok, 1}, {Outcome::Aborted, 11}};
    const auto rate = ReleasePace().perMinute(info, m_start + 60min);
    QVERIFY(rate);
    QCOMPARE(*rate, 60.0 / 52.0);
    // Nothing is waited for from those that are skipped either.
    ReleasePace pace;
    info = batches();
    info.release.spec.machineDeadline = 60min;
    pace.take(info, m_start);
    info.stages[0].counts.outcomes = {{Outcome::Ok, 40}, {Outcome::Skipped, 20}};
    pace.take(info, m_start + 4min);
    QCOMPARE(pace.perMinute(info, m_start + 4min), std::optional(10.0));
    // 40 are left at 10 a minute, and so take the others, 30 minutes apart.
    const auto end = pace.end(info, m_start + 4min);
    QVERIFY(end && end->at == m_start + 30min + 30min + 8min);
}

void TestReleasePace::whatIsTriedAgainStartsAnew() {
    ReleasePace pace;
    services::ReleaseInfo info = batches();
    info.stages[0].counts.outcomes = {{Outcome::Failed, 50}};
    pace.take(info, m_start + 5min);
    info.stages[0].counts.outcomes = {{Outcome::Ok, 10}};
    pace.take(info, m_start + 6min);
    info.stages[0].counts.outcomes = {{Outcome::Ok, 14}};
    pace.take(info, m_start + 8min);
    QCOMPARE(pace.perMinute(info, m_start + 8min), std::optional(2.0));
}

void TestReleasePace::theEndIsWhenTheLastStageIsOver() {
    ReleasePace pace;
    services::ReleaseInfo info = batches();
    info.release.spec.machineDeadline = 60min;
    pace.take(info, m_start);
    info.stages[0].counts.outcomes = {{Outcome::Ok, 60}};
    info.stages[0].counts.offline = 10;
    pace.take(info, m_start + 6min);
    // 30 are left at 10 a minute: the batch takes 9 minutes, and so do the others, which open 30
    // minutes apart.
    const auto end = pace.end(info, m_start + 6min);
    QVERIFY(end);
    QVERIFY(!end->atTheEarliest);
    QVERIFY(end->at == m_start + 30min + 30min + 9min);
}

void TestReleasePace::theLimitInFlightMakesWaves() {
    ReleasePace pace;
    services::ReleaseInfo info = batches();
    info.release.spec.batches.interval = 0min;
    info.release.spec.maxInFlight = 50;
    pace.take(info, m_start);
    info.stages[0].counts.outcomes = {{Outcome::Ok, 50}};
    pace.take(info, m_start + 5min);
    // Two waves of five minutes, two again, one.
    const auto end = pace.end(info, m_start + 5min);
    QVERIFY(end);
    QVERIFY(end->at == m_start + 25min);
}

void TestReleasePace::whereSomebodyHasToVerifyItIsTheEarliest() {
    services::ReleaseInfo info = batches();
    info.release.spec.batches.advance = domain::BatchAdvance::Promote;
    info.stages[0].counts.outcomes = {{Outcome::Ok, 50}};
    QVERIFY(ReleasePace().end(info, m_start + 5min)->atTheEarliest);
    info.stages = {stage(StageKind::Gray, 2), stage(StageKind::Full, 50)};
    info.stages[0].counts.opened = m_start;
    info.stages[0].counts.soakUntil = m_start + 20min;
    ReleasePace pace;
    pace.take(info, m_start);
    info.stages[0].counts.outcomes = {{Outcome::Ok, 2}};
    pace.take(info, m_start + 5min);
    const auto gray = pace.end(info, m_start + 5min);
    QVERIFY(gray->atTheEarliest);
    QVERIFY(gray->at == m_start + 25min);
    info.release.spec.autoVerify = true;
    QVERIFY(!pace.end(info, m_start + 5min)->atTheEarliest);
}

// The time until somebody looked was taken for the stage's own, and once more for each to come.
void TestReleasePace::whatCameOutBeforeAnybodyLookedHasNoTime() {
    services::ReleaseInfo info = batches();
    info.stages = {stage(StageKind::Gray, 2), stage(StageKind::Full, 50)};
    info.stages[0].counts.opened = m_start;
    info.stages[0].counts.outcomes = {{Outcome::Ok, 2}};
    ReleasePace late;
    late.take(info, m_start + 8h);
    late.take(info, m_start + 9h);
    QVERIFY(!late.end(info, m_start + 9h));
    QVERIFY(!late.takes(info, 50, m_start + 9h));
    // What opens then is seen again.
    info.stages[0].counts.closed = info.stages[1].counts.opened = m_start + 9h;
    late.take(info, m_start + 9h);
    info.stages[1].counts.outcomes = {{Outcome::Ok, 25}};
    late.take(info, m_start + 9h + 5min);
    QVERIFY(late.end(info, m_start + 9h + 5min));
}

// The rate fell and the rest of the release grew for as long as nobody came to promote.
void TestReleasePace::nothingDriftsWhileSomebodyIsWaitedFor() {
    ReleasePace pace;
    services::ReleaseInfo info = batches();
    info.release.spec.batches.advance = domain::BatchAdvance::Promote;
    info.release.spec.batches.interval = 0min;
    info.release.spec.machineDeadline = 60min;
    pace.take(info, m_start);
    info.stages[0].counts.outcomes = {{Outcome::Ok, 80}};
    pace.take(info, m_start + 4min);
    QCOMPARE(pace.perMinute(info, m_start + 4min), std::optional(20.0));
    info.stages[0].counts.outcomes = {{Outcome::Ok, 99}, {Outcome::Failed, 1}};
    pace.take(info, m_start + 5min);
    for (const auto waited : {0min, 3min, 40min}) {
        const base::WallTime now = m_start + 5min + waited;
        // What is told meanwhile, such as a machine that went silent before, is no outcome.
        pace.take(info, now);
        QVERIFY2(!pace.perMinute(info, now), "nothing is on its way, and has no rate");
        const auto end = pace.end(info, now);
        QVERIFY(end);
        QVERIFY(end->atTheEarliest);
        QVERIFY2(end->at == now + 5min + 5min, "two stages of the five minutes that this one took");
    }
}

void TestReleasePace::theEndIsNotBehindAStageWithNothingToDo() {
    ReleasePace pace;
    services::ReleaseInfo info = batches();
    pace.take(info, m_start);
    info.stages[0].counts.outcomes = {{Outcome::Ok, 100}};
    pace.take(info, m_start + 5min);
    // The next batch has what is released already: no outcome comes after it opens.
    info.stages[0].counts.closed = info.stages[1].counts.opened = m_start + 30min;
    info.stages[1].counts.outcomes = {{Outcome::Already, 90}};
    info.stages[1].counts.offline = 10;
    for (const auto now : {m_start + 30min, m_start + 31min, m_start + 90min}) {
        pace.take(info, now);
        const auto end = pace.end(info, now);
        QVERIFY(end);
        QVERIFY2(end->at >= std::max(now, m_start + 60min), "the interval, and not the past");
    }
}

void TestReleasePace::whatOpensTakesAsLongAsTheStageBefore() {
    ReleasePace pace;
    services::ReleaseInfo info = batches();
    info.release.spec.maxInFlight = 50;
    QVERIFY2(!pace.takes(info, 10, m_start), "nothing has come out yet");
    pace.take(info, m_start);
    info.stages[0].counts.outcomes = {{Outcome::Ok, 100}};
    pace.take(info, m_start + 6min);
    // Two waves of three minutes each; 10 machines are one wave, 120 are three.
    QVERIFY(pace.takes(info, 10, m_start + 50min) == 3min);
    QVERIFY(pace.takes(info, 120, m_start + 50min) == 9min);
}

void TestReleasePace::noEndWhereItDoesNotGoOn_data() {
    QTest::addColumn<int>("state");
    QTest::addColumn<bool>("closed");
    for (const auto state : {domain::ReleaseState::Draft, domain::ReleaseState::Paused,
                             domain::ReleaseState::Halted, domain::ReleaseState::RollingBack})
        QTest::addRow("state %d", static_cast<int>(state)) << static_cast<int>(state) << false;
    QTest::newRow("window") << static_cast<int>(domain::ReleaseState::Running) << true;
}

void TestReleasePace::noEndWhereItDoesNotGoOn() {
    QFETCH(const int, state);
    QFETCH(const bool, closed);
    services::ReleaseInfo info = batches();
    info.stages[0].counts.outcomes = {{Outcome::Ok, 50}};
    info.release.state = static_cast<domain::ReleaseState>(state);
    info.changeClosed = closed;
    QVERIFY(!ReleasePace().end(info, m_start + 5min));
}

void TestReleasePace::theHeaderSaysBoth() {
    tests::HubFixture fixture;
    fixture.connect({});
    gui::presenters::ReleasePresenter presenter(fixture.hub);
    presenter.open(QStringLiteral("a"));
    services::ReleaseInfo info = batches();
    info.stages[0].counts.opened = info.release.started = fixture.clock.now();
    fixture.master.releases.releaseWatch.tell(info);
    QCOMPARE(presenter.figures().last().value, QStringLiteral("–"));
    fixture.clock.advance(4min);
    info.stages[0].counts.outcomes = {{Outcome::Ok, 50}};
    fixture.master.releases.releaseWatch.tell(info);
    const auto figures = presenter.figures();
    QCOMPARE(figures[figures.size() - 2].label, QStringLiteral("Machines a minute"));
    QCOMPARE(figures[figures.size() - 2].value, QStringLiteral("12.5"));
    QCOMPARE(figures.last().label, QStringLiteral("Ends, estimated"));
    QVERIFY(figures.last().value.startsWith(QStringLiteral("in ")));
}

QTEST_GUILESS_MAIN(TestReleasePace)
#include "tst_release_pace.moc"
