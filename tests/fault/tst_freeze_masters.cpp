// SPDX-License-Identifier: Apache-2.0
#include <ifrit/v1/fleet.grpc.pb.h>

#include <QTest>
#include <algorithm>
#include <atomic>
#include <csignal>
#include <stdexcept>
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

constexpr int kFrozenMachines = 4;
/// Permits asked for after the freeze.
constexpr int kTries = 200;

/// What a master says of the cluster's freeze.
v1::Cluster clusterAt(const std::shared_ptr<grpc::Channel>& channel) {
    v1::Cluster response;
    grpc::ClientContext context;
    rpc::setDeadline(context, std::chrono::seconds(20));
    (void)v1::Clusters::NewStub(channel)->GetCluster(&context, {}, &response);
    return response;
}

/// How many masters live, as a master knows.
int mastersAt(const std::shared_ptr<grpc::Channel>& channel) {
    v1::ListMasterLoadsResponse response;
    grpc::ClientContext context;
    rpc::setDeadline(context, std::chrono::seconds(20));
    (void)v1::Clusters::NewStub(channel)->ListMasterLoads(&context, {}, &response);
    return response.masters_size();
}

}  // namespace

/// The kill switch, at the one of two real masters that does not lead, with nothing between them.
class TestFreezeMasters : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        m_cluster = std::make_unique<MastersCluster>();
        QVERIFY(QTest::qWaitFor([this] { return m_cluster->leader() < 2; }, kPatience));
        for (int i = 0; i < kFrozenMachines; ++i)
            m_machines.push_back(m_cluster->enrol("m" + std::to_string(i)));
        for (const char* version : {"1", "2", "3"})
            QVERIFY(m_cluster->publish(0, version, noiseOf(10'000)).ok());
        // Each calls the other once, so that this is no part of what is measured.
        for (const std::size_t at : {0, 1}) {
            QVERIFY(m_cluster->freeze(at).ok());
            QVERIFY(m_cluster->unfreeze(at).ok());
            // The other one is told, and sees it before the answer.
            QVERIFY(!clusterAt(m_cluster->root(1 - at)).has_freeze());
        }
    }
    void cleanupTestCase() {
        m_machines.clear();
        m_cluster.reset();
    }

    void aMasterThatDoesNotConfirmIsNamedUntilItDoes();
    void aMasterThatIsSilentIsNamedToo();
    void holdsAtTheLeaderWithoutDatabaseAndCache();
    void aDatabaseThatHangsHoldsUpNoAnswer_data();
    void aDatabaseThatHangsHoldsUpNoAnswer();

private:
    /// A running release of exporter `version`, which all machines were told of by `leader` and
    /// may be given a permit for.
    v1::Release begin(const std::string& version, std::size_t leader);
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

void TestFreezeMasters::aMasterThatDoesNotConfirmIsNamedUntilItDoes() {
    const std::size_t stopped = m_cluster->follower();
    const auto asked = m_cluster->root(1 - stopped);
    m_cluster->process(stopped).signal(SIGSTOP);
    const bool frozen = m_cluster->freeze(1 - stopped).ok();
    const v1::Cluster told = clusterAt(asked);
    m_cluster->process(stopped).signal(SIGCONT);
    QVERIFY(frozen);
    QCOMPARE(told.freeze().unconfirmed_size(), 1);
    QCOMPARE(told.freeze().unconfirmed(0).address(), m_cluster->address(stopped));
    QCOMPARE(told.freeze().unconfirmed(0).why(), std::string("UNANSWERED"));
    QVERIFY(QTest::qWaitFor([&] { return clusterAt(asked).freeze().unconfirmed_size() == 0; },
                            kPatience));
    QVERIFY(clusterAt(m_cluster->root(stopped)).has_freeze());
    QVERIFY(QTest::qWaitFor([&] { return m_cluster->unfreeze(1 - stopped).ok(); }, kPatience));
    QVERIFY(!clusterAt(m_cluster->root(stopped)).has_freeze());
}

/// It may be suspended or cut off, with machines that it goes on to answer.
void TestFreezeMasters::aMasterThatIsSilentIsNamedToo() {
    const std::size_t stopped = m_cluster->follower();
    const auto asked = m_cluster->root(1 - stopped);
    m_cluster->process(stopped).signal(SIGSTOP);
    const bool silent = QTest::qWaitFor([&] { return mastersAt(asked) == 1; }, kPatience);
    const bool frozen = silent && m_cluster->freeze(1 - stopped).ok();
    const v1::Cluster told = clusterAt(asked);
    m_cluster->process(stopped).signal(SIGCONT);
    QVERIFY(silent);
    QVERIFY(frozen);
    QCOMPARE(told.freeze().unconfirmed_size(), 1);
    QCOMPARE(told.freeze().unconfirmed(0).address(), m_cluster->address(stopped));
    QVERIFY(QTest::qWaitFor([&] { return clusterAt(asked).freeze().unconfirmed_size() == 0; },
                            kPatience));
    QVERIFY(QTest::qWaitFor([&] { return m_cluster->unfreeze(1 - stopped).ok(); }, kPatience));
}

v1::Release TestFreezeMasters::begin(const std::string& version, std::size_t leader) {
    const v1::Release release = m_cluster->start(leader, specOf(version));
    const auto isTold = [&](const auto& machine) {
        machine->moveTo(leader);
        return QTest::qWaitFor(
            [&] { return machine->sync() && machine->desired().release_id() == release.id(); },
            kPatience);
    };
    const bool told = std::all_of(m_machines.begin(), m_machines.end(), isTold);
    const int given = askedAndGivenUntil([](int asked) { return asked >= kFrozenMachines; }).second;
    if (!told || given == 0) throw std::runtime_error("no machine was given a permit");
    return release;
}

void TestFreezeMasters::holdsAtTheLeaderWithoutDatabaseAndCache() {
    const std::size_t leader = m_cluster->leader();
    const std::size_t follower = 1 - leader;
    const v1::Release release = begin("1", leader);
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

void TestFreezeMasters::aDatabaseThatHangsHoldsUpNoAnswer_data() {
    QTest::addColumn<bool>("leads");
    QTest::addColumn<std::string>("version");
    QTest::newRow("asked of the leader") << true << std::string("2");
    QTest::newRow("asked of the other one") << false << std::string("3");
}

/// MariaDB is there and says nothing: whoever waits for it waits ten seconds and more.
void TestFreezeMasters::aDatabaseThatHangsHoldsUpNoAnswer() {
    QFETCH(const bool, leads);
    QFETCH(const std::string, version);
    QVERIFY(QTest::qWaitFor([this] { return m_cluster->leader() < 2; }, kPatience));
    const std::size_t leader = m_cluster->leader();
    const std::size_t at = leads ? leader : 1 - leader;
    const v1::Release release = begin(version, leader);

    m_cluster->mariadb.freeze();
    bool frozen = false;
    milliseconds took{0};
    v1::Cluster atLeader;
    const auto askedAndGiven = askedAndGivenUntil([&, isFirst = true](int asked) mutable {
        if (std::exchange(isFirst, false)) {
            const auto begun = kClock.steadyNow();
            frozen = m_cluster->freeze(at).ok();
            took = std::chrono::duration_cast<milliseconds>(kClock.steadyNow() - begun);
            m_cluster->mariadb.thaw();
        }
        atLeader = clusterAt(m_cluster->root(leader));
        return asked > kTries && atLeader.freeze().recorded();
    });
    QVERIFY(frozen);
    printFaultRow(
        "F1",
        leads ? "freeze at the leader, database hangs" : "freeze at a follower, database hangs",
        askedAndGiven.first - askedAndGiven.second, askedAndGiven.first,
        "permits refused by the leader, asked for from when the database hung until it "
        "had the freeze; the answer took " +
            std::to_string(took.count()) + " ms");
    QCOMPARE(askedAndGiven.second, 0);
    // Two seconds are the promise; this machine may be busy.
    QVERIFY2(took < std::chrono::seconds(4), std::to_string(took.count()).c_str());
    QVERIFY(atLeader.freeze().recorded());
    QVERIFY(QTest::qWaitFor([&] { return m_cluster->unfreeze(at).ok(); }, kPatience));
    QVERIFY(!clusterAt(m_cluster->root(1 - at)).has_freeze());
    QVERIFY(drive(m_machines, [&] {
        return m_cluster->show(at, release.id()).state() == v1::RELEASE_STATE_DONE;
    }));
}

QTEST_GUILESS_MAIN(TestFreezeMasters)
#include "tst_freeze_masters.moc"
