// SPDX-License-Identifier: Apache-2.0
// The clock is set, and the database does not take it at once: it counts all the same, and once.
#include <QTest>

#include "tests/master/services/release_engine_fixture.h"
#include "tests/master/support/answer_lost.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;
using domain::MachineState;
using domain::Outcome;
using domain::StageKind;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

constexpr seconds kSoak{60};
constexpr seconds kDeadline{100};

/// A release that goes on by itself: gray m0 and m1 of four. m0 is well, and so is m1 if `isWell`.
struct Soaking {
    explicit Soaking(bool isWell) {
        auto made = spec("2", {"m0", "m1"});
        made.autoVerify = true;
        made.soak = kSoak;
        made.machineDeadline = kDeadline;
        id = master.started(made).id;
        master.report("m0", "2", kV2, MachineState::Healthy, id);
        if (isWell) master.report("m1", "2", kV2, MachineState::Healthy, id);
    }
    /// As the master's clockwork does it each second.
    void run(seconds count) {
        for (auto i = seconds(0); i < count; i += seconds(1)) {
            master.clock.advance(seconds(1));
            if (isAway) {
                away += seconds(1);
                master.engine.standSince(master.clock.now() - away);
            } else {
                master.engine.tick();
            }
        }
    }
    void setAway(bool now) {
        isAway = now;
        away = seconds(0);
        database->down = now ? absl::UnavailableError("gone") : absl::OkStatus();
    }
    void setClock(std::chrono::milliseconds by) {
        master.clock.set(by);
        master.engine.clockSet(by);
    }
    StageKind stage() { return master.engine.head(id).value()->release.stage; }
    Outcome outcome() { return wholeOf(master.engine, id)->machines.at("m1").outcome; }

    std::shared_ptr<storage::MemoryDatabase> database = cluster(4);
    AnswerLost through{*database};
    Master master{database, &through};
    std::string id;
    bool isAway = false;
    seconds away{0};
};

}  // namespace

class TestReleaseClock : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSoakRunsOnWhileTheDatabaseWasAway_data() { steps(); }
    void aSoakRunsOnWhileTheDatabaseWasAway() {
        QFETCH(const int, by);
        Soaking cluster(true);
        cluster.run(seconds(10));
        cluster.setAway(true);
        cluster.run(seconds(10));
        cluster.setClock(hours(by));
        cluster.run(seconds(5));
        cluster.setAway(false);
        // 10 s of it were over.
        cluster.run(kSoak - seconds(11));
        QCOMPARE(cluster.stage(), StageKind::Gray);
        cluster.run(seconds(3));
        QCOMPARE(cluster.stage(), StageKind::Full);
    }

    void aMachineKeepsItsDeadlineWhileTheDatabaseWasAway_data() { steps(); }
    void aMachineKeepsItsDeadlineWhileTheDatabaseWasAway() {
        QFETCH(const int, by);
        Soaking cluster(false);
        cluster.run(seconds(10));
        cluster.setAway(true);
        cluster.run(seconds(10));
        cluster.setClock(hours(by));
        cluster.run(seconds(5));
        cluster.setAway(false);
        cluster.run(kDeadline - seconds(11));
        QCOMPARE(cluster.outcome(), Outcome::Pending);
        cluster.run(seconds(3));
        QCOMPARE(cluster.outcome(), Outcome::Failed);
    }

    /// Nobody was away: this one commit failed, or was done and its answer was lost.
    void aStepWhoseCommitFailedCountsOnce_data() {
        QTest::addColumn<int>("by");
        QTest::addColumn<bool>("isDone");
        QTest::newRow("ahead, failed") << 2 << false;
        QTest::newRow("back, failed") << -2 << false;
        QTest::newRow("ahead, answer lost") << 2 << true;
        QTest::newRow("back, answer lost") << -2 << true;
    }
    void aStepWhoseCommitFailedCountsOnce() {
        QFETCH(const int, by);
        QFETCH(const bool, isDone);
        Soaking cluster(true);
        cluster.run(seconds(10));
        cluster.through.loses = isDone;
        if (!isDone) cluster.database->down = absl::UnavailableError("gone");
        cluster.setClock(hours(by));
        cluster.through.loses = false;
        cluster.database->down = absl::OkStatus();
        cluster.run(kSoak - seconds(11));
        QCOMPARE(cluster.stage(), StageKind::Gray);
        cluster.run(seconds(3));
        QCOMPARE(cluster.stage(), StageKind::Full);
        // And no more often than it was set.
        int told = 0;
        for (const auto& note : cluster.database->state.timeline[cluster.id])
            told += note.what == "clock set" ? 1 : 0;
        QCOMPARE(told, 1);
    }

    void aStepThatIsTakenBackMeanwhileIsNone() {
        Soaking cluster(true);
        cluster.run(seconds(10));
        cluster.setAway(true);
        cluster.setClock(hours(2));
        cluster.setClock(hours(-2));
        cluster.setAway(false);
        cluster.run(kSoak - seconds(11));
        QCOMPARE(cluster.stage(), StageKind::Gray);
        cluster.run(seconds(3));
        QCOMPARE(cluster.stage(), StageKind::Full);
    }

private:
    static void steps() {
        QTest::addColumn<int>("by");
        QTest::newRow("ahead") << 2;
        QTest::newRow("back") << -2;
    }
};

QTEST_GUILESS_MAIN(TestReleaseClock)
#include "tst_release_clock.moc"
