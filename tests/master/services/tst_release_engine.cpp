// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <atomic>
#include <memory>
#include <thread>

#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "tests/master/services/release_engine_fixture.h"
#include "tests/master/support/whole_release.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;
using domain::MachineState;
using domain::Outcome;
using domain::ReleaseState;
using domain::ReleaseVerb;

namespace {

/// Ada, who believes that she changes so many machines, as she saw them in that generation.
Caller adaExpecting(std::optional<std::uint64_t> machines, std::uint64_t generation = 0) {
    Caller out = kAda;
    out.expected = {machines, generation};
    return out;
}

}  // namespace

class TestReleaseEngine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void grayVerifyFull() {
        auto master = settled(5);
        const auto release = master->started(spec("2", {"m0", "m1"}));
        QCOMPARE(master->desiredOf("m0"), std::string("2"));
        QCOMPARE(master->desiredOf("m2"), std::string("1"));
        QVERIFY(master->permit("m0", release.id).granted);
        QVERIFY(!master->permit("m2", release.id).granted);
        for (const char* uuid : {"m0", "m1"})
            master->report(uuid, "2", kV2, MachineState::Healthy, release.id);
        QVERIFY(master->engine.act(adaExpecting(3), release.id, ReleaseVerb::Verify, "").ok());
        QCOMPARE(master->desiredOf("m2"), std::string("2"));
        QVERIFY(master->permit("m2", release.id).granted);
        for (const char* uuid : {"m2", "m3", "m4"})
            master->report(uuid, "2", kV2, MachineState::Healthy, release.id);
        QCOMPARE(master->state(release.id), ReleaseState::Done);
        QVERIFY(master->permit("m3", release.id).granted);  // settled: a machine set up anew
        // Each change left its row, and the generation only grew.
        const auto& audit = master->database->state.audit;
        QCOMPARE(audit.back().entry.verb, std::string("release.verify"));
        QCOMPARE(audit.back().entry.result, std::string("allowed"));
        QCOMPARE(audit.back().entry.after, std::string(R"({"state":"running","stage":"full"})"));
    }

    void rollbackFromGrayAndFromFull() {
        auto master = settled(4);
        auto release = master->started(spec("2", {"m0"}));
        master->report("m0", "2", kV2, MachineState::Healthy, release.id);
        QVERIFY(master->engine.act(kAda, release.id, ReleaseVerb::Rollback, "").ok());
        QCOMPARE(master->desiredOf("m0"), std::string("1"));
        QVERIFY(!master->permit("m0", release.id).granted);
        const auto first =
            master->published.current()->answerFor("m0", "LINUX", 0).state().entries[0].releaseId;
        QVERIFY(master->engine.permit({"m0", "logd", first, "1", kV1}).granted);
        master->report("m0", "1", kV1, MachineState::Healthy, first);
        master->engine.tick();
        QCOMPARE(master->state(release.id), ReleaseState::RolledBack);

        release = master->started(spec("2"));
        for (const char* uuid : {"m0", "m1", "m2", "m3"})
            master->report(uuid, "2", kV2, MachineState::Healthy, release.id);
        QCOMPARE(master->state(release.id), ReleaseState::Done);
        QVERIFY(master->engine.act(kAda, release.id, ReleaseVerb::Rollback, "").ok());
        QCOMPARE(master->desiredOf("m3"), std::string("1"));
        // The fallback is the release's own entry: its switch must be permitted.
        QVERIFY(master->engine.permit({"m3", "logd", release.id, "1", kV1}).granted);
        QVERIFY(!master->engine.permit({"m3", "logd", release.id, "2", kV2}).granted);
    }

    /// The store may write those that change alike together, however many they are.
    void aVerbMovesMachinesThatAreStored() {
        auto master = settled(3);
        const std::string id = master->started(spec("2")).id;
        const auto& state = master->database->state;
        const std::size_t puts = state.progressPuts;
        const std::size_t moves = state.progressMoves;
        QVERIFY(master->engine.act(kAda, id, ReleaseVerb::Abort, "").ok());
        QCOMPARE(state.progressMoves, moves + 3);
        QCOMPARE(state.progressPuts, puts);
        for (const auto& [uuid, machine] : state.progress.at(id))
            QCOMPARE(machine.outcome, Outcome::Aborted);
    }

    void aRollbackDoesNotWaitForWhoWasRemovedSince() {
        auto master = settled(3);
        const auto release = master->started(spec("2"));
        for (const char* uuid : {"m0", "m1", "m2"})
            master->report(uuid, "2", kV2, MachineState::Healthy, release.id);
        QCOMPARE(master->state(release.id), ReleaseState::Done);
        const auto nothing = [](storage::Transaction&) { return absl::OkStatus(); };
        QVERIFY(master->engine.removeMachines({"m2"}, nothing).ok());
        master->fleet.remove("m2");
        QVERIFY(master->engine.act(kAda, release.id, ReleaseVerb::Rollback, "").ok());
        master->report("m0", "1", kV1, MachineState::Healthy, release.id);
        master->engine.tick();
        QCOMPARE(master->state(release.id), ReleaseState::RollingBack);
        master->report("m1", "1", kV1, MachineState::Healthy, release.id);
        master->engine.tick();
        QCOMPARE(master->state(release.id), ReleaseState::RolledBack);
    }

    /// Through gray, pilot and the ring's four batches, with a limit that a kill does not lift.
    void stagedReleaseSurvivesAKill() {
        auto database = cluster(12);
        auto master = std::make_unique<Master>(database);
        const auto first = master->started(spec("1"));
        for (int i = 0; i < 12; ++i)
            master->report("m" + std::to_string(i), "1", kV1, MachineState::Healthy, first.id);
        domain::ReleaseSpec staged = spec("2", {"m0"});
        staged.pilot.count = 1;
        staged.batches.enabled = true;
        staged.autoVerify = true;
        staged.maxInFlight = 1;
        const std::string id = master->started(staged).id;
        std::vector<std::string> order;
        while (master->state(id) == ReleaseState::Running && order.size() < 20) {
            const release::Model model = wholeOf(master->engine, id).value();
            std::vector<std::string> open;
            for (const auto& [uuid, machine] : model.machines) {
                // Who is told the new version is who is open, and nobody else.
                QCOMPARE(desiredAt(*master, uuid) == "2", machine.opened);
                if (machine.opened && machine.outcome == Outcome::Pending) open.push_back(uuid);
            }
            order.push_back(release::describe(model.release.stages[model.stageIndex]));
            if (open.empty()) break;
            QVERIFY(master->engine.permit({open[0], "logd", id, "2", kV2}).granted);
            if (open.size() > 1) {
                const auto second = [&] {
                    return master->engine.permit({open[1], "logd", id, "2", kV2});
                };
                QCOMPARE(second().reason, std::string("MAX_IN_FLIGHT"));
                master = std::make_unique<Master>(database);
                QVERIFY(master->recovered.ok());
                (void)master->composer.composeNow();
                QCOMPARE(second().reason, std::string("MAX_IN_FLIGHT"));
            }
            for (const std::string& uuid : open)
                master->report(uuid, "2", kV2, MachineState::Healthy, id);
            master->engine.tick();
        }
        QCOMPARE(master->state(id), ReleaseState::Done);
        QCOMPARE(order.front(), std::string("gray"));
        QCOMPARE(order.at(1), std::string("pilot"));
        QVERIFY(order.at(2).rfind("batch ", 0) == 0);
        // The keys of the release are gone, the full one names the version.
        (void)master->composer.composeNow();
        QCOMPARE(master->published.current()->fragments().size(), std::size_t{1});
        QCOMPARE(master->desiredOf("m11"), std::string("2"));
    }

    /// A whole stage waits for its turn: that is stored at once, and keeps nobody else waiting.
    void whoIsHeldIsStoredWithTheNextTick() {
        constexpr int kMachines = 200;
        auto database = cluster(kMachines);
        auto master = std::make_unique<Master>(database);
        domain::ReleaseSpec one = spec("1");
        one.maxInFlight = 1;
        const std::string id = master->started(one).id;
        const auto ask = [&master, &id](int i) {
            return master->engine.permit({"m" + std::to_string(i), "logd", id, "1", kV1});
        };
        (void)master->composer.composeNow();
        QVERIFY(ask(0).granted);
        // Over half of the deadline: each that asks now begins anew.
        master->clock.advance(one.machineDeadline * 2 / 3);
        const int before = database->writes;
        for (int i = 1; i < kMachines; ++i)
            QCOMPARE(ask(i).reason, std::string("MAX_IN_FLIGHT"));
        QCOMPARE(database->writes, before);
        master->engine.tick();
        QCOMPARE(database->writes, before + 1);
        // What is stored is what was given: a master that is killed now fails none of them.
        master = std::make_unique<Master>(database);
        master->clock.advance(one.machineDeadline * 4 / 3);
        master->engine.tick();
        const release::Model model = wholeOf(master->engine, id).value();
        QCOMPARE(model.machines.at("m1").outcome, Outcome::Pending);
        QCOMPARE(model.machines.at("m199").outcome, Outcome::Pending);
        QCOMPARE(model.machines.at("m0").reason, std::string("DEADLINE"));
    }

    void aWrongOrderOfBatchesIsRefused() {
        auto master = settled(2);
        domain::ReleaseSpec staged = spec("2");
        staged.batches.enabled = true;
        for (const std::vector<std::uint32_t>& order :
             {std::vector<std::uint32_t>{1, 2, 3}, {1, 2, 3, 3}, {1, 2, 3, 5}, {0, 1, 2, 3}}) {
            staged.batches.order = order;
            const auto refused = master->engine.create(kAda, staged).status();
            QCOMPARE(base::errorInfo(refused).reason, std::string("BATCH_ORDER"));
        }
        staged.batches.order = {4, 3, 2, 1};
        const auto release = master->started(staged);
        QCOMPARE(release.stages.front().batch, 4U);
    }

    void uninstallWorksTheSame() {
        auto master = settled(2);
        domain::ReleaseSpec remove = spec("");
        remove.action = domain::DesiredAction::Uninstall;
        const auto release = master->started(remove);
        QCOMPARE(master->desiredOf("m0"), std::string("uninstall"));
        QVERIFY(master->engine.permit({"m0", "logd", release.id, "", ""}).granted);
        for (const char* uuid : {"m0", "m1"})
            master->report(uuid, "", "", MachineState::Unmanaged, release.id);
        QCOMPARE(master->state(release.id), ReleaseState::Done);
    }

    void badInputIsNamed() {
        auto master = settled(2);
        const auto version = master->engine.create(kAda, spec("9")).status();
        QCOMPARE(version.code(), absl::StatusCode::kNotFound);
        QVERIFY(base::messageOf(version).find("logd 9") != std::string::npos);
        const auto gray = master->engine.create(kAda, spec("2", {"m0", "ghost", "spook"})).status();
        QCOMPARE(gray.code(), absl::StatusCode::kNotFound);
        QVERIFY(base::messageOf(gray).find("2 unknown machines: ghost, spook") !=
                std::string::npos);
        const auto one = master->engine.create(kAda, spec("2", {"m0", "ghost"})).status();
        QVERIFY(base::messageOf(one).find("1 unknown machine: ghost") != std::string::npos);
        QCOMPARE(wholeOf(master->engine, "77").status().code(), absl::StatusCode::kNotFound);
        domain::ReleaseSpec self = spec("2");
        self.agent = "ifrit-agent";
        for (const auto action :
             {domain::DesiredAction::Uninstall, domain::DesiredAction::UninstallPurge}) {
            self.action = action;
            QCOMPARE(base::errorInfo(master->engine.create(kAda, self).status()).reason,
                     std::string("SELF_UNINSTALL"));
        }
        QCOMPARE(master->database->state.releases.size(), std::size_t{1});
    }

    void startIsRefusedWhenTheFleetChanged() {
        auto master = settled(3);
        const auto made = master->engine.create(kAda, spec("2")).value();
        const auto plan = master->engine.plan(made.release.id).value();
        domain::MachineFacts facts;
        facts.uuid = "late";
        facts.machineType = "LINUX";
        QVERIFY(master->fleet.enrol(facts, master->clock.now()));
        const auto refused =
            master->engine.act(kAda, made.release.id, ReleaseVerb::Start, plan.id).status();
        QCOMPARE(refused.code(), absl::StatusCode::kAborted);
        QVERIFY2(base::messageOf(refused).find("1 machine more: late") != std::string::npos,
                 base::messageOf(refused).c_str());
        const auto again = master->engine.plan(made.release.id).value();
        const auto count =
            master->engine.act(adaExpecting(3), made.release.id, ReleaseVerb::Start, again.id)
                .status();
        QCOMPARE(base::errorInfo(count).reason, std::string("COUNT_CHANGED"));
        QCOMPARE(base::callDetails(count).actualCount, std::uint64_t{4});
        QVERIFY(master->engine.act(adaExpecting(4), made.release.id, ReleaseVerb::Start, again.id)
                    .ok());
    }

    void aChangeSeenInAnotherGenerationIsRefusedWithTheDifference() {
        auto master = settled(4);
        const auto release = master->started(spec("2", {"m0"}));
        const std::uint64_t now = master->database->state.generation;
        const auto pause = [&](std::optional<std::uint64_t> machines, std::uint64_t generation) {
            return master->engine
                .act(adaExpecting(machines, generation), release.id, ReleaseVerb::Pause, "")
                .status();
        };
        for (const std::uint64_t other : {now - 1, now + 1}) {
            const absl::Status refused = pause(4, other);
            QCOMPARE(refused.code(), absl::StatusCode::kAborted);
            QCOMPARE(base::errorInfo(refused).reason, std::string("GENERATION_CHANGED"));
            QCOMPARE(base::callDetails(refused).actualGeneration, now);
        }
        QCOMPARE(base::callDetails(pause(3, now)).actualCount, std::uint64_t{4});
        QVERIFY(master->database->state.releases.at(release.id).release.state ==
                domain::ReleaseState::Running);
        QVERIFY(pause(4, now).ok());
    }

    // It was compared with all machines of the release, whatever the verb changes.
    void theCountIsOfTheMachinesThatTheVerbReaches() {
        auto master = settled(5);
        const auto release = master->started(spec("2", {"m0", "m1"}));
        const auto refusal = [&](ReleaseVerb verb, std::uint64_t expected) {
            return base::callDetails(
                       master->engine.act(adaExpecting(expected), release.id, verb, "").status())
                .actualCount;
        };
        QCOMPARE(refusal(ReleaseVerb::Promote, 5), std::uint64_t{3});
        QCOMPARE(refusal(ReleaseVerb::PromoteAll, 5), std::uint64_t{3});
        QCOMPARE(refusal(ReleaseVerb::Rollback, 5), std::uint64_t{2});
        QCOMPARE(refusal(ReleaseVerb::Abort, 3), std::uint64_t{5});
        domain::AgentReport back;
        back.agent = "logd";
        back.runningVersion = "1";
        back.runningDigest = kV1;
        back.state = MachineState::Reverted;
        back.releaseId = release.id;
        back.knownBad = {kV2};
        master->report("m0", back);
        QCOMPARE(refusal(ReleaseVerb::RetryFailed, 5), std::uint64_t{1});
        QVERIFY(master->engine.act(adaExpecting(1), release.id, ReleaseVerb::RetryFailed, "").ok());
        QVERIFY(master->engine.act(adaExpecting(3), release.id, ReleaseVerb::Promote, "").ok());
        // Why a verb is refused comes before how many it would reach.
        QCOMPARE(
            base::errorInfo(
                master->engine.act(adaExpecting(5), release.id, ReleaseVerb::Resume, "").status())
                .reason,
            std::string("RELEASE_STATE"));
        // More opened than was seen: that goes back, too.
        QCOMPARE(refusal(ReleaseVerb::Rollback, 6), std::uint64_t{5});
        QVERIFY(master->engine.act(adaExpecting(2), release.id, ReleaseVerb::Rollback, "").ok());
    }

    void anotherAgentsReleaseDoesNotSpoilAPlan() {
        auto master = settled(4);
        const auto made = master->engine.create(kAda, spec("2", {"m0"})).value();
        const auto plan = master->engine.plan(made.release.id).value();
        ++master->database->state.generation;
        const auto start = [&](std::uint64_t generation) {
            return master->engine
                .act(adaExpecting(4, generation), made.release.id, ReleaseVerb::Start, plan.id)
                .status();
        };
        // What was never reached was not seen here.
        QCOMPARE(base::errorInfo(start(plan.generation + 2)).reason,
                 std::string("GENERATION_CHANGED"));
        QVERIFY(start(plan.generation).ok());
    }

    void createSaysHowManyMachinesItIsFor() {
        auto master = settled(4);
        const auto refused = master->engine.create(adaExpecting(3), spec("2")).status();
        QCOMPARE(base::errorInfo(refused).reason, std::string("COUNT_CHANGED"));
        QCOMPARE(base::callDetails(refused).actualCount, std::uint64_t{4});
        QVERIFY(master->engine.create(adaExpecting(4), spec("2")).ok());
    }

    void oneReleaseAtATime() {
        auto master = settled(3);
        master->started(spec("2", {"m0"}));
        const auto second = master->engine.create(kAda, spec("1")).value();
        const auto plan = master->engine.plan(second.release.id).value();
        QCOMPARE(plan.conflicts.size(), std::size_t{1});
        const auto refused =
            master->engine.act(kAda, second.release.id, ReleaseVerb::Start, plan.id).status();
        QCOMPARE(base::errorInfo(refused).reason, std::string("RELEASE_CONFLICT"));
    }

    void aKilledMasterGoesOn() {
        auto database = cluster(4);
        std::string id;
        {
            Master first(database);
            const auto one = first.started(spec("1"));
            for (const char* uuid : {"m0", "m1", "m2", "m3"})
                first.report(uuid, "1", kV1, MachineState::Healthy, one.id);
            id = first.started(spec("2", {"m0", "m1"})).id;
            first.report("m0", "2", kV2, MachineState::Healthy, id);
        }
        // A report that was stored, but whose effect on the release was not: killed in between.
        database->state.machines.at("m1").agents[0].runningDigest = kV2;
        database->state.machines.at("m1").agents[0].releaseId = id;
        Master second(database);
        QVERIFY2(second.recovered.ok(), base::messageOf(second.recovered).c_str());
        const auto model = wholeOf(second.engine, id).value();
        QCOMPARE(model.release.state, ReleaseState::Running);
        QCOMPARE(model.machines.at("m0").outcome, Outcome::Ok);
        QCOMPARE(model.machines.at("m1").outcome, Outcome::Ok);
        QCOMPARE(second.desiredOf("m1"), std::string("2"));
        QCOMPARE(second.desiredOf("m2"), std::string("1"));
        QVERIFY(second.engine.act(kAda, id, ReleaseVerb::Verify, "").ok());
        QCOMPARE(second.desiredOf("m2"), std::string("2"));
    }

    void nothingStandsThatCouldNotBeStored() {
        auto master = settled(3);
        const auto release = master->started(spec("2", {"m0"}));
        QVERIFY(master->permit("m0", release.id).granted);
        master->database->down = absl::UnavailableError("disk gone");
        QVERIFY(!master->engine.act(kAda, release.id, ReleaseVerb::Pause, "").ok());
        // The pause may have been committed all the same: no permit until the database says.
        QCOMPARE(master->permit("m0", release.id).reason, std::string("DATABASE_AWAY"));
        master->database->down = absl::OkStatus();
        QCOMPARE(master->state(release.id), ReleaseState::Running);
        // An event of its own that cannot be stored: no permits until memory is the database again.
        master->database->down = absl::UnavailableError("disk gone");
        master->clock.advance(std::chrono::minutes(11));
        master->engine.tick();
        QCOMPARE(master->permit("m0", release.id).reason, std::string("DATABASE_AWAY"));
        master->database->down = absl::OkStatus();
        master->engine.tick();
        QVERIFY(master->permit("m0", release.id).reason != "DATABASE_AWAY");
    }

    void noPermitAfterAHaltWasCommitted() {
        // Many machines ask while an operator pauses: after pause returned there is no grant.
        auto master = settled(40);
        const auto release = master->started(spec("2"));
        (void)master->composer.composeNow();
        for (int round = 0; round < 20; ++round) {
            std::atomic<bool> paused{false};
            std::atomic<bool> stop{false};
            std::atomic<int> late{0};
            std::atomic<int> granted{0};
            std::vector<std::thread> machines;
            for (int i = 0; i < 3; ++i) {
                machines.emplace_back([&, i] {
                    for (int n = 0; !stop; ++n) {
                        const std::string uuid = "m" + std::to_string((n + i) % 40);
                        const bool before = paused;
                        const bool given =
                            master->engine.permit({uuid, "logd", release.id, "2", kV2}).granted;
                        if (given) ++granted;
                        if (given && before) ++late;
                    }
                });
            }
            while (granted < 10)
                std::this_thread::yield();
            const bool ok = master->engine.act(kAda, release.id, ReleaseVerb::Pause, "").ok();
            paused = true;
            for (int n = 0; n < 200; ++n) {
                if (master->engine.permit({"m5", "logd", release.id, "2", kV2}).granted) ++late;
            }
            stop = true;
            for (auto& machine : machines)
                machine.join();
            QVERIFY(ok);
            QCOMPARE(late.load(), 0);
            QVERIFY(master->engine.act(kAda, release.id, ReleaseVerb::Resume, "").ok());
        }
    }

    void digestsInUseCoverWhatARollbackNeeds() {
        auto master = settled(2);
        QVERIFY(master->engine.digestsInUse().count(kV1) == 1);
        QVERIFY(master->engine.digestsInUse().count(kV2) == 0);
        const auto release = master->started(spec("2"));
        QCOMPARE(master->engine.digestsInUse().size(), std::size_t{2});
        const auto named = master->engine.versionsNamed();
        QCOMPARE(named.count({"logd", "2"}), std::size_t{1});
        QCOMPARE(named.count({"logd", "1"}), std::size_t{0});
    }

    void aVersionThatWasRolledBackIsNotInUse() {
        auto master = settled(2);
        auto release = master->started(spec("2", {"m0"}));
        master->report("m0", "2", kV2, MachineState::Healthy, release.id);
        QVERIFY(master->engine.act(kAda, release.id, ReleaseVerb::Rollback, "").ok());
        QCOMPARE(master->engine.digestsInUse().count(kV2), std::size_t{1});
        QCOMPARE(master->desiredOf("m0"), std::string("1"));
        const auto back =
            master->published.current()->answerFor("m0", "LINUX", 0).state().entries[0].releaseId;
        master->report("m0", "1", kV1, MachineState::Healthy, back);
        master->engine.tick();
        QCOMPARE(master->state(release.id), ReleaseState::RolledBack);
        QCOMPARE(master->engine.digestsInUse().count(kV2), std::size_t{0});
    }
};

QTEST_GUILESS_MAIN(TestReleaseEngine)
#include "tst_release_engine.moc"
