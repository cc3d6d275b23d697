// SPDX-License-Identifier: Apache-2.0
// What each machine did is removed long after its release has ended, where nothing stands on it.
#include <QTest>

#include "shared/base/status.h"
#include "tests/master/services/release_engine_fixture.h"
#include "tests/master/support/answer_lost.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;
using domain::MachineState;
using domain::ReleaseState;
using domain::ReleaseVerb;

namespace {

constexpr std::chrono::hours kDay{24};
constexpr std::size_t kPart = 2'000;

std::string reasonOf(const absl::Status& status) {
    return base::errorInfo(status).reason;
}

std::size_t rowsOf(const Master& master, const std::string& id) {
    return master.database->state.progress[id].size();
}

/// Further machines, of which nothing but their rows is left.
void addRows(Master& master, const std::string& id, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        release::MachineProgress row;
        row.uuid = fmt::format("x{:05}", i);
        row.outcome = domain::Outcome::Ok;
        master.database->state.progress[id][row.uuid] = row;
    }
}

std::string startedAndDone(Master& master, const std::string& version, const std::string& digest) {
    const std::string id = master.started(spec(version)).id;
    for (int i = 0; i < 3; ++i)
        master.report("m" + std::to_string(i), version, digest, MachineState::Healthy, id);
    return id;
}

}  // namespace

class TestReleaseHistory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Version 1 everywhere, then version 2: nothing stands on the first release.
    void init() {
        m_master = settled(3);
        m_old = m_master->engine.list().front()->release.id;
        m_new = startedAndDone(*m_master, "2", kV2);
        QCOMPARE(m_master->state(m_old), ReleaseState::Done);
        QCOMPARE(m_master->state(m_new), ReleaseState::Done);
    }

    void itGoesInPartsAndTheReleaseStays() {
        addRows(*m_master, m_old, 2 * kPart);
        const domain::Release before = m_master->engine.head(m_old).value()->release;
        m_master->clock.advance(399 * kDay);
        step();
        QCOMPARE(rowsOf(*m_master, m_old), 2 * kPart + 3);
        QVERIFY(!m_master->engine.head(m_old).value()->release.historyRemoval);
        m_master->clock.advance(2 * kDay);
        step();
        // Said before the first row goes: half a list is none.
        QCOMPARE(rowsOf(*m_master, m_old), 2 * kPart + 3);
        QCOMPARE(reasonOf(m_master->engine.machines(m_old, {"", {}, 9}).status()),
                 std::string("MACHINES_PRUNED"));
        step();
        QCOMPARE(rowsOf(*m_master, m_old), kPart + 3);
        step();
        QCOMPARE(rowsOf(*m_master, m_old), std::size_t{3});
        QVERIFY(!m_master->engine.head(m_old).value()->release.historyRemoval->ended);
        step();
        QCOMPARE(rowsOf(*m_master, m_old), std::size_t{0});
        QCOMPARE(m_master->engine.removedRows(), std::uint64_t{2 * kPart + 3});
        const int writes = m_master->database->writes;
        for (int i = 0; i < 3; ++i)
            step();
        QVERIFY(m_master->database->writes <= writes + 1);  // the look for the next one

        const domain::Release after = m_master->engine.head(m_old).value()->release;
        QCOMPARE(after.historyRemoval->rows, std::uint64_t{2 * kPart + 3});
        QVERIFY(after.historyRemoval->ended.has_value());
        QCOMPARE(after.planId, before.planId);
        QVERIFY(after.stages == before.stages);
        QVERIFY(after.spec == before.spec);
        const auto& timeline = m_master->database->state.timeline[m_old];
        QCOMPARE(timeline.front().what, std::string("created"));
        QCOMPARE(timeline.back().what, std::string("history removed"));
        QCOMPARE(timeline.back().message, std::string("4003 machines"));
        // The settled version is not touched, however old it is.
        QCOMPARE(rowsOf(*m_master, m_new), std::size_t{3});
        QVERIFY(m_master->engine.machines(m_new, {"", {}, 9}).ok());
    }

    void whatNeedsItIsRefusedWithWords() {
        m_master->clock.advance(401 * kDay);
        step();
        step();
        for (const ReleaseVerb verb : {ReleaseVerb::Rollback, ReleaseVerb::RetryFailed}) {
            const absl::Status refused = m_master->engine.act(kAda, m_old, verb, "").status();
            QCOMPARE(refused.code(), absl::StatusCode::kFailedPrecondition);
            QCOMPARE(reasonOf(refused), std::string("MACHINES_PRUNED"));
            QVERIFY(base::messageOf(refused).find("release the version") != std::string::npos);
        }
        QCOMPARE(reasonOf(m_master->engine.machines(m_old, {"", {}, 9}).status()),
                 std::string("MACHINES_PRUNED"));
        QCOMPARE(reasonOf(m_master->engine.act(kAda, m_old, ReleaseVerb::Pause, "").status()),
                 std::string("RELEASE_STATE"));
    }

    void aRestartInTheMiddleGoesOn() {
        addRows(*m_master, m_old, kPart);
        m_master->clock.advance(401 * kDay);
        step();
        step();
        QCOMPARE(rowsOf(*m_master, m_old), std::size_t{3});
        Master next(m_master->database);
        next.clock.advance(401 * kDay);
        QVERIFY(next.recovered.ok());
        QVERIFY(next.engine.removeHistory().ok());
        QCOMPARE(rowsOf(next, m_old), std::size_t{0});
        QCOMPARE(next.database->state.timeline[m_old].back().message, std::string("2003 machines"));
        QCOMPARE(next.engine.removedRows(), std::uint64_t{3});
    }

    void aLostAnswerIsNotCountedTwice() {
        addRows(*m_master, m_old, kPart);
        AnswerLost line(*m_master->database);
        Master master(m_master->database, &line);
        master.clock.advance(401 * kDay);
        for (int i = 0; i < 8; ++i) {
            line.loses = i % 2 == 0;
            (void)master.engine.removeHistory();
            master.engine.tick();
        }
        QCOMPARE(rowsOf(master, m_old), std::size_t{0});
        QCOMPARE(master.engine.head(m_old).value()->release.historyRemoval->rows,
                 std::uint64_t{kPart + 3});
        const auto& timeline = master.database->state.timeline[m_old];
        QCOMPARE(std::count_if(timeline.begin(), timeline.end(),
                               [](const auto& note) { return note.what == "history removed"; }),
                 std::ptrdiff_t{1});
    }

    /// Permits and verbs wait while it is looked, so a database in trouble is not asked each
    /// second.
    void afterAnErrorItIsLeftAloneForAMinute() {
        m_master->clock.advance(401 * kDay);
        m_master->database->down =
            base::makeError(absl::StatusCode::kUnavailable, "DATABASE_AWAY", "", "it is away");
        QVERIFY(absl::IsUnavailable(m_master->engine.removeHistory()));
        // Not asked: it would say that it is away.
        step();
        m_master->database->down = absl::OkStatus();
        m_master->clock.advance(std::chrono::seconds(59));
        step();
        QVERIFY(!m_master->engine.head(m_old).value()->release.historyRemoval);
        m_master->clock.advance(std::chrono::seconds(2));
        step();
        QVERIFY(m_master->engine.head(m_old).value()->release.historyRemoval.has_value());
    }

    void nothingGoesWhileARollbackRuns() {
        addRows(*m_master, m_old, kPart);
        m_master->clock.advance(401 * kDay);
        step();
        step();
        QVERIFY(m_master->engine.act(kAda, m_new, ReleaseVerb::Rollback, "").ok());
        step();
        QCOMPARE(rowsOf(*m_master, m_old), std::size_t{3});
        for (int i = 0; i < 3; ++i)
            m_master->report("m" + std::to_string(i), "1", kV1, MachineState::Healthy, m_new);
        m_master->engine.tick();
        QCOMPARE(m_master->state(m_new), ReleaseState::RolledBack);
        step();
        QCOMPARE(rowsOf(*m_master, m_old), std::size_t{0});
    }

    /// What it settled is what the cluster runs again, by an entry of the one that followed.
    void whatLaterOnesWereRolledBackToStays() {
        QVERIFY(m_master->engine.act(kAda, m_new, ReleaseVerb::Rollback, "").ok());
        for (int i = 0; i < 3; ++i)
            m_master->report("m" + std::to_string(i), "1", kV1, MachineState::Healthy, m_new);
        m_master->engine.tick();
        QCOMPARE(m_master->state(m_new), ReleaseState::RolledBack);
        m_master->clock.advance(401 * kDay);
        step();
        step();
        QCOMPARE(rowsOf(*m_master, m_old), std::size_t{3});
        QVERIFY(m_master->engine.act(kAda, m_old, ReleaseVerb::Rollback, "").ok());
        QCOMPARE(m_master->desiredOf("m0"), std::string("uninstall"));
    }

    void whatIsStoodOnStays_data() {
        QTest::addColumn<bool>("campaign");
        QTest::newRow("open campaign") << true;
        QTest::newRow("version to be forgotten as bad") << false;
    }
    void whatIsStoodOnStays() {
        QFETCH(const bool, campaign);
        auto& state = m_master->database->state;
        if (campaign) {
            state.campaigns["c"].releaseId = m_old;
        } else {
            state.clears["m1"] = {{kV1, 1}};
        }
        m_master->clock.advance(401 * kDay);
        step();
        QVERIFY(!m_master->engine.head(m_old).value()->release.historyRemoval);
        state.campaigns.clear();
        state.clears.clear();
        // Looked at again by and by.
        step();
        QVERIFY(!m_master->engine.head(m_old).value()->release.historyRemoval);
        m_master->clock.advance(std::chrono::hours(1));
        step();
        QVERIFY(m_master->engine.head(m_old).value()->release.historyRemoval.has_value());
    }

    /// A draft that was never started has no machines to remove.
    void aDraftThatEndedIsLeftAlone() {
        const auto draft = m_master->engine.create(kAda, spec("1"));
        QVERIFY(m_master->engine.act(kAda, draft->release.id, ReleaseVerb::Abort, "").ok());
        m_master->clock.advance(500 * kDay);
        for (int i = 0; i < 8; ++i) {
            step();
            m_master->clock.advance(std::chrono::hours(1));
        }
        QVERIFY(m_master->engine.head(m_old).value()->release.historyRemoval->ended.has_value());
        QVERIFY(!m_master->engine.head(draft->release.id).value()->release.historyRemoval);
    }

    void zeroKeepsAll() {
        ReleaseEngine::Parts parts{
            *m_master->database, m_master->database->trail, m_master->fleet, m_master->published,
            m_master->events,    m_master->clears,          m_master->clock, [] {}};
        parts.rules.keepHistory = std::chrono::hours(0);
        ReleaseEngine engine(std::move(parts));
        QVERIFY(engine.recover().ok());
        m_master->clock.advance(4'000 * kDay);
        for (int i = 0; i < 3; ++i)
            QVERIFY(engine.removeHistory().ok());
        QCOMPARE(rowsOf(*m_master, m_old), std::size_t{3});
    }

private:
    void step() { QVERIFY(m_master->engine.removeHistory().ok()); }

    std::unique_ptr<Master> m_master;
    std::string m_old;
    std::string m_new;
};

QTEST_GUILESS_MAIN(TestReleaseHistory)
#include "tst_release_history.moc"
