// SPDX-License-Identifier: Apache-2.0
#include <ifrit/v1/fleet.grpc.pb.h>
#include <ifrit/v1/machine_link.grpc.pb.h>
#include <signal.h>

#include <QTest>
#include <atomic>
#include <fstream>
#include <future>
#include <iterator>
#include <set>
#include <thread>

#include "shared/base/clock.h"
#include "shared/rpc/channel.h"
#include "tests/fault/masters_cluster.h"
#include "tests/support/fault_row.h"
#include "tests/support/test_manifest.h"

using namespace ifrit;
using namespace ifrit::tests;
using std::chrono::milliseconds;

namespace {

milliseconds since(base::SteadyTime begun) {
    return std::chrono::duration_cast<milliseconds>(kClock.steadyNow() - begun);
}

/// What a master tells an operator that the machine runs; empty: nothing, or it knows none.
std::string versionAt(const std::shared_ptr<grpc::Channel>& channel, const std::string& uuid) {
    v1::GetMachineRequest request;
    request.set_uuid(uuid);
    v1::Machine response;
    grpc::ClientContext context;
    rpc::setDeadline(context, std::chrono::seconds(10));
    const auto status = v1::Machines::NewStub(channel)->GetMachine(&context, request, &response);
    if (!status.ok() || response.agents().empty()) return {};
    return response.agents(0).running_version();
}

}  // namespace

/// Two real masters on one cluster, of which one is stopped, killed and continued.
class TestMasterFaults : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        m_cluster = std::make_unique<MastersCluster>();
        QVERIFY(QTest::qWaitFor([this] { return m_cluster->leader() < 2; }, kPatience));
        for (int i = 0; i < 8; ++i)
            m_machines.push_back(m_cluster->enrol("m" + std::to_string(i), i % 2));
        for (std::size_t i = 0; i < m_machines.size(); ++i)
            m_machines[i]->moveTo(i % 2);
    }
    void cleanupTestCase() {
        m_machines.clear();
        m_cluster.reset();
    }

    void reportsOfOneAreSeenThroughTheOtherWithinTwoSeconds();
    void archivesComeFromTheMasterThatHasThem();
    void anAdvertisedHostMustBeInTheCertificate();
    void logsAreAskedOfTheMasterThatHasTheMachine();
    void eventsOfOneAreToldByTheOther();
    void noPermitByAnyMasterAfterAPauseOrFreeze();
    void aStoppedLeaderIsReplacedAndItsWritesAreRefused();
    void aKilledLeaderLosesAndRepeatsNothing();
    void aRollingRestartLosesNoPollThatIsRetried();
    void aRevokedMachineIsRefusedByAllWithinTwoSeconds();

private:
    bool drive(const std::function<bool()>& until) { return tests::drive(m_machines, until); }
    v1::ReleaseState stateOf(const std::string& id) {
        return m_cluster->show(m_cluster->follower(), id).state();
    }
    /// Until it is in that state; says what it is in instead, and why it was halted.
    bool driveTo(v1::ReleaseState state, const std::string& id) {
        if (drive([&] { return stateOf(id) == state; })) return true;
        const v1::Release now = m_cluster->show(m_cluster->follower(), id);
        qWarning("release is %s: %s", v1::ReleaseState_Name(now.state()).c_str(),
                 now.halt_reason().c_str());
        return false;
    }
    void install(const std::string& version) {
        const auto release = m_cluster->start(m_cluster->follower(), specOf(version));
        QVERIFY(driveTo(v1::RELEASE_STATE_DONE, release.id()));
    }
    /// Kills the master that leads and waits for the other one; how long that took.
    milliseconds killLeader() {
        const std::size_t victim = m_cluster->leader();
        const auto begun = kClock.steadyNow();
        m_cluster->killMaster(victim);
        if (!QTest::qWaitFor([&] { return m_cluster->leader() == 1 - victim; }, kPatience))
            qWarning("nobody took over");
        return since(begun);
    }
    void bringBack(std::size_t master) {
        m_cluster->serve(master);
        for (const auto& machine : m_machines)
            machine->reconnect();
    }

    std::unique_ptr<MastersCluster> m_cluster;
    std::vector<std::unique_ptr<ObeyingMachine>> m_machines;
    const std::string m_program = noiseOf(700'000);
};

void TestMasterFaults::reportsOfOneAreSeenThroughTheOtherWithinTwoSeconds() {
    QVERIFY(m_cluster->publish(m_cluster->follower(), "1", m_program).ok());
    // By way of the follower, which passes it on; machines poll both.
    install("1");
    QVERIFY(m_cluster->publish(m_cluster->leader(), "2", m_program).ok());
    const auto release = m_cluster->start(m_cluster->follower(), specOf("2"));
    milliseconds longest{0};
    int seen = 0;
    for (const auto& machine : m_machines) {
        QVERIFY(QTest::qWaitFor(
            [&] {
                machine->step();
                return machine->running() == "2";
            },
            kPatience));
        const auto reported = kClock.steadyNow();
        for (const std::size_t at : {0, 1}) {
            const auto channel = m_cluster->root(at);
            QVERIFY(QTest::qWaitFor([&] { return versionAt(channel, machine->uuid()) == "2"; },
                                    kPatience));
        }
        longest = std::max(longest, since(reported));
        ++seen;
    }
    QVERIFY(driveTo(v1::RELEASE_STATE_DONE, release.id()));
    qInfo("reports seen at both masters after at most %lld ms",
          static_cast<long long>(longest.count()));
    QCOMPARE(seen, 8);
    QVERIFY(longest <= milliseconds(2'000));
    // A machine that polls one of them is offline at none.
    for (const std::size_t at : {0, 1}) {
        v1::Cluster cluster;
        grpc::ClientContext context;
        QVERIFY(
            v1::Clusters::NewStub(m_cluster->root(at))->GetCluster(&context, {}, &cluster).ok());
        QCOMPARE(cluster.machines(), std::uint64_t{8});
        QCOMPARE(cluster.offline(), std::uint64_t{0});
    }
}

void TestMasterFaults::archivesComeFromTheMasterThatHasThem() {
    const std::size_t at = m_cluster->leader();
    const std::string fresh = m_program + "fresh";
    QVERIFY(m_cluster->publish(at, "3", fresh).ok());
    const auto release = m_cluster->start(at, specOf("3"));
    ObeyingMachine& machine = *m_machines[0];
    machine.moveTo(1 - at);
    QVERIFY(QTest::qWaitFor([&] { return machine.sync() && machine.desired().version() == "3"; },
                            kPatience));
    QCOMPARE(machine.download(), archiveOf(fresh));
    QVERIFY(driveTo(v1::RELEASE_STATE_DONE, release.id()));
}

void TestMasterFaults::anAdvertisedHostMustBeInTheCertificate() {
    const std::string third = m_cluster->path("third");
    m_cluster->run({"add-master", "--dir", m_cluster->path("master0"), "--address",
                    "127.0.0.1:7445", "--out", third});
    std::ifstream in(third + "/master.toml");
    std::string text((std::istreambuf_iterator<char>(in)), {});
    const std::string ours = "advertise = \"127.0.0.1:7445\"";
    QVERIFY(text.find(ours) != std::string::npos);
    text.replace(text.find(ours), ours.size(), "advertise = \"elsewhere.example:7445\"");
    std::ofstream(third + "/master.toml") << text;
    std::string said;
    try {
        m_cluster->run({"serve", "--dir", third});
    } catch (const std::exception& error) {
        said = error.what();
    }
    QVERIFY2(said.find("does not name elsewhere.example") != std::string::npos, said.c_str());
}

void TestMasterFaults::logsAreAskedOfTheMasterThatHasTheMachine() {
    ObeyingMachine& machine = *m_machines[0];
    for (const std::size_t at : {0, 1}) {
        machine.moveTo(at);
        QVERIFY(machine.sync());
        auto asked = std::async(std::launch::async, [&] {
            v1::TailLogRequest request;
            request.set_uuid(machine.uuid());
            request.set_agent("exporter");
            request.mutable_mutation()->set_reason("test");
            v1::TailLogResponse response;
            grpc::ClientContext context;
            rpc::setDeadline(context, std::chrono::seconds(20));
            const grpc::Status status = v1::Machines::NewStub(m_cluster->root(1 - at))
                                            ->TailLog(&context, request, &response);
            return status.ok() ? response.text() : status.error_message();
        });
        QVERIFY(QTest::qWaitFor(
            [&] {
                machine.sync();
                return asked.wait_for(milliseconds(0)) == std::future_status::ready;
            },
            kPatience));
        QCOMPARE(asked.get(), "log of " + machine.uuid());
    }
}

void TestMasterFaults::aRevokedMachineIsRefusedByAllWithinTwoSeconds() {
    const auto machine = m_cluster->enrol("revoked");
    for (const std::size_t at : {0, 1}) {
        QVERIFY(QTest::qWaitFor(
            [&] {
                const int before = machine->retried();
                machine->moveTo(at);
                return machine->sync() && machine->retried() == before;
            },
            kPatience));
    }
    m_cluster->run({"revoke-machine", "--dir", m_cluster->path("master0"), "--uuid", "revoked",
                    "--reason", "test"});
    const auto begun = kClock.steadyNow();
    // Lost: the other one refused it too.
    QVERIFY(QTest::qWaitFor([&] { return !machine->sync(); }, kPatience));
    const milliseconds took = since(begun);
    qInfo("revoked at both masters after %lld ms", static_cast<long long>(took.count()));
    QVERIFY(took <= milliseconds(2'000));
}

void TestMasterFaults::eventsOfOneAreToldByTheOther() {
    const std::size_t at = m_cluster->follower();
    grpc::ClientContext context;
    rpc::setDeadline(context, std::chrono::seconds(30));
    const auto channel = m_cluster->root(at);
    const auto stub = v1::Events::NewStub(channel);
    const auto reader = stub->WatchEvents(&context, {});
    v1::ClusterEvent event;
    QVERIFY(reader->Read(&event));
    QVERIFY(m_cluster->publish(1 - at, "3.1", m_program).ok());
    const auto release = m_cluster->start(1 - at, specOf("3.1"));
    std::set<int> wanted = {v1::ClusterEvent::KIND_PACKAGE_CHANGED,
                            v1::ClusterEvent::KIND_RELEASE_CHANGED,
                            v1::ClusterEvent::KIND_AUDIT_APPENDED};
    while (!wanted.empty() && reader->Read(&event))
        wanted.erase(event.kind());
    QVERIFY(wanted.empty());
    context.TryCancel();
    QVERIFY(m_cluster->act(at, release.id(), v1::RELEASE_VERB_ABORT).ok());
    // Nobody installed it: back to what all run.
    QVERIFY(driveTo(v1::RELEASE_STATE_ABORTED, release.id()));
}

// Both are said to the master that does not lead.
void TestMasterFaults::noPermitByAnyMasterAfterAPauseOrFreeze() {
    int tries = 0;
    int late = 0;
    QVERIFY(m_cluster->publish(0, "4", m_program).ok());
    const auto release = m_cluster->start(m_cluster->follower(), specOf("4"));
    QVERIFY(QTest::qWaitFor(
        [&] {
            return std::all_of(m_machines.begin(), m_machines.end(), [](const auto& machine) {
                return machine->sync() && machine->desired().version() == "4";
            });
        },
        kPatience));
    for (int round = 0; round < 6; ++round) {
        const bool freezes = round % 2 == 1;
        std::atomic<bool> isPaused{false};
        std::atomic<bool> stop{false};
        std::atomic<int> asked{0};
        std::atomic<int> granted{0};
        std::atomic<int> given{0};
        std::vector<std::thread> threads;
        for (const auto& machine : m_machines) {
            threads.emplace_back([&, raw = machine.get()] {
                // Polls as an agent does meanwhile: who is not heard of went silent by its change.
                while (!stop) {
                    raw->sync();
                    const bool wasPaused = isPaused;
                    const std::string answer = raw->askPermit();
                    if (wasPaused) ++asked;
                    if (wasPaused && answer == "granted") ++granted;
                    if (!wasPaused && answer == "granted") ++given;
                }
            });
        }
        // The threads end whatever comes of it; what was seen is judged after them.
        bool isSeen = QTest::qWaitFor([&] { return given.load() > 0; }, kPatience);
        const bool paused =
            freezes
                ? m_cluster->freeze(m_cluster->follower()).ok()
                : m_cluster->act(m_cluster->follower(), release.id(), v1::RELEASE_VERB_PAUSE).ok();
        isPaused = true;
        isSeen = QTest::qWaitFor([&] { return asked.load() > 200; }, kPatience) && isSeen;
        stop = true;
        for (std::thread& thread : threads)
            thread.join();
        QVERIFY(paused);
        QVERIFY(isSeen);
        tries += asked;
        late += granted;
        QVERIFY(freezes
                    ? m_cluster->unfreeze(m_cluster->follower()).ok()
                    : m_cluster->act(m_cluster->follower(), release.id(), v1::RELEASE_VERB_RESUME)
                          .ok());
    }
    qInfo("%d permits asked for after a pause or freeze through both masters, %d given", tries,
          late);
    QCOMPARE(late, 0);
    QVERIFY(driveTo(v1::RELEASE_STATE_DONE, release.id()));
}

void TestMasterFaults::aStoppedLeaderIsReplacedAndItsWritesAreRefused() {
    int held = 0;
    constexpr int kRounds = 3;
    QVERIFY(m_cluster->publish(0, "5", m_program).ok());
    auto spec = specOf("5");
    spec.set_auto_verify(false);
    spec.mutable_gray()->add_uuids("m0");
    for (int round = 0; round < kRounds; ++round) {
        const auto release = m_cluster->start(m_cluster->follower(), spec);
        const std::size_t stale = m_cluster->leader();
        ObeyingMachine& machine = *m_machines[0];
        machine.moveTo(stale);
        QVERIFY(QTest::qWaitFor(
            [&] { return machine.sync() && machine.desired().release_id() == release.id(); },
            kPatience));
        const auto before = m_cluster->lease();
        m_cluster->process(stale).signal(SIGSTOP);
        QVERIFY(QTest::qWaitFor([&] { return m_cluster->leader() == 1 - stale; }, kPatience));
        QCOMPARE(m_cluster->lease().token, before.token + 1);
        QVERIFY(QTest::qWaitFor(
            [&] { return m_cluster->act(1 - stale, release.id(), v1::RELEASE_VERB_PAUSE).ok(); },
            kPatience));
        // These wait at the one that believes to lead, and are the first that it does.
        auto permit = std::async(std::launch::async, [&] { return machine.askPermit(); });
        auto verify = std::async(std::launch::async, [&] {
            return m_cluster->act(stale, release.id(), v1::RELEASE_VERB_VERIFY);
        });
        m_cluster->process(stale).signal(SIGCONT);
        const std::string answer = permit.get();
        const grpc::Status acted = verify.get();
        const bool isRefused = answer != "granted" && !acted.ok();
        // It follows from now on, and shows what the other one committed.
        const bool follows = QTest::qWaitFor(
            [&] {
                return m_cluster->show(stale, release.id()).state() == v1::RELEASE_STATE_PAUSED &&
                       m_cluster->log(stale).find("another master leads now") != std::string::npos;
            },
            kPatience);
        const bool isKept =
            m_cluster->show(1 - stale, release.id()).state() == v1::RELEASE_STATE_PAUSED &&
            m_cluster->lease().token == before.token + 1;
        held += isRefused && follows && isKept ? 1 : 0;
        if (!isRefused) qWarning("permit: %s, verify: %d", answer.c_str(), acted.error_code());
        QVERIFY(m_cluster->act(stale, release.id(), v1::RELEASE_VERB_ABORT).ok());
    }
    printFaultRow("G7", "leader stopped past its lease and continued", held, kRounds,
                  "permits and verbs of the stale leader refused");
    QCOMPARE(held, kRounds);
}

void TestMasterFaults::aKilledLeaderLosesAndRepeatsNothing() {
    QVERIFY(m_cluster->publish(m_cluster->follower(), "6", m_program).ok());
    auto spec = specOf("6");
    spec.mutable_gray()->add_uuids("m0");
    spec.mutable_pilot()->set_count(1);
    spec.mutable_batches()->set_interval_ms(1);
    spec.mutable_batches()->set_advance(v1::BATCH_ADVANCE_AUTO);
    const auto before = [this] {
        std::vector<int> out;
        for (const auto& machine : m_machines)
            out.push_back(machine->switches());
        return out;
    }();
    const auto release = m_cluster->start(m_cluster->follower(), spec);
    const auto opened = [&] {
        std::vector<std::string> out;
        for (const std::string& what : m_cluster->timeline(m_cluster->follower(), release.id())) {
            if (what.size() > 6 && what.substr(what.size() - 6) == "opened") out.push_back(what);
        }
        return out;
    };
    int kills = 0;
    milliseconds longest{0};
    for (const std::size_t stages : {1, 2, 4, 7}) {
        QVERIFY(drive([&] { return opened().size() >= stages; }));
        const std::size_t victim = m_cluster->leader();
        longest = std::max(longest, killLeader());
        ++kills;
        for (const auto& machine : m_machines)
            machine->step();
        bringBack(victim);
    }
    QVERIFY(driveTo(v1::RELEASE_STATE_DONE, release.id()));
    const auto all = opened();
    const std::set<std::string> once(all.begin(), all.end());
    int good = 0;
    for (std::size_t i = 0; i < m_machines.size(); ++i)
        good += m_machines[i]->switches() == before[i] + 1 ? 1 : 0;
    qInfo("%d leaders killed, the next one led after at most %lld ms; %zu stages opened", kills,
          static_cast<long long>(longest.count()), all.size());
    printFaultRow("F4", "leader killed during a release", good, static_cast<int>(m_machines.size()),
                  "machines switched exactly once, no stage skipped or opened twice");
    QCOMPARE(once.size(), all.size());
    QCOMPARE(all.size(), static_cast<std::size_t>(release.stages_size()));
    QCOMPARE(good, static_cast<int>(m_machines.size()));
}

void TestMasterFaults::aRollingRestartLosesNoPollThatIsRetried() {
    std::atomic<bool> stop{false};
    std::atomic<int> polls{0};
    std::vector<std::thread> threads;
    std::vector<int> lost;
    for (const auto& machine : m_machines)
        lost.push_back(machine->lost());
    for (const std::size_t at : {0, 1}) {
        for (const auto& machine : m_machines)
            machine->reconnect();
        stop = false;
        threads.clear();
        for (const auto& machine : m_machines) {
            threads.emplace_back([&, raw = machine.get()] {
                while (!stop) {
                    raw->sync();
                    ++polls;
                }
            });
        }
        const int begun = polls;
        bool isPolled = QTest::qWaitFor([&] { return polls > begun + 50; }, kPatience);
        const int code = m_cluster->process(at).end();
        const int ended = polls;
        isPolled = QTest::qWaitFor([&] { return polls > ended + 50; }, kPatience) && isPolled;
        stop = true;
        for (std::thread& thread : threads)
            thread.join();
        bringBack(at);
        QCOMPARE(code, 0);
        QVERIFY(isPolled);
    }
    int failed = 0;
    int retried = 0;
    for (std::size_t i = 0; i < m_machines.size(); ++i) {
        failed += m_machines[i]->lost() - lost[i];
        retried += m_machines[i]->retried();
    }
    qInfo("%d polls during a rolling restart, %d retried, %d lost", polls.load(), retried, failed);
    QVERIFY(QTest::qWaitFor([this] { return m_cluster->leader() < 2; }, kPatience));
    QCOMPARE(failed, 0);
    QVERIFY(retried > 0);
}

QTEST_GUILESS_MAIN(TestMasterFaults)
#include "tst_master_faults.moc"
