// SPDX-License-Identifier: Apache-2.0
// Releases that go wrong, people who step in, machines that come and go, and the cap on change.
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <deque>

#include "shared/base/status.h"
#include "tests/fault/played_cluster.h"
#include "tests/support/fault_row.h"
#include "tests/support/private_mariadb.h"
#include "tests/support/private_process.h"

using namespace ifrit;
using namespace ifrit::tests;
using domain::ReleaseState;
using domain::ReleaseVerb;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Fate = PlayedCluster::Fate;
using Machine = PlayedCluster::Machine;

namespace {

constexpr int kMachines = 24;
/// gray, pilot, batch 1..4, full
constexpr std::size_t kStages = 7;
constexpr int kDeals = 5;
constexpr const char* kTooFew = "no two machines";

/// With batches nobody is left for the last stage; there full takes all that gray and pilot left.
struct At {
    explicit At(std::size_t stage) : spec(PlayedCluster::staged()), index(stage) {
        if (stage + 1 != kStages) return;
        spec.batches.enabled = false;
        index = 2;
    }
    domain::ReleaseSpec spec;
    std::size_t index;
};

/// Of the stages so far, by the plan that was started.
std::set<std::string> machinesUpTo(const master::release::Model& model, std::size_t index) {
    std::set<std::string> out;
    for (const auto& [uuid, machine] : model.machines) {
        for (std::size_t i = 0; i <= index; ++i) {
            const auto& stage = model.release.stages[i];
            if (stage.kind == machine.stage && stage.batch == machine.batch) out.insert(uuid);
        }
    }
    return out;
}

std::size_t sizeOf(const master::release::Model& model, std::size_t index) {
    return machinesUpTo(model, index).size() -
           (index == 0 ? 0 : machinesUpTo(model, index - 1).size());
}

void give(PlayedCluster& cluster, const std::set<std::string>& uuids, Fate fate) {
    for (const auto& machine : cluster.machines) {
        if (uuids.count(machine->uuid) != 0) machine->fate = fate;
    }
}

}  // namespace

class TestReleaseFaults : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_mariadb = std::make_unique<PrivateMariadb>(); }
    void cleanupTestCase() { m_mariadb.reset(); }

    void releaseThatFailsHalts();
    void peopleStepInAtEveryStage();
    void rollbackTakesOnePoll();
    void machinesComeAndGo();
    void lateJoinersTakeTurns();
    void theCapHoldsWhateverIsAsked();

private:
    /// Each case on a database of its own: most on SQLite, the others on a real MariaDB.
    master::storage::sql::SqlDatabase::Options database() {
        master::storage::sql::SqlDatabase::Options out;
        out.schema = master::storage::sql::SqlDatabase::Schema::Migrate;
        if (++m_databases % 4 == 0) {
            out.server.emplace();
            out.server->socket = m_mariadb->socket();
            out.server->database = m_mariadb->newDatabase();
            out.server->user = PrivateMariadb::user();
            out.server->password = PrivateMariadb::password();
        } else {
            out.file = m_directory.filePath(QStringLiteral("%1.db").arg(m_databases)).toStdString();
        }
        return out;
    }
    std::string tryFailure(std::size_t stage, Fate fate);
    std::string tryVerb(std::size_t stage, ReleaseVerb verb);
    std::string tryVerbAmongBad(std::size_t stage, ReleaseVerb verb);

    const QTemporaryDir m_directory{fastDirectory(QStringLiteral("ifrit-releases"))};
    std::unique_ptr<PrivateMariadb> m_mariadb;
    int m_databases = 0;
};

std::string TestReleaseFaults::tryFailure(std::size_t stage, Fate fate) {
    PlayedCluster cluster(database(), kMachines);
    const At at(stage);
    stage = at.index;
    const std::string id = cluster.start(at.spec);
    if (!cluster.openStage(id, stage)) return "the stage did not open";
    const auto model = cluster.model(id);
    if (sizeOf(model, stage) == 0) return "no machine";
    const auto mine = machinesUpTo(model, stage);
    give(cluster, mine, fate);
    for (int i = 0; i < 8 && cluster.state(id) == ReleaseState::Running; ++i) {
        cluster.pollAll();
        cluster.advance(seconds(30));
    }
    if (cluster.state(id) != ReleaseState::Halted) return "not halted";
    const auto permitsBefore = cluster.permitsGiven();
    if (permitsBefore != 0) return "a permit was given after the halt";
    for (int i = 0; i < 5; ++i) {
        cluster.advance(minutes(5));
        if (cluster.pollAll() != 0) return "a machine switched after the halt";
    }
    for (const auto& machine : cluster.machines) {
        const bool open = mine.count(machine->uuid) != 0;
        if (!open && (machine->told || machine->permits > 0 || machine->version != "1"))
            return machine->uuid + " was touched outside the open stages";
    }
    return {};
}

void TestReleaseFaults::releaseThatFailsHalts() {
    int held = 0;
    int tried = 0;
    for (std::size_t stage = 0; stage < kStages; ++stage) {
        for (const Fate fate : {Fate::Reverts, Fate::FallsSilent}) {
            const std::string wrong = tryFailure(stage, fate);
            if (wrong == "no machine") continue;
            ++tried;
            held += wrong.empty() ? 1 : 0;
            if (!wrong.empty())
                qWarning("stage %zu, fate %d: %s", stage, static_cast<int>(fate), wrong.c_str());
        }
    }
    printFaultRow("F1", "fails or falls silent in each stage", held, tried,
                  "halts, nobody outside the open stages, no permit after it");
    QVERIFY(tried >= 10);
    QCOMPARE(held, tried);
}

std::string TestReleaseFaults::tryVerb(std::size_t stage, ReleaseVerb verb) {
    PlayedCluster cluster(database(), kMachines);
    const At at(stage);
    stage = at.index;
    const std::string id = cluster.start(at.spec);
    if (!cluster.openStage(id, stage)) return "the stage did not open";
    const auto model = cluster.model(id);
    // Half of the stage's machines switch, then somebody steps in.
    const std::size_t before = machinesUpTo(model, stage).size() - sizeOf(model, stage);
    std::size_t moved = before;
    for (const auto& machine : cluster.machines) {
        if (moved < before + sizeOf(model, stage) / 2 && cluster.poll(*machine)) ++moved;
    }
    if (cluster.running("2") != static_cast<int>(moved)) return "not as many had moved";
    cluster.act(id, verb);
    // What was downloaded and is asked for now is refused, but for going back.
    const int permits = cluster.pollAll();
    for (int i = 0; i < 4; ++i) {
        cluster.advance(seconds(60));
        cluster.pollAll();
    }
    const int onNew = cluster.running("2");
    if (verb == ReleaseVerb::Pause) {
        if (permits != 0 || onNew != static_cast<int>(moved)) return "it moved while paused";
        cluster.act(id, ReleaseVerb::Resume);
        for (int i = 0; i < 60 && cluster.state(id) == ReleaseState::Running; ++i) {
            cluster.pollAll();
            cluster.advance(seconds(30));
        }
        if (cluster.state(id) != ReleaseState::Done || cluster.running("2") != kMachines)
            return "it did not go on to its end";
    } else if (verb == ReleaseVerb::Abort) {
        if (permits != 0 || onNew != static_cast<int>(moved)) return "abort moved a machine";
        if (cluster.state(id) != ReleaseState::Aborted) return "not aborted";
    } else {
        if (permits != static_cast<int>(moved)) return "not each that had moved went back at once";
        if (onNew != 0 || cluster.running("1") != kMachines) return "not all went back";
        if (cluster.state(id) != ReleaseState::RolledBack) return "not rolled back";
    }
    return {};
}

/// One machine of the stage runs the new version badly, one runs it and is not heard of.
std::string TestReleaseFaults::tryVerbAmongBad(std::size_t stage, ReleaseVerb verb) {
    PlayedCluster cluster(database(), kMachines);
    At at(stage);
    at.spec.gates.rules.clear();
    for (const auto kind : {domain::GateKind::Bad, domain::GateKind::Silent})
        at.spec.gates.rules.push_back({kind, {}, {100, 100, 1}});
    const std::string id = cluster.start(at.spec);
    if (!cluster.openStage(id, at.index)) return "the stage did not open";
    const auto before =
        at.index == 0 ? std::set<std::string>() : machinesUpTo(cluster.model(id), at.index - 1);
    const auto opened = machinesUpTo(cluster.model(id), at.index);
    std::vector<PlayedCluster::Machine*> mine;
    for (const auto& machine : cluster.machines) {
        if (opened.count(machine->uuid) != 0 && before.count(machine->uuid) == 0)
            mine.push_back(machine.get());
    }
    if (mine.size() < 2) return kTooFew;
    mine[0]->fate = Fate::RunsBadly;
    mine[1]->fate = Fate::SilentOnTheNew;
    if (cluster.pollAll() != static_cast<int>(mine.size())) return "not the stage switched";
    cluster.act(id, ReleaseVerb::Pause);
    for (int i = 0; i < 5; ++i) {
        cluster.advance(seconds(30));
        cluster.pollAll();
    }
    const auto outcome = [&](std::size_t i) {
        return cluster.model(id).machines.at(mine[i]->uuid).outcome;
    };
    if (outcome(0) != domain::Outcome::Failed) return "the bad one did not fail";
    if (outcome(1) != domain::Outcome::Silent) return "the silent one is not silent";
    const auto moved = static_cast<int>(opened.size());
    cluster.act(id, verb);
    mine[1]->away = false;
    int permits = 0;
    for (int i = 0; i < 5; ++i) {
        permits += cluster.pollAll();
        cluster.advance(seconds(30));
    }
    if (verb == ReleaseVerb::Abort) {
        if (permits != 0 || cluster.running("2") != moved) return "abort moved a machine";
        cluster.act(id, ReleaseVerb::Rollback);
        permits = cluster.pollAll();
        cluster.advance(seconds(30));
    }
    if (permits != moved) return "not each that had moved went back";
    if (cluster.running("1") != kMachines) return "not all went back";
    return cluster.state(id) == ReleaseState::RolledBack ? "" : "not rolled back";
}

void TestReleaseFaults::peopleStepInAtEveryStage() {
    int held = 0;
    int tried = 0;
    for (std::size_t stage = 0; stage < kStages; ++stage) {
        for (const ReleaseVerb verb :
             {ReleaseVerb::Pause, ReleaseVerb::Abort, ReleaseVerb::Rollback}) {
            ++tried;
            const std::string wrong = tryVerb(stage, verb);
            held += wrong.empty() ? 1 : 0;
            if (!wrong.empty())
                qWarning("stage %zu, verb %d: %s", stage, static_cast<int>(verb), wrong.c_str());
        }
        for (const ReleaseVerb verb : {ReleaseVerb::Abort, ReleaseVerb::Rollback}) {
            ++tried;
            // Each release deals the batches anew, and may leave one of them with a single machine.
            std::string wrong = kTooFew;
            for (int deal = 0; deal < kDeals && wrong == kTooFew; ++deal)
                wrong = tryVerbAmongBad(stage, verb);
            held += wrong.empty() ? 1 : 0;
            if (!wrong.empty())
                qWarning("stage %zu, verb %d, some run it badly: %s", stage, static_cast<int>(verb),
                         wrong.c_str());
        }
    }
    printFaultRow("F2", "pause, abort and rollback at each stage", held, tried,
                  "exact counts of who switched and who did not, also where some fail or fall "
                  "silent on the new version");
    QCOMPARE(held, tried);
}

/// That it takes no bytes is the machines' half: agent/app/tst_machine.cpp.
void TestReleaseFaults::rollbackTakesOnePoll() {
    int held = 0;
    for (const bool done : {false, true}) {
        PlayedCluster cluster(database(), kMachines);
        const std::string id = cluster.start(PlayedCluster::staged());
        for (int i = 0; i < 100 && cluster.running("2") < (done ? kMachines : kMachines / 2); ++i) {
            cluster.pollAll();
            cluster.advance(seconds(30));
        }
        if (done) QTRY_COMPARE(cluster.state(id), ReleaseState::Done);
        const int moved = cluster.running("2");
        cluster.act(id, ReleaseVerb::Rollback);
        // One poll.
        const int back = cluster.pollAll();
        const bool good = moved > 0 && back == moved && cluster.running("1") == kMachines;
        if (!good) qWarning("moved %d, back %d", moved, back);
        held += good ? 1 : 0;
    }
    printFaultRow("F3", "rollback within a poll", held, 2, "from half way and from done");
    QCOMPARE(held, 2);
}

void TestReleaseFaults::machinesComeAndGo() {
    int held = 0;
    constexpr int kCases = 3;
    for (int i = 0; i < kCases; ++i) {
        PlayedCluster cluster(database(), kMachines);
        auto spec = PlayedCluster::staged();
        spec.gates.rules.clear();
        for (const auto kind : {domain::GateKind::Bad, domain::GateKind::Silent})
            spec.gates.rules.push_back({kind, {}, {100, 100, 1}});
        const std::string id = cluster.start(spec);
        // Asleep for the whole release, asleep for a while, removed from sight, new.
        cluster.machines[5]->away = true;
        cluster.machines[1]->away = true;
        int round = 0;
        for (; round < 200 && master::release::isRunning(cluster.state(id)); ++round) {
            cluster.pollAll();
            cluster.advance(seconds(30));
            if (round == 6) cluster.machines[1]->away = false;
            if (round == 4 + i) cluster.enrol("n0");
            if (round == 8) cluster.machines[9]->away = true;
            if (round == 9 + i) cluster.restart();
            if (round == 14) cluster.machines[9]->away = false;
            if (round == 11) cluster.enrol("n1");
        }
        const auto model = cluster.model(id);
        bool good = model.release.state == ReleaseState::Done;
        // Who slept gets the settled version when it returns.
        for (const auto& machine : cluster.machines)
            machine->away = false;
        cluster.advance(seconds(1));
        cluster.pollAll();
        cluster.pollAll();
        good = good && cluster.running("2") == static_cast<int>(cluster.machines.size());
        const auto& slept = model.machines.at("m5");
        good = good && slept.outcome == domain::Outcome::Skipped && slept.reason == "OFFLINE";
        if (!good)
            qWarning("state %d after %d rounds, %d of %zu on the new version",
                     static_cast<int>(model.release.state), round, cluster.running("2"),
                     cluster.machines.size());
        held += good ? 1 : 0;
    }
    printFaultRow("F6", "machines join, leave, sleep and return", held, kCases,
                  "releases that ended, with every machine where it belongs");
    QCOMPARE(held, kCases);
}

void TestReleaseFaults::lateJoinersTakeTurns() {
    constexpr int kRate = 3;
    constexpr int kSleepers = 12;
    PlayedCluster cluster(database(), kMachines);
    auto spec = PlayedCluster::staged();
    spec.lateJoinersPerMinute = kRate;
    spec.pilot = {};  // of machines that sleep it would wait for a person
    for (int i = 0; i < kSleepers; ++i)
        cluster.machines[static_cast<std::size_t>(kMachines - 1 - i)]->away = true;
    cluster.advance(minutes(5));
    const std::string id = cluster.start(spec);
    for (int i = 0; i < 100 && master::release::isRunning(cluster.state(id)); ++i) {
        cluster.pollAll();
        cluster.advance(seconds(30));
    }
    QCOMPARE(cluster.state(id), ReleaseState::Done);
    // All at once they are back, and poll ten times a minute.
    for (const auto& machine : cluster.machines)
        machine->away = false;
    std::deque<base::WallTime> given;
    int most = 0;
    int restarts = 0;
    for (int i = 0; i < 60 && cluster.running("2") < kMachines; ++i) {
        const int permits = cluster.pollAll();
        for (int j = 0; j < permits; ++j)
            given.push_back(cluster.clock.now());
        while (!given.empty() && given.front() <= cluster.clock.now() - minutes(1))
            given.pop_front();
        most = std::max(most, static_cast<int>(given.size()));
        // The rate is not forgotten with the master.
        if (i % 10 == 3) {
            cluster.restart();
            ++restarts;
        }
        cluster.advance(seconds(6));
    }
    QCOMPARE(cluster.running("2"), kMachines);
    QVERIFY(restarts > 2);
    printFaultRow("F6", "late joiners a minute, with the master killed between", most, kRate,
                  "at most, while 12 machines came back at once");
    QCOMPARE(most, kRate);
}

void TestReleaseFaults::theCapHoldsWhateverIsAsked() {
    constexpr int kCap = 5;
    master::release::ClusterRules rules;
    rules.cap = master::release::ChangeCap{kCap, 0, hours(1)};
    PlayedCluster cluster(database(), kMachines, rules, minutes(10));
    domain::ReleaseSpec spec;
    spec.agent = "logd";
    spec.version = "2";
    spec.machineTypes = {"LINUX"};
    spec.machineDeadline = minutes(30);
    int windows = 0;
    int held = 0;
    // No stages at all: every machine is told at once.
    const std::string id = cluster.start(spec);
    for (int expected = kCap; expected < kMachines; expected += kCap) {
        int permits = 0;
        std::set<std::string> refusals;
        for (int i = 0; i < 6; ++i) {
            permits += cluster.pollAll();
            for (const auto& machine : cluster.machines) {
                if (machine->version == "1") refusals.insert(machine->refusal);
            }
            cluster.advance(minutes(10));
            if (i == 2) cluster.restart();
        }
        ++windows;
        const auto refused =
            std::find_if(cluster.machines.begin(), cluster.machines.end(),
                         [](const auto& machine) { return machine->version == "1"; });
        const bool good = permits == kCap && cluster.running("2") == expected &&
                          refusals == std::set<std::string>{"MAX_CHANGE_PER_WINDOW"} &&
                          (*refused)->retryAfter == minutes(10) &&
                          cluster.state(id) == ReleaseState::Running;
        if (!good)
            qWarning("%d permits, %d run it, state %d, %zu refusals, of them %s", permits,
                     cluster.running("2"), static_cast<int>(cluster.state(id)), refusals.size(),
                     refusals.empty() ? "none" : refusals.begin()->c_str());
        held += good ? 1 : 0;
    }
    printFaultRow("F8", "windows in which a release without stages asked for all machines", held,
                  windows, "each let 5 of 24 through, also after a restart");
    QCOMPARE(held, windows);
    QCOMPARE(cluster.pollAll(), kMachines - windows * kCap);
    QCOMPARE(cluster.running("2"), kMachines);
    // A rollback is held to it too; who changed in the window goes back at once, being counted.
    cluster.act(id, ReleaseVerb::Rollback);
    QCOMPARE(cluster.pollAll(), kCap);
    QCOMPARE(cluster.running("1"), kCap);
}

QTEST_GUILESS_MAIN(TestReleaseFaults)
#include "tst_release_faults.moc"
