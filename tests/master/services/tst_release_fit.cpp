// SPDX-License-Identifier: Apache-2.0
// What does not fit: machines that have no room for one more agent, and drafts of another ring.
#include <QTest>

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

class TestReleaseFit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Of one agent more than a report can hold, no release would ever hear.
    void aFullMachineIsGivenNoFurtherAgent() {
        auto database = cluster(3);
        Master master(database);
        const auto run = [&master](const std::string& uuid, const std::string& first, int agents) {
            MachineReport report{};
            report.uuid = uuid;
            report.streamId = "s";
            report.seq = ++master.sequence;
            report.full = true;
            report.receivedAt = master.clock.now();
            for (int i = 0; i < agents; ++i) {
                domain::AgentReport& agent = report.agents.emplace_back();
                agent.agent = i == 0 ? first : "x" + std::to_string(i);
                agent.runningVersion = "7";
            }
            master.fleet.apply(report);
        };
        run("m0", "x0", 63);
        run("m1", "x0", 64);
        run("m2", "logd", 64);
        const auto made = master.engine.create(kAda, spec("1")).value();
        const auto plan = master.engine.plan(made.release.id).value();
        QVERIFY(plan.conflicts.empty());
        QCOMPARE(plan.refusals.size(), std::size_t{1});
        QCOMPARE(plan.refusals.front().uuid, std::string("m1"));
        QCOMPARE(plan.refusals.front().reason, std::string("AGENTS_FULL"));
        const std::string& why = plan.refusals.front().message;
        QVERIFY2(why.find("64 agents, and logd would be one more") != std::string::npos,
                 why.c_str());
        // The others go their way.
        QVERIFY(master.engine.act(kAda, made.release.id, ReleaseVerb::Start, plan.id).ok());
        const auto started = wholeOf(master.engine, made.release.id).value();
        QCOMPARE(started.machines.at("m0").outcome, Outcome::Pending);
        QCOMPARE(started.machines.at("m1").outcome, Outcome::Skipped);
        QCOMPARE(started.machines.at("m1").reason, std::string("AGENTS_FULL"));
        const auto ask = [&](const std::string& uuid) {
            (void)master.composer.composeNow();
            return master.engine.permit({uuid, "logd", made.release.id, "1", kV1});
        };
        QVERIFY(ask("m0").granted);
        QCOMPARE(ask("m1").reason, std::string("AGENTS_FULL"));
        run("m1", "x0", 63);
        QVERIFY(ask("m1").granted);
        QCOMPARE(wholeOf(master.engine, made.release.id)->machines.at("m1").outcome,
                 Outcome::Pending);
    }

    /// What would be skipped stays so while its stage is not open, also with another master.
    void aFullMachineIsRememberedAsOne() {
        auto database = cluster(2);
        Master master(database);
        MachineReport report{};
        report.uuid = "m1";
        report.streamId = "s";
        report.seq = ++master.sequence;
        report.full = true;
        report.receivedAt = master.clock.now();
        for (int i = 0; i < 64; ++i)
            report.agents.emplace_back().agent = "x" + std::to_string(i);
        const auto stored = database->transact(
            [&](storage::Transaction& in) { return in.machines().putReport(report); });
        QVERIFY(stored.ok());
        master.fleet.apply(report);
        const auto id = master.started(spec("1", {"m0"})).id;
        QCOMPARE(wholeOf(master.engine, id)->machines.at("m1").outcome, Outcome::Pending);
        Master second(database);
        second.report("m0", "1", kV1, MachineState::Healthy, id);
        QVERIFY(second.engine.act(kAda, id, ReleaseVerb::Promote, "").ok());
        const auto model = wholeOf(second.engine, id).value();
        QCOMPARE(model.machines.at("m1").outcome, Outcome::Skipped);
        QCOMPARE(model.machines.at("m1").reason, std::string("AGENTS_FULL"));
        second.engine.tick();
        QCOMPARE(second.state(id), ReleaseState::Done);
    }

    /// A ring is changed while the masters stand, and drafts stay.
    void aDraftWhoseOrderIsOfAnotherRingIsAConflict_data() {
        QTest::addColumn<int>("batches");
        QTest::newRow("smaller") << 3;
        QTest::newRow("larger") << 7;
    }
    void aDraftWhoseOrderIsOfAnotherRingIsAConflict() {
        QFETCH(const int, batches);
        auto database = cluster(6);
        domain::ReleaseSpec ordered = spec("1");
        ordered.batches.enabled = true;
        ordered.batches.order = {4, 3, 2, 1};
        std::string id;
        {
            Master first(database);
            id = first.engine.create(kAda, ordered).value().release.id;
            QVERIFY(first.engine.plan(id)->conflicts.empty());
        }
        Master second(database, nullptr, static_cast<std::uint32_t>(batches));
        const auto plan = second.engine.plan(id).value();
        QCOMPARE(plan.conflicts.size(), std::size_t{1});
        const std::string said = "names 4, and the ring has " + std::to_string(batches) + " since";
        QVERIFY2(plan.conflicts[0].find(said) != std::string::npos, plan.conflicts[0].c_str());
        std::uint32_t placed = 0;
        for (const release::PlanStage& stage : plan.stages) {
            const auto found = stage.machines.find("LINUX");
            if (found != stage.machines.end()) placed += found->second;
        }
        QCOMPARE(placed, 6U);
        const auto refused = second.engine.act(kAda, id, ReleaseVerb::Start, plan.id).status();
        QCOMPARE(base::errorInfo(refused).reason, std::string("RELEASE_CONFLICT"));
    }
};

QTEST_GUILESS_MAIN(TestReleaseFit)
#include "tst_release_fit.moc"
