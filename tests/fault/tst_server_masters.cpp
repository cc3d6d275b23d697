// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "shared/base/clock.h"
#include "shared/base/status.h"
#include "tests/fault/masters_cluster.h"
#include "tests/support/fault_row.h"
#include "tests/support/private_process.h"
#include "tests/support/sized_disk.h"

using namespace ifrit;
using namespace ifrit::tests;
using std::chrono::milliseconds;

namespace {

constexpr int kPollingMachines = 6;
/// What an empty cluster takes, and some megabytes.
constexpr char kDisk[] = "256m";
/// Well below the time after which a server that says nothing is given up.
constexpr milliseconds kQuick{8'000};

std::string seconds(milliseconds took) {
    return QString::number(static_cast<double>(took.count()) / 1'000, 'f', 1).toStdString();
}

/// The lines of `[cache]`, as docs/operations.md has them.
std::string cacheOf(const RedisWithSentinels& redis) {
    std::string list;
    for (const std::string& address : redis.addresses())
        list += (list.empty() ? "\"" : ", \"") + address + '"';
    return "sentinels = [" + list + "]\nsentinel_master = \"ifrit\"\n";
}

}  // namespace

/// Two real masters with a release under way, whose Redis fails over and whose MariaDB finds no
/// more room on its disk.
class TestServerMasters : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() {
        m_machines.clear();
        m_cluster.reset();
        m_disk.reset();
    }

    void aReleaseGoesOnWhileRedisFailsOver();
    void aFullDiskOfTheDatabaseLosesNothing();

private:
    bool drive(const std::function<bool()>& until) { return tests::drive(m_machines, until); }
    bool isDone(const std::string& id) {
        return m_cluster->show(0, id).state() == v1::RELEASE_STATE_DONE;
    }
    /// Started, and installed by every other machine.
    v1::Release halfInstalled(const std::string& version) {
        const v1::Release release = m_cluster->start(m_cluster->follower(), specOf(version));
        for (std::size_t i = 0; i < m_machines.size(); i += 2) {
            (void)QTest::qWaitFor(
                [&] {
                    m_machines[i]->step();
                    return m_machines[i]->running() == version;
                },
                kPatience);
        }
        return release;
    }
    /// Who runs it, after so many switches in its life, and lost no poll.
    int countRunning(const std::string& version, int switches) {
        return static_cast<int>(
            std::count_if(m_machines.begin(), m_machines.end(), [&](const auto& machine) {
                return machine->running() == version && machine->switches() == switches &&
                       machine->lost() == 0;
            }));
    }
    std::uint64_t generation() {
        std::uint64_t out = 0;
        (void)m_cluster->database().read([&](master::storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(out, in.desired().generation());
            return absl::OkStatus();
        });
        return out;
    }
    /// One poll of each with a report: how many were acknowledged; -1: one was not answered soon.
    int pollAll() {
        int acknowledged = 0;
        for (const auto& machine : m_machines) {
            const std::size_t before = machine->promised().size();
            const auto begun = kClock.steadyNow();
            if (!machine->sync() || kClock.steadyNow() - begun > kQuick) return -1;
            acknowledged += machine->promised().size() > before ? 1 : 0;
        }
        return acknowledged;
    }
    /// Reports that were acknowledged, and those of them whose event is stored, once.
    std::pair<int, int> promisedAndFound();

    const QTemporaryDir m_directory{fastDirectory(QStringLiteral("ifrit-disk"))};
    std::unique_ptr<SizedDisk> m_disk;
    std::unique_ptr<RedisWithSentinels> m_redis;
    std::unique_ptr<MastersCluster> m_cluster;
    std::vector<std::unique_ptr<ObeyingMachine>> m_machines;
};

void TestServerMasters::initTestCase() {
    // Redis needs no disk of a size.
    if (haveOwnMounts())
        m_disk = std::make_unique<SizedDisk>(m_directory.path().toStdString(), kDisk);
    m_redis = std::make_unique<RedisWithSentinels>();
    m_cluster = std::make_unique<MastersCluster>(m_directory.path(), cacheOf(*m_redis));
    QVERIFY(QTest::qWaitFor([this] { return m_cluster->leader() < 2; }, kPatience));
    for (int i = 0; i < kPollingMachines; ++i) {
        m_machines.push_back(m_cluster->enrol("m" + std::to_string(i), std::size_t(i) % 2));
        m_machines.back()->moveTo(std::size_t(i) % 2);
    }
    std::string archive(700'000, 'x');
    for (std::size_t i = 0; i < archive.size(); ++i)
        archive[i] = static_cast<char>(i * 7 % 251);
    for (const char* version : {"1", "2", "3"}) {
        const auto published = m_cluster->publish(0, version, archive);
        QVERIFY2(published.ok(), published.error_message().c_str());
    }
    const v1::Release first = m_cluster->start(0, specOf("1"));
    QVERIFY(drive([&] { return isDone(first.id()); }));
}

void TestServerMasters::aReleaseGoesOnWhileRedisFailsOver() {
    const QStringList asked = {QStringLiteral("GET"), QStringLiteral("{ifrit:faults}:generation")};
    const auto cached = [&](PrivateRedis& redis) { return redis.run(asked); };
    const v1::Release release = halfInstalled("2");
    // What the replica has it can be asked for after its promotion.
    QTRY_COMPARE_WITH_TIMEOUT(cached(m_redis->replica), std::to_string(generation()), kPatience);
    m_redis->primary.kill();
    const auto killed = kClock.steadyNow();
    QVERIFY(drive([&] { return isDone(release.id()); }));
    QCOMPARE(countRunning("2", 2), kPollingMachines);
    // Each master's next change is with the new primary, which it was told of by a sentinel.
    const v1::Release back = m_cluster->start(m_cluster->follower(), specOf("1"));
    QVERIFY(drive([&] { return isDone(back.id()); }));
    QTRY_COMPARE_WITH_TIMEOUT(cached(m_redis->replica), std::to_string(generation()), kPatience);
    const auto took = std::chrono::duration_cast<milliseconds>(kClock.steadyNow() - killed);
    const auto unharmed = countRunning("1", 3);
    printFaultRow("G1", "Redis failed over by sentinels", unharmed, kPollingMachines,
                  "machines lost no poll and switched once for each release; the new primary had "
                  "what was composed " +
                      seconds(took) + " s after the former was killed");
    QCOMPARE(unharmed, kPollingMachines);
}

std::pair<int, int> TestServerMasters::promisedAndFound() {
    std::pair<int, int> out{0, 0};
    for (const auto& machine : m_machines) {
        std::map<std::string, int> stored;
        const absl::Status read =
            m_cluster->database().read([&](master::storage::Transaction& in) -> absl::Status {
                stored.clear();
                IFRIT_ASSIGN_OR_RETURN(const auto all,
                                       in.machines().listEvents(machine->uuid(), 0, 1'000'000));
                for (const auto& one : all)
                    ++stored[one.event.message.substr(0, one.event.message.find('x'))];
                return absl::OkStatus();
            });
        if (!read.ok()) continue;
        for (const std::uint64_t seq : machine->promised()) {
            ++out.first;
            out.second += stored[ObeyingMachine::eventOf(seq)] == 1 ? 1 : 0;
        }
    }
    return out;
}

void TestServerMasters::aFullDiskOfTheDatabaseLosesNothing() {
    if (!m_disk) QSKIP("the system lets us have no mounts of our own");
    constexpr std::size_t kEvents = 64'000;  // of each report, so that tables grow
    constexpr int kFullPasses = 3;
    // No table can grow any more; with nothing at all InnoDB ends itself.
    constexpr std::uint64_t kLeft = 700'000;
    const v1::Release release = halfInstalled("3");
    for (const auto& machine : m_machines)
        machine->tellEvents(kEvents);
    QCOMPARE(pollAll(), kPollingMachines);
    Filler filler(m_directory.path().toStdString());
    filler.leave(kLeft);
    int refused = 0;
    int worst = 0;
    QVERIFY(QTest::qWaitFor(
        [&] {
            const int acknowledged = pollAll();
            worst = std::min(worst, acknowledged);
            refused += acknowledged == 0 ? 1 : 0;
            return refused == kFullPasses || worst < 0;
        },
        kPatience));
    QVERIFY2(worst == 0, "a poll was not answered");
    for (const auto& machine : m_machines)
        machine->tellEvents(0);  // or they would fill it themselves
    filler.remove();
    // Where it did, as its service manager does.
    if (!m_cluster->mariadb.isRunning()) m_cluster->mariadb.start();
    const auto freed = kClock.steadyNow();
    QVERIFY(drive([&] { return isDone(release.id()); }));
    const auto took = std::chrono::duration_cast<milliseconds>(kClock.steadyNow() - freed);
    QCOMPARE(countRunning("3", 4), kPollingMachines);
    const auto [promised, found] = promisedAndFound();
    printFaultRow("G2", "MariaDB's disk full in a release", found, promised,
                  "acknowledged reports stored, once; every poll was answered meanwhile, and the "
                  "release was done " +
                      seconds(took) + " s after there was room");
    QVERIFY(promised >= kPollingMachines);
    QCOMPARE(found, promised);
}

QTEST_GUILESS_MAIN(TestServerMasters)
#include "tst_server_masters.moc"
