// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <memory>

#include "master/members/fence.h"
#include "shared/base/status.h"
#include "tests/master/services/one_of_many.h"
#include "tests/master/support/whole_release.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;
using domain::ReleaseState;
using domain::ReleaseVerb;

/// Two masters that both think that they lead (G7), without threads and processes: the second has
/// taken the lease, and the first has not heard of it.
class TestReleaseLeading : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_database = sharedDatabase();
        lease(1);
        m_first = std::make_unique<OneOfMany>(*m_database);
        m_second = std::make_unique<OneOfMany>(*m_database);
    }

    void whoDoesNotLeadDecidesNothing() {
        QVERIFY(!m_first->engine.leads());
        QVERIFY(members::isNotLeader(m_first->engine.create(kOperator, spec()).status()));
        QVERIFY(m_first->engine.lead(1).ok());
        const std::string id = started(*m_first);
        const int writes = m_database->writes;
        QVERIFY(members::isNotLeader(
            m_second->engine.act(kOperator, id, ReleaseVerb::Pause, "").status()));
        QVERIFY(m_second->engine.follow(std::nullopt).ok());
        QVERIFY(members::isNotLeader(
            m_second->engine.act(kOperator, id, ReleaseVerb::Pause, "").status()));
        QVERIFY(members::isNotLeader(m_second->engine.plan(id).status()));
        QVERIFY(!m_second->permit("m0", id).granted);
        m_second->clock.advance(std::chrono::hours(24));
        m_second->engine.tick();
        m_second->engine.onMachines(m_second->fleet.all());
        QCOMPARE(m_database->writes, writes);
        // But it shows what the leader committed.
        QCOMPARE(wholeOf(m_second->engine, id).value().release.state, ReleaseState::Running);
        QCOMPARE(wholeOf(m_second->engine, id).value().machines.size(), std::size_t{3});
        QCOMPARE(m_second->engine.runningCount(), std::size_t{1});
        QVERIFY(m_second->engine.versionsNamed().count({"logd", "2"}) == 1);
    }

    // Two operators each saw the gray stage and promote: one stage opens, not two.
    void ofTwoPromotesOfOneStageTheSecondIsRefused() {
        QVERIFY(m_first->engine.lead(1).ok());
        domain::ReleaseSpec staged = spec();
        staged.gray.uuids = {"m0"};
        staged.pilot.count = 1;
        const std::string id = started(*m_first, staged);
        const auto promote = [&](domain::StageKind seen) {
            Caller caller = kOperator;
            caller.expected.stage = release::StageKey{seen, 0};
            return m_first->engine.act(caller, id, ReleaseVerb::Promote, "").status();
        };
        QVERIFY(promote(domain::StageKind::Gray).ok());
        const absl::Status second = promote(domain::StageKind::Gray);
        QCOMPARE(second.code(), absl::StatusCode::kAborted);
        QCOMPARE(base::errorInfo(second).reason, std::string("RELEASE_MOVED"));
        QVERIFY2(base::messageOf(second).find("stage pilot is current, you saw gray") !=
                     std::string::npos,
                 base::messageOf(second).c_str());
        QCOMPARE(wholeOf(m_first->engine, id)->release.stage, domain::StageKind::Pilot);
        QVERIFY(promote(domain::StageKind::Pilot).ok());
        QCOMPARE(wholeOf(m_first->engine, id)->release.stage, domain::StageKind::Full);
    }

    void removedMachinesAreSkippedInTheSameTransaction() {
        QVERIFY(m_first->engine.lead(1).ok());
        const std::string id = started(*m_first);
        const auto outcome = [&](OneOfMany& at) {
            return wholeOf(at.engine, id)->machines.at("m0").outcome;
        };
        const auto erase = [](storage::Transaction& in) { return in.machines().erase("m0"); };
        QVERIFY(members::isNotLeader(m_second->engine.removeMachines({"m0"}, erase)));
        // Neither happens without the other.
        const absl::Status refused = m_first->engine.removeMachines(
            {"m0"}, [](storage::Transaction&) { return absl::AbortedError("no"); });
        QVERIFY(absl::IsAborted(refused));
        QCOMPARE(outcome(*m_first), domain::Outcome::Pending);
        QVERIFY(m_first->engine.removeMachines({"m0", "stranger"}, erase).ok());
        QCOMPARE(outcome(*m_first), domain::Outcome::Skipped);
        QVERIFY(!m_first->permit("m0", id).granted);
        QVERIFY(m_first->permit("m1", id).granted);
        // Whoever takes over goes on from there, also with the revision.
        lease(2);
        QVERIFY(m_second->engine.lead(2).ok());
        QCOMPARE(outcome(*m_second), domain::Outcome::Skipped);
        QVERIFY(wholeOf(m_second->engine, id)->release.revision > 1);
        // The stale leader's transaction is refused as a whole.
        QVERIFY(members::isNotLeader(m_first->engine.removeMachines(
            {"m1"}, [](storage::Transaction& in) { return in.machines().erase("m1"); })));
        QVERIFY(m_database->state.machines.count("m1") == 1);
    }

    void aTokenOfAnotherIsNotLedUnder() {
        QVERIFY(members::isNotLeader(m_first->engine.lead(2)));
        QVERIFY(!m_first->engine.leads());
    }

    void theStaleLeadersWritesAreRefused() {
        QVERIFY(m_first->engine.lead(1).ok());
        const std::string id = started(*m_first);
        lease(2);
        const auto before = m_database->state.timeline[id].size();
        const auto generation = m_database->state.generation;
        QVERIFY(members::isNotLeader(
            m_first->engine.act(kOperator, id, ReleaseVerb::Abort, "").status()));
        // It has noticed, and stands down without being told.
        QVERIFY(!m_first->engine.leads());
        QVERIFY(members::isNotLeader(m_first->engine.create(kOperator, spec()).status()));
        QCOMPARE(m_database->state.timeline[id].size(), before);
        QCOMPARE(m_database->state.generation, generation);
        QCOMPARE(m_database->state.releases[id].release.state, ReleaseState::Running);
    }

    void theStaleLeadersClockChangesNothing() {
        QVERIFY(m_first->engine.lead(1).ok());
        const std::string id = started(*m_first);
        lease(2);
        m_first->clock.advance(std::chrono::hours(24 * 30));
        m_first->engine.tick();
        QVERIFY(!m_first->engine.leads());
        QCOMPARE(m_database->state.releases[id].release.state, ReleaseState::Running);
    }

    void noPermitAfterAHaltThatAnotherCommitted() {
        QVERIFY(m_first->engine.lead(1).ok());
        const std::string id = started(*m_first);
        QVERIFY(m_first->permit("m0", id).granted);
        lease(2);
        QVERIFY(m_second->engine.lead(2).ok());
        QVERIFY(m_second->engine.act(kOperator, id, ReleaseVerb::Pause, "").ok());
        // The first one's memory says that the release runs; it has composed what it serves.
        QVERIFY(!m_first->permit("m1", id).granted);
        QVERIFY(!m_first->engine.leads());
        QVERIFY(!m_second->permit("m1", id).granted);
    }

    // The leader has read that nobody froze the cluster; before it stores the permit the other
    // master freezes, and answers.
    void noPermitAfterAFreezeThatAnotherCommitted() {
        QVERIFY(m_first->engine.lead(1).ok());
        const std::string id = started(*m_first);
        m_first->database.beforeWrite = [this] { freezeAtSecond(); };
        const auto answer = m_first->permit("m0", id);
        QVERIFY(!m_first->database.beforeWrite);
        QVERIFY(!answer.granted);
        QCOMPARE(answer.reason, std::string("CLUSTER_FROZEN"));
        m_first->engine.tick();
        QCOMPARE(wholeOf(m_first->engine, id)->machines.at("m0").outcome, domain::Outcome::Pending);
        QVERIFY(m_second->freeze.unfreeze(kOperator).ok());
        m_first->freeze.tick();
        QVERIFY(m_first->permit("m0", id).granted);
        // Also what stands in the database already is given anew only where nobody froze since.
        m_first->database.beforeWrite = [this] { freezeAtSecond(); };
        QVERIFY(!m_first->permit("m0", id).granted);
    }

    void noVerbThatAFreezeForbidsAfterOneThatAnotherCommitted_data() {
        QTest::addColumn<bool>("stops");
        QTest::newRow("promote") << false;
        QTest::newRow("pause") << true;
    }
    void noVerbThatAFreezeForbidsAfterOneThatAnotherCommitted() {
        QFETCH(const bool, stops);
        QVERIFY(m_first->engine.lead(1).ok());
        domain::ReleaseSpec staged = spec();
        staged.gray.uuids = {"m0"};
        const std::string id = started(*m_first, staged);
        m_first->database.beforeWrite = [this] { freezeAtSecond(); };
        const auto generation = m_database->state.generation;
        const absl::Status done =
            m_first->engine
                .act(kOperator, id, stops ? ReleaseVerb::Pause : ReleaseVerb::Promote, "")
                .status();
        QVERIFY(!m_first->database.beforeWrite);
        const auto now = wholeOf(m_first->engine, id)->release;
        if (stops) {
            QVERIFY2(done.ok(), base::messageOf(done).c_str());
            QCOMPARE(now.state, ReleaseState::Paused);
            return;
        }
        QCOMPARE(base::errorInfo(done).reason, std::string("CLUSTER_FROZEN"));
        QCOMPARE(now.stage, domain::StageKind::Gray);
        QCOMPARE(m_database->state.generation, generation);
    }

    // The one that the stage waits for is removed, so the next stage opens by itself; or, where
    // another master committed a freeze before that is stored, none does, and it goes all the same.
    void noStageOpensByARemovalAfterAFreezeThatAnotherCommitted_data() {
        QTest::addColumn<bool>("freezes");
        QTest::newRow("nobody freezes") << false;
        QTest::newRow("another master freezes") << true;
    }
    void noStageOpensByARemovalAfterAFreezeThatAnotherCommitted() {
        QFETCH(const bool, freezes);
        QVERIFY(m_first->engine.lead(1).ok());
        domain::ReleaseSpec staged = spec();
        staged.gray.uuids = {"m0", "m1"};
        staged.autoVerify = true;
        staged.soak = std::chrono::seconds(0);
        const std::string id = started(*m_first, staged);
        MachineReport report;
        report.uuid = "m0";
        report.streamId = "stream";
        report.seq = 1;
        domain::AgentReport well;
        well.agent = "logd";
        well.runningVersion = "2";
        well.runningDigest = kDigest;
        well.state = domain::MachineState::Healthy;
        well.releaseId = id;
        report.agents = {well};
        m_first->engine.onMachines({m_first->fleet.apply(report)});
        const auto now = [&] { return *wholeOf(m_first->engine, id); };
        QCOMPARE(now().machines.at("m0").outcome, domain::Outcome::Ok);
        QCOMPARE(now().release.stage, domain::StageKind::Gray);
        const auto generation = m_database->state.generation;
        if (freezes) m_first->database.beforeWrite = [this] { freezeAtSecond(); };
        QVERIFY(m_first->engine
                    .removeMachines(
                        {"m1"}, [](storage::Transaction& in) { return in.machines().erase("m1"); })
                    .ok());
        QVERIFY(!m_first->database.beforeWrite);
        QCOMPARE(m_database->state.machines.count("m1"), std::size_t{0});
        QCOMPARE(now().machines.at("m1").outcome, domain::Outcome::Skipped);
        QCOMPARE(now().release.stage, freezes ? domain::StageKind::Gray : domain::StageKind::Full);
        QCOMPARE(m_database->state.generation == generation, freezes);
        if (!freezes) return;
        // And once it may.
        QVERIFY(m_second->freeze.unfreeze(kOperator).ok());
        m_first->freeze.tick();
        m_first->engine.tick();
        QCOMPARE(now().release.stage, domain::StageKind::Full);
    }

    // Whoever watches the lease does not take a freeze for more than one sign of life.
    void aFreezeTakesNobodysLease() {
        QVERIFY(m_first->engine.lead(1).ok());
        freezeAtSecond();
        QCOMPARE(m_database->state.lease.token, std::uint64_t{1});
        QCOMPARE(m_database->state.lease.holder, std::string("m1"));
        QVERIFY(m_first->engine.leads());
    }

    void theNextLeaderGoesOnWhereTheFormerStood() {
        QVERIFY(m_first->engine.lead(1).ok());
        const std::string id = started(*m_first);
        lease(2);
        QVERIFY(m_second->engine.lead(2).ok());
        QVERIFY(m_second->permit("m1", id).granted);
        QVERIFY(m_second->engine.act(kOperator, id, ReleaseVerb::Abort, "").ok());
        m_first->engine.standDown();
        QCOMPARE(wholeOf(m_first->engine, id).value().release.state,
                 wholeOf(m_second->engine, id).value().release.state);
        // And back, with a later token, from what is committed and not from what it remembers.
        lease(3);
        QVERIFY(m_first->engine.lead(3).ok());
        QVERIFY(!m_first->permit("m2", id).granted);
    }

    void withoutTheDatabaseNoPermitIsGiven() {
        QVERIFY(m_first->engine.lead(1).ok());
        const std::string id = started(*m_first);
        QVERIFY(m_first->permit("m0", id).granted);
        m_database->down = absl::UnavailableError("away");
        QVERIFY(!m_first->permit("m1", id).granted);
        // It may still be the one that leads.
        QVERIFY(m_first->engine.leads());
        m_database->down = absl::OkStatus();
        QVERIFY(m_first->permit("m1", id).granted);
    }

    void whoTakesOverKnowsWhatWentBack() {
        QVERIFY(m_first->engine.lead(1).ok());
        const std::string older = started(*m_first);
        QVERIFY(m_first->engine.act(kOperator, older, ReleaseVerb::Abort, "").ok());
        // The other one's clock is behind what this one stamps.
        m_first->clock.advance(std::chrono::hours(1));
        const std::string newer = started(*m_first);
        QVERIFY(m_first->engine.act(kOperator, newer, ReleaseVerb::Rollback, "").ok());
        const auto besideAtSecond = [&] {
            (void)m_second->engine.follow(std::nullopt);
            return m_second->engine.checkBeside(m_second->engine.head(older).value()->release,
                                                ReleaseVerb::Rollback);
        };
        QCOMPARE(base::errorInfo(besideAtSecond()).reason, std::string("RELEASE_CONFLICT"));
        m_first->engine.tick();
        QCOMPARE(m_database->state.releases[newer].release.state, ReleaseState::RolledBack);
        QVERIFY(besideAtSecond().ok());
        lease(2);
        QVERIFY(m_second->engine.lead(2).ok());
        const auto generation = m_database->state.generation;
        QVERIFY(members::isNotLeader(
            m_first->engine.act(kOperator, older, ReleaseVerb::Rollback, "").status()));
        QCOMPARE(m_database->state.generation, generation);
        QVERIFY(m_second->engine.act(kOperator, older, ReleaseVerb::Rollback, "").ok());
        QCOMPARE(m_database->state.generation, generation + 1);
        QCOMPARE(m_database->state.rows.size(), std::size_t{1});
        const auto& entry = m_database->state.rows.front().entry;
        QCOMPARE(entry.releaseId, older);
        QVERIFY(entry.timestamp > m_database->state.releases[newer].standingStamp);
    }

    /// It began to, and another one leads by now.
    void aFormerLeaderRemovesNoHistory() {
        QVERIFY(m_first->engine.lead(1).ok());
        const std::string id = started(*m_first);
        QVERIFY(m_first->engine.act(kOperator, id, ReleaseVerb::Abort, "").ok());
        m_first->clock.advance(std::chrono::hours(401 * 24));
        QVERIFY(m_first->engine.removeHistory().ok());
        QVERIFY(m_first->engine.head(id).value()->release.historyRemoval.has_value());
        lease(2);
        QVERIFY(members::isNotLeader(m_first->engine.removeHistory()));
        QVERIFY(!m_first->engine.leads());
        QCOMPARE(m_database->state.progress[id].size(), std::size_t{3});
        // Who leads now goes on with it; who does not sees that it began.
        QVERIFY(m_second->engine.follow(std::nullopt).ok());
        QVERIFY(m_second->engine.removeHistory().ok());
        QCOMPARE(m_database->state.progress[id].size(), std::size_t{3});
        QVERIFY(m_second->engine.machines(id, {"", {}, 9}).status().code() ==
                absl::StatusCode::kFailedPrecondition);
        QVERIFY(m_second->engine.lead(2).ok());
        QVERIFY(m_second->engine.removeHistory().ok());
        QCOMPARE(m_database->state.progress[id].size(), std::size_t{0});
    }

private:
    void freezeAtSecond() { QVERIFY(m_second->freeze.freeze(kOperator)->recorded); }
    void lease(std::uint64_t token) { giveLease(*m_database, token); }

    std::unique_ptr<storage::MemoryDatabase> m_database;
    std::unique_ptr<OneOfMany> m_first;
    std::unique_ptr<OneOfMany> m_second;
};

QTEST_GUILESS_MAIN(TestReleaseLeading)
#include "tst_release_leading.moc"
