// SPDX-License-Identifier: Apache-2.0
#include <ifrit/v1/fleet.grpc.pb.h>

#include <QtTest>
#include <algorithm>
#include <atomic>
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

constexpr int kPatience = 60'000;
constexpr int kMachines = 4;
/// Permits asked for after the freeze.
constexpr int kTries = 200;
const base::SystemClock kClock;

/// What a master says of the cluster's freeze.
v1::Cluster clusterAt(const std::shared_ptr<grpc::Channel>& channel) {
    v1::Cluster response;
    grpc::ClientContext context;
    rpc::setDeadline(context, std::chrono::seconds(20));
    (void)v1::Clusters::NewStub(channel)->GetCluster(&context, {}, &response);
    return response;
}

}  // namespace

/// The kill switch, at the one of two real masters that does not lead, with nothing between them.
class TestFreezeMasters : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        m_cluster = std::make_unique<MastersCluster>();
        QVERIFY(QTest::qWaitFor([this] { return m_cluster->leader() < 2; }, kPatience));
        for (int i = 0; i < kMachines; ++i)
            m_machines.push_back(m_cluster->enrol("m" + std::to_string(i)));
        QVERIFY(m_cluster->publish(0, "1", noiseOf(10'000)).ok());
        // Each calls the other once, so that this is no part of what is measured.
        for (const std::size_t at : {0, 1}) {
            QVERIFY(m_cluster->freeze(at).ok());
            QVERIFY(m_cluster->unfreeze(at).ok());
            // The other one sees that it is lifted with its next look at the database.
            QTRY_VERIFY_WITH_TIMEOUT(!clusterAt(m_cluster->root(1 - at)).has_freeze(), kPatience);
        }
    }
    void cleanupTestCase() {
        m_machines.clear();
        m_cluster.reset();
    }

    void holdsAtTheLeaderWithoutDatabaseAndCache();

private:
    /// Asks the leader for permits all the time, until `until`; how many were given.
    std::pair<int, int> askedAndGivenUntil(const std::function<bool(int asked)>& until);

    std::unique_ptr<MastersCluster> m_cluster;
    std::vector<std::unique_ptr<ObeyingMachine>> m_machines;
};

std::pair<int, int> TestFreezeMasters::askedAndGivenUntil(
    const std::function<bool(int asked)>& until) {
    std::atomic<bool> stop{false};
    std::atomic<int> asked{0};
    std::atomic<int> given{0};
    std::vector<std::thread> threads;
    for (const auto& machine : m_machines) {
        threads.emplace_back([&, raw = machine.get()] {
            while (!stop) {
                if (raw->askPermit() == "granted") ++given;
                ++asked;
            }
        });
    }
    if (!QTest::qWaitFor([&] { return until(asked); }, kPatience)) qWarning("it never came");
    stop = true;
    for (std::thread& thread : threads)
        thread.join();
    return {asked, given};
}

void TestFreezeMasters::holdsAtTheLeaderWithoutDatabaseAndCache() {
    const std::size_t leader = m_cluster->leader();
    const std::size_t follower = 1 - leader;
    const v1::Release release = m_cluster->start(leader, specOf("1"));
    for (const auto& machine : m_machines) {
        machine->moveTo(leader);
        QVERIFY(QTest::qWaitFor(
            [&] { return machine->sync() && machine->desired().release_id() == release.id(); },
            kPatience));
    }
    QVERIFY(askedAndGivenUntil([](int asked) { return asked >= kMachines; }).second > 0);

    m_cluster->redis.kill();
    m_cluster->mariadb.kill();
    const auto begun = kClock.steadyNow();
    const bool frozen = m_cluster->freeze(follower).ok();
    const auto took = std::chrono::duration_cast<milliseconds>(kClock.steadyNow() - begun).count();
    // With the answer, and not some time after it.
    const v1::Cluster atLeader = clusterAt(m_cluster->root(leader));
    const auto backAndAsked = askedAndGivenUntil([&, isBack = false](int asked) mutable {
        if (!std::exchange(isBack, true)) m_cluster->mariadb.start();
        return asked > kTries && clusterAt(m_cluster->root(leader)).freeze().recorded();
    });
    m_cluster->redis.start();
    QVERIFY(frozen);
    QVERIFY(atLeader.has_freeze());
    QVERIFY(!atLeader.freeze().recorded());
    printFaultRow("F1", "freeze at a follower, database and cache killed",
                  backAndAsked.first - backAndAsked.second, backAndAsked.first,
                  "permits refused by the leader, asked for from the answer on, which took " +
                      std::to_string(took) + " ms, until the database was back and had the freeze");
    QCOMPARE(backAndAsked.second, 0);
    QVERIFY(QTest::qWaitFor([&] { return m_cluster->unfreeze(follower).ok(); }, kPatience));
    QVERIFY(drive(m_machines, [&] {
        return m_cluster->show(follower, release.id()).state() == v1::RELEASE_STATE_DONE;
    }));
}

QTEST_GUILESS_MAIN(TestFreezeMasters)
#include "tst_freeze_masters.moc"
