// SPDX-License-Identifier: Apache-2.0
// What a release engine makes of a restart, of a commit that failed and of one whose answer was
// lost.
#include <absl/synchronization/notification.h>

#include <QTest>
#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "shared/base/status.h"
#include "tests/master/services/release_engine_fixture.h"
#include "tests/master/support/answer_lost.h"
#include "tests/master/support/whole_release.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;
using domain::MachineState;
using domain::Outcome;
using domain::ReleaseState;
using domain::ReleaseVerb;

namespace {

domain::AgentReport revertedTo1(const std::string& releaseId) {
    domain::AgentReport out;
    out.agent = "logd";
    out.runningVersion = "1";
    out.runningDigest = kV1;
    out.state = MachineState::Reverted;
    out.releaseId = releaseId;
    out.knownBad = {kV2};
    return out;
}

/// Reads take until they are let go on.
class SlowReads final : public storage::Database {
public:
    explicit SlowReads(storage::Database& database) : m_database(database) {}
    absl::Status transact(const Work& work) override { return m_database.transact(work); }
    absl::Status read(const Work& work) override {
        if (slow) {
            entered.Notify();
            goOn.WaitForNotification();
        }
        return m_database.read(work);
    }

    std::atomic<bool> slow{false};
    absl::Notification entered;
    absl::Notification goOn;

private:
    storage::Database& m_database;
};

domain::MachineFacts factsOf(const std::string& uuid) {
    domain::MachineFacts out;
    out.uuid = uuid;
    out.machineType = "LINUX";
    return out;
}

}  // namespace

class TestReleaseRecovery : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// The stored report still names the bad version; a restart gives it to the release again.
    void aRetryOutlivesARestart() {
        auto master = settled(3);
        const std::string id = master->started(spec("2", {"m0"})).id;
        master->report("m0", revertedTo1(id));
        QCOMPARE(master->state(id), ReleaseState::Halted);
        QVERIFY(master->engine.act(kAda, id, ReleaseVerb::RetryFailed, "").ok());
        for (int i = 0; i < 2; ++i) {
            Master next(master->database);
            QVERIFY(next.recovered.ok());
            QCOMPARE(next.state(id), ReleaseState::Running);
            QCOMPARE(wholeOf(next.engine, id)->machines.at("m0").outcome, Outcome::Pending);
            next.report("m0", revertedTo1(id));  // the Sync that is answered with the clear
            QCOMPARE(wholeOf(next.engine, id)->machines.at("m0").outcome, Outcome::Pending);
        }
    }

    /// Also without any limit that counts permits.
    void aPermitOutlivesAKill() {
        auto master = settled(3);
        const std::string id = master->started(spec("2", {"m0", "m1"})).id;
        QVERIFY(master->permit("m0", id).granted);
        Master next(master->database);
        QCOMPARE(wholeOf(next.engine, id)->release.stages[0].inFlight, 1U);
        // The upgrade killed it; the other one is only away.
        for (const char* uuid : {"m0", "m1"}) {
            MachineView gone = *next.fleet.find(uuid);
            gone.offline = true;
            next.engine.onMachines({gone});
        }
        const auto machines = wholeOf(next.engine, id)->machines;
        QCOMPARE(machines.at("m0").outcome, Outcome::Silent);
        QCOMPARE(machines.at("m1").outcome, Outcome::Pending);
    }

    void anAbortAfterAKillHoldsWhoeverMaySwitch() {
        auto master = settled(3);
        const std::string id = master->started(spec("2", {"m0", "m1"})).id;
        QVERIFY(master->permit("m0", id).granted);
        Master next(master->database);
        QVERIFY(next.engine.act(kAda, id, ReleaseVerb::Abort, "").ok());
        QCOMPARE(next.desiredOf("m0"), std::string("2"));
        QCOMPARE(next.desiredOf("m1"), std::string("1"));
    }

    void aPermitThatCannotBeStoredIsNotGiven() {
        auto master = settled(3);
        const std::string id = master->started(spec("2")).id;
        (void)master->composer.composeNow();
        const release::PermitQuestion question{"m0", "logd", id, "2", kV2};
        master->database->down = absl::UnavailableError("disk gone");
        QCOMPARE(master->engine.permit(question).reason, std::string("DATABASE_AWAY"));
        master->database->down = absl::OkStatus();
        QCOMPARE(master->engine.permit(question).reason, std::string("DATABASE_AWAY"));
        master->engine.tick();
        QVERIFY(!master->database->state.progress.at(id).at("m0").inFlight);
        QVERIFY(master->engine.permit(question).granted);
        QVERIFY(master->database->state.progress.at(id).at("m0").inFlight);
    }

    /// Those that ask while one is stored are stored together, and each before its answer.
    void everyPermitIsStoredBeforeItIsGiven() {
        auto master = settled(40);
        const std::string id = master->started(spec("2")).id;
        (void)master->composer.composeNow();
        std::atomic<int> unstored{0};
        std::atomic<int> granted{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&, i] {
                for (int n = 0; n < 5; ++n) {
                    const std::string uuid = "m" + std::to_string(i * 5 + n);
                    if (!master->engine.permit({uuid, "logd", id, "2", kV2}).granted) continue;
                    ++granted;
                    (void)master->database->read([&](storage::Transaction& in) -> absl::Status {
                        if (!in.releases().loadProgress(id)->at(uuid).inFlight) ++unstored;
                        return absl::OkStatus();
                    });
                }
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(granted.load(), 40);
        QCOMPARE(unstored.load(), 0);
        QCOMPARE(master->database->state.releases.at(id).release.stages[0].inFlight, 40U);
    }

    /// By the version that kept permits in memory.
    void aStoredCountThatIsWrongIsCountedAnew() {
        auto master = settled(3);
        const std::string id = master->started(spec("2", {"m0", "m1"})).id;
        QVERIFY(master->permit("m0", id).granted);
        master->database->state.releases.at(id).release.stages[0].inFlight = 7;
        Master next(master->database);
        QCOMPARE(wholeOf(next.engine, id)->release.stages[0].inFlight, 1U);
        next.report("m0", "2", kV2, MachineState::Healthy, id);
        QCOMPARE(wholeOf(next.engine, id)->release.stages[0].inFlight, 0U);
    }

    void aJoinThatCouldNotBeStoredIsNotLost() {
        auto master = settled(3);
        const std::string id = master->started(spec("2", {"m0"})).id;
        master->database->down = absl::UnavailableError("disk gone");
        QVERIFY(master->fleet.enrol(factsOf("late"), master->clock.now()));
        master->engine.onJoined(*master->fleet.find("late"));
        master->engine.tick();
        // While memory is not sure of the release, the next one comes.
        QVERIFY(master->fleet.enrol(factsOf("later"), master->clock.now()));
        master->database->down = absl::OkStatus();
        master->engine.onJoined(*master->fleet.find("later"));
        const auto machines = wholeOf(master->engine, id)->machines;
        QCOMPARE(machines.count("late"), std::size_t{1});
        QCOMPARE(machines.count("later"), std::size_t{1});
        QCOMPARE(master->database->state.progress.at(id).count("late"), std::size_t{1});
    }

    /// The master died between the enrolment and the release's hearing of it, or nobody led.
    void aJoinThatNobodySawIsTakenIn() {
        auto master = settled(3);
        const std::string id = master->started(spec("2", {"m0"})).id;
        StoredMachine late;
        late.facts = factsOf("late");
        late.lastSeen = master->clock.now();
        master->database->state.machines["late"] = late;
        late.facts = factsOf("arm");
        late.facts.machineType = "ARM64";
        master->database->state.machines["arm"] = late;
        Master next(master->database);
        const auto machines = wholeOf(next.engine, id)->machines;
        QCOMPARE(machines.size(), std::size_t{4});
        QCOMPARE(machines.count("late"), std::size_t{1});
        QVERIFY(!machines.at("late").opened);
        QVERIFY(next.engine.act(kAda, id, ReleaseVerb::PromoteAll, "").ok());
        QVERIFY(next.permit("late", id).granted);
        // In a rollback nobody joins any more.
        QVERIFY(next.engine.act(kAda, id, ReleaseVerb::Rollback, "").ok());
        late.facts = factsOf("latest");
        next.database->state.machines["latest"] = late;
        Master last(next.database);
        QCOMPARE(wholeOf(last.engine, id)->machines.size(), std::size_t{4});
    }

    void aRollbackOfAnEndedReleaseGoesOnThoughItsAnswerWasLost() {
        auto database = cluster(2);
        AnswerLost through(*database);
        Master master(database, &through);
        for (const auto& [version, digest] : {std::pair("1", kV1), std::pair("2", kV2)}) {
            const std::string id = master.started(spec(version)).id;
            for (const char* uuid : {"m0", "m1"})
                master.report(uuid, version, digest, MachineState::Healthy, id);
        }
        const std::string id = master.engine.list().front()->release.id;
        QCOMPARE(master.state(id), ReleaseState::Done);
        through.loses = true;
        QVERIFY(
            absl::IsUnavailable(master.engine.act(kAda, id, ReleaseVerb::Rollback, "").status()));
        QCOMPARE(master.permit("m0", id).reason, std::string("DATABASE_AWAY"));
        through.loses = false;
        master.engine.tick();
        QCOMPARE(master.engine.head(id).value()->release.state, ReleaseState::RollingBack);
        (void)master.composer.composeNow();
        QVERIFY(master.engine.permit({"m0", "logd", id, "1", kV1}).granted);
        for (const char* uuid : {"m0", "m1"})
            master.report(uuid, "1", kV1, MachineState::Healthy, id);
        master.engine.tick();
        QCOMPARE(master.engine.head(id).value()->release.state, ReleaseState::RolledBack);
    }

    void aDraftWhoseAnswerWasLostIsThere() {
        auto database = cluster(2);
        AnswerLost through(*database);
        Master master(database, &through);
        through.loses = true;
        QVERIFY(absl::IsUnavailable(master.engine.create(kAda, spec("1")).status()));
        through.loses = false;
        QVERIFY(master.engine.list().empty());
        master.engine.tick();
        QCOMPARE(master.engine.list().size(), std::size_t{1});
        QVERIFY(master.engine.plan(master.engine.list().front()->release.id).ok());
        // One that was not committed is nothing.
        database->down = absl::UnavailableError("disk gone");
        QVERIFY(absl::IsUnavailable(master.engine.create(kAda, spec("1")).status()));
        master.engine.tick();
        database->down = absl::OkStatus();
        master.engine.tick();
        QCOMPARE(master.engine.list().size(), std::size_t{1});
    }

    /// A report that memory took and the database did not is taken again before a verb.
    void aVerbOverALostCommitKeepsTheReports() {
        auto master = settled(3);
        const std::string id = master->started(spec("2", {"m0"})).id;
        MachineReport report;
        report.uuid = "m0";
        report.streamId = "s";
        report.seq = ++master->sequence;
        report.full = true;
        domain::AgentReport agent = revertedTo1(id);
        agent.runningVersion = "2";
        agent.runningDigest = kV2;
        agent.state = MachineState::Healthy;
        agent.knownBad.clear();
        report.agents = {agent};
        const MachineView view = master->fleet.apply(report);
        master->database->down = absl::UnavailableError("disk gone");
        master->engine.onMachines({view});
        master->database->down = absl::OkStatus();
        QVERIFY(master->engine.act(kAda, id, ReleaseVerb::Pause, "").ok());
        QCOMPARE(wholeOf(master->engine, id)->machines.at("m0").outcome, Outcome::Ok);
    }

    void aRollbackWaitsForASwitchThroughARestart() {
        auto master = settled(2);
        const std::string id = master->started(spec("2", {"m0"})).id;
        QVERIFY(master->permit("m0", id).granted);
        QVERIFY(master->engine.act(kAda, id, ReleaseVerb::Rollback, "").ok());
        Master next(master->database);
        next.engine.tick();
        QCOMPARE(next.state(id), ReleaseState::RollingBack);
        next.report("m0", "1", kV1, MachineState::Healthy, id);
        next.engine.tick();
        QCOMPARE(next.state(id), ReleaseState::RolledBack);
    }

    void aReadOfAnEndedReleaseStallsNoPermit_data() {
        QTest::addColumn<bool>("paged");
        QTest::newRow("whole") << false;
        QTest::newRow("its machines") << true;
    }
    void aReadOfAnEndedReleaseStallsNoPermit() {
        QFETCH(const bool, paged);
        auto database = cluster(2);
        SlowReads through(*database);
        Master master(database, &through);
        const std::string ended = master.started(spec("1")).id;
        for (const char* uuid : {"m0", "m1"})
            master.report(uuid, "1", kV1, MachineState::Healthy, ended);
        const std::string id = master.started(spec("2")).id;
        (void)master.composer.composeNow();
        through.slow = true;
        std::size_t read = 0;
        std::thread reader([&] {
            read = paged ? master.engine.machines(ended, {"", {}, 10})->size()
                         : wholeOf(master.engine, ended)->machines.size();
        });
        through.entered.WaitForNotification();
        absl::Notification answered;
        bool granted = false;
        std::thread asker([&] {
            granted = master.engine.permit({"m0", "logd", id, "2", kV2}).granted;
            answered.Notify();
        });
        const bool meanwhile = answered.WaitForNotificationWithTimeout(absl::Seconds(20));
        through.goOn.Notify();
        reader.join();
        asker.join();
        QVERIFY(meanwhile);
        QVERIFY(granted);
        QCOMPARE(read, std::size_t{2});
    }

    /// The same of a running release, which is in memory, and of an ended one, which is not.
    void machinesComeInPages() {
        auto master = settled(5);
        const std::string ended = master->engine.list().front()->release.id;
        const std::string running = master->started(spec("2")).id;
        master->report("m3", "2", kV2, MachineState::Healthy, running);
        for (const std::string& id : {ended, running}) {
            const auto first = master->engine.machines(id, {"", {}, 2}).value();
            QCOMPARE(first.size(), std::size_t{2});
            QCOMPARE(first[1].uuid, std::string("m1"));
            const auto rest = master->engine.machines(id, {"m1", {}, 9}).value();
            QCOMPARE(rest.size(), std::size_t{3});
            QCOMPARE(rest[0].uuid, std::string("m2"));
            const std::size_t ok = id == running ? 1 : 5;
            QCOMPARE(master->engine.machines(id, {"", Outcome::Ok, 9})->size(), ok);
        }
        QVERIFY(absl::IsNotFound(master->engine.machines("77", {"", {}, 9}).status()));
    }

    /// Since the end of the release nobody told it who went and who came.
    void aRollbackAfterTheEndWaitsForWhoIsThereNow() {
        auto master = settled(3);
        const auto heard = [&](std::initializer_list<const char*> uuids) {
            master->clock.advance(std::chrono::minutes(5));
            for (const char* uuid : uuids)
                master->fleet.touch(uuid, master->clock.now());
            master->engine.onMachines(
                master->fleet.sweep(master->clock.now(), {std::chrono::seconds(90)}));
        };
        heard({"m0", "m1"});
        const std::string id = master->started(spec("2")).id;
        for (const char* uuid : {"m0", "m1"})
            master->report(uuid, "2", kV2, MachineState::Healthy, id);
        master->engine.tick();
        QCOMPARE(master->state(id), ReleaseState::Done);
        QCOMPARE(wholeOf(master->engine, id)->machines.at("m2").outcome, Outcome::Skipped);
        // m2 came back and upgraded; m1 is gone.
        heard({"m0", "m2"});
        master->report("m2", "2", kV2, MachineState::Healthy, id);
        QVERIFY(master->engine.act(kAda, id, ReleaseVerb::Rollback, "").ok());
        master->report("m0", "1", kV1, MachineState::Healthy, id);
        master->engine.tick();
        QCOMPARE(master->state(id), ReleaseState::RollingBack);
        master->report("m2", "1", kV1, MachineState::Healthy, id);
        master->engine.tick();
        QCOMPARE(master->state(id), ReleaseState::RolledBack);
        const auto& end = master->database->state.timeline[id].back();
        QVERIFY2(end.message.find("had not gone back") == std::string::npos, end.message.c_str());
    }

    /// It ends at once, and not at its deadline.
    void aRollbackOntoWhatAnAbortLeft() {
        auto master = settled(3);
        const std::string kV3(64, '3');
        master->database->state.packages[kV3] = logdPackage("3", kV3);
        const std::string first = master->started(spec("2", {"m0"})).id;
        master->report("m0", "2", kV2, MachineState::Healthy, first);
        QVERIFY(master->engine.act(kAda, first, ReleaseVerb::Abort, "").ok());
        const std::string second = master->started(spec("3", {"m0", "m1"})).id;
        for (const char* uuid : {"m0", "m1"})
            master->report(uuid, "3", kV3, MachineState::Healthy, second);
        QVERIFY(master->engine.act(kAda, second, ReleaseVerb::Rollback, "").ok());
        QCOMPARE(master->desiredOf("m0"), std::string("2"));
        QCOMPARE(master->desiredOf("m1"), std::string("1"));
        QVERIFY(master->permit("m0", first).granted);
        Master next(master->database);
        next.report("m0", "2", kV2, MachineState::Healthy, first);
        next.report("m1", "1", kV1, MachineState::Healthy, first);
        next.engine.tick();
        QCOMPARE(next.state(second), ReleaseState::RolledBack);
    }
};

QTEST_GUILESS_MAIN(TestReleaseRecovery)
#include "tst_release_recovery.moc"
