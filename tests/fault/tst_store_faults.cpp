// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include <ifrit/v1/fleet.grpc.pb.h>

#include "shared/base/status.h"
#include "shared/rpc/channel.h"
#include "tests/fault/numbered_report.h"
#include "tests/fault/reporter.h"
#include "tests/fault/store_cluster.h"
#include "tests/support/fault_row.h"

using namespace ifrit;
using namespace ifrit::tests;

namespace {

// Well below the time after which a server that says nothing is given up.
constexpr std::chrono::milliseconds kQuick{8'000};
constexpr int kPatience = 60'000;

QString key(const char* name) {
    return QStringLiteral("{ifrit:faults}:") + QLatin1String(name);
}

/// One way in which Redis is no help, and how it ends.
struct CacheFault {
    const char* name;
    std::function<void(StoreCluster&)> begin;
    std::function<void(StoreCluster&)> end;
};

void redis(StoreCluster& cluster, const QStringList& command) {
    cluster.redis.run(command);
}

const std::vector<CacheFault>& cacheFaults() {
    static const QString set = QStringLiteral("SET");
    static const QString copy = QStringLiteral("COPY");
    static const QString replace = QStringLiteral("REPLACE");
    static const auto nothing = [](StoreCluster&) {};
    static const auto maxMemory = [](const char* bytes) {
        return [bytes](StoreCluster& c) {
            redis(c, {QStringLiteral("CONFIG"), set, QStringLiteral("maxmemory"),
                      QLatin1String(bytes)});
        };
    };
    static const auto keepCopies = [](StoreCluster& c) {
        for (const char* name : {"expect_default_LINUX", "generation", "seal"})
            redis(c, {copy, key(name), QLatin1String("old ") + key(name), replace});
    };
    static const auto putCopiesBack = [](StoreCluster& c) {
        for (const char* name : {"expect_default_LINUX", "generation", "seal"})
            redis(c, {copy, QLatin1String("old ") + key(name), key(name), replace});
    };
    static const auto poison = [](const char* name) {
        return [name](StoreCluster& c) { redis(c, {set, key(name), QStringLiteral("poison")}); };
    };
    static const std::vector<CacheFault> all = {
        {"killed", [](StoreCluster& c) { c.redis.kill(); },
         [](StoreCluster& c) { c.redis.start(); }},
        {"frozen", [](StoreCluster& c) { c.redis.freeze(); },
         [](StoreCluster& c) { c.redis.thaw(); }},
        {"flushed", [](StoreCluster& c) { redis(c, {QStringLiteral("FLUSHALL")}); }, nothing},
        {"full", maxMemory("1"), maxMemory("0")},
        {"put back to what it was", keepCopies, putCopiesBack},
        {"value poisoned", poison("expect_default_LINUX"), nothing},
        {"seal poisoned", poison("seal"), nothing},
        {"generation poisoned", poison("generation"), nothing},
        {"generation far ahead",
         [](StoreCluster& c) {
             redis(c, {set, key("generation"), QStringLiteral("999999")});
         },
         nothing}};
    return all;
}

}  // namespace

/// A real ifrit-master while the servers behind it are killed, frozen, emptied and falsified.
class TestStoreFaults : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_cluster = std::make_unique<StoreCluster>(); }
    void cleanupTestCase() { m_cluster.reset(); }

    void cacheFaultsAreNotNoticedByMachines();
    void masterStartsOnAPoisonedCache();
    void databaseAwayLosesNothingAcknowledged();
    void aFreezeNeedsNoDatabase();
    void whatASlowDatabaseCannotTakeIsShed();

private:
    bool holds(PollingMachine& machine, std::uint64_t generation) {
        const auto poll = machine.poll();
        return poll.status.ok() && poll.took < kQuick && machine.generation() == generation;
    }
    /// "" or what is wrong.
    std::string tryCacheFault(const CacheFault& fault, PollingMachine& machine);

    std::unique_ptr<StoreCluster> m_cluster;
};

std::string TestStoreFaults::tryCacheFault(const CacheFault& fault, PollingMachine& machine) {
    const auto cacheHolds = [this](std::uint64_t generation) {
        const auto state = m_cluster->cached();
        return state.ok() && state->generation == generation;
    };
    const std::uint64_t before = m_cluster->change();
    if (!QTest::qWaitFor([&] { return holds(machine, before) && cacheHolds(before); }, kPatience))
        return "not settled before";
    fault.begin(*m_cluster);
    if (!holds(machine, before)) return "not served";
    const std::uint64_t after = m_cluster->change();
    if (!QTest::qWaitFor([&] { return holds(machine, after); }, kPatience))
        return "the change did not come through";
    fault.end(*m_cluster);
    if (!holds(machine, after)) return "not served after its end";
    if (!QTest::qWaitFor([&] { return cacheHolds(after); }, kPatience))
        return "the cache was not written anew: " + m_cluster->cached().status().ToString();
    if (!holds(machine, after)) return "not served when it was over";
    return machine.wentBack() ? "a generation went back" : "";
}

void TestStoreFaults::cacheFaultsAreNotNoticedByMachines() {
    const auto machine = m_cluster->enrol("m-cache");
    int held = 0;
    for (const CacheFault& fault : cacheFaults()) {
        const std::string wrong = tryCacheFault(fault, *machine);
        if (wrong.empty())
            ++held;
        else
            qWarning("%s: %s", fault.name, wrong.c_str());
    }
    QCOMPARE(m_cluster->staleSince(), std::int64_t{0});
    printFaultRow("G1", "Redis killed, frozen, flushed, full, put back, poisoned", held,
                  static_cast<int>(cacheFaults().size()),
                  "faults in which machines were served and the cache was written anew");
    QCOMPARE(held, static_cast<int>(cacheFaults().size()));
}

void TestStoreFaults::masterStartsOnAPoisonedCache() {
    const std::uint64_t generation = m_cluster->change();
    for (const char* name : {"expect_default_LINUX", "generation", "seal"})
        m_cluster->redis.run({QStringLiteral("SET"), key(name), QStringLiteral("999999")});
    m_cluster->killMaster();
    m_cluster->serve();
    const auto machine = m_cluster->enrol("m-start");
    QTRY_VERIFY_WITH_TIMEOUT(holds(*machine, generation), kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(m_cluster->cached().ok(), kPatience);
    QCOMPARE(m_cluster->cached()->generation, generation);
}

void TestStoreFaults::databaseAwayLosesNothingAcknowledged() {
    constexpr int kReporters = 4;
    const auto quiet = m_cluster->enrol("m-quiet");
    const std::uint64_t generation = m_cluster->change();
    QTRY_VERIFY_WITH_TIMEOUT(holds(*quiet, generation), kPatience);
    QCOMPARE(m_cluster->staleSince(), std::int64_t{0});
    std::vector<std::unique_ptr<PollingMachine>> reporters;
    for (int i = 0; i < kReporters; ++i)
        reporters.push_back(m_cluster->enrol("m-report-" + std::to_string(i)));
    std::atomic<bool> stop{false};
    std::atomic<std::uint64_t> acked{0};
    std::atomic<int> refused{0};
    std::vector<std::thread> threads;
    for (const auto& reporter : reporters) {
        threads.emplace_back([&, machine = reporter.get()] {
            while (!stop) {
                const std::uint64_t before = machine->acked();
                if (!machine->pollWithReport().status.ok()) ++refused;
                if (machine->acked() > before) ++acked;
            }
        });
    }
    const auto flows = [&] {
        const std::uint64_t before = acked;
        return QTest::qWaitFor([&] { return acked >= before + 20; }, kPatience);
    };
    int held = 0;
    int tried = 0;
    const auto away = [&](const std::function<void()>& begin, const std::function<void()>& end) {
        ++tried;
        const bool before = flows();
        begin();
        bool served = holds(*quiet, generation);
        const bool stale = QTest::qWaitFor([&] { return m_cluster->staleSince() > 0; }, kPatience);
        served = served && holds(*quiet, generation);
        end();
        const bool fresh = QTest::qWaitFor([&] { return m_cluster->staleSince() == 0; }, kPatience);
        const bool after = flows();
        if (before && served && stale && fresh && after) {
            ++held;
        } else {
            qWarning("flow before %d, served %d, stale %d, fresh %d, flow after %d", before, served,
                     stale, fresh, after);
        }
    };
    for (int i = 0; i < 3; ++i) {
        away([this] { m_cluster->mariadb.kill(); }, [this] { m_cluster->mariadb.start(); });
    }
    away([this] { m_cluster->mariadb.freeze(); }, [this] { m_cluster->mariadb.thaw(); });
    stop = true;
    for (std::thread& thread : threads)
        thread.join();
    // Each event that was acknowledged is there, once.
    std::uint64_t promised = 0;
    std::uint64_t found = 0;
    for (int i = 0; i < kReporters; ++i) {
        const std::string uuid = "m-report-" + std::to_string(i);
        std::multiset<std::string> events;
        const absl::Status read =
            m_cluster->database().read([&](master::storage::Transaction& t) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(const auto all, t.machines().listEvents(uuid, 0, 1'000'000));
                for (const auto& one : all)
                    events.insert(one.event.message);
                return absl::OkStatus();
            });
        QVERIFY2(read.ok(), base::messageOf(read).c_str());
        for (std::uint64_t seq = 1; seq <= reporters[static_cast<std::size_t>(i)]->acked(); ++seq) {
            ++promised;
            const std::size_t times = events.count(eventOf(seq));
            found += times == 1 ? 1 : 0;
            if (times != 1) {
                qWarning("%s: the event of report %llu is there %zu times", uuid.c_str(),
                         static_cast<unsigned long long>(seq), times);
            }
        }
        QVERIFY(!reporters[static_cast<std::size_t>(i)]->wentBack());
    }
    printFaultRow("G2", "MariaDB killed and frozen", held, tried,
                  "outages in which machines were served, marked stale, and went on");
    printFaultRow("G2", "reports acknowledged around them", static_cast<int>(found),
                  static_cast<int>(promised), "stored, once");
    QCOMPARE(held, tried);
    QCOMPARE(found, promised);
    // A machine is served also where its report cannot be kept.
    QCOMPARE(refused.load(), 0);
}

void TestStoreFaults::aFreezeNeedsNoDatabase() {
    const auto turn = [this](bool freeze, ifrit::v1::Cluster& out) {
        grpc::ClientContext context;
        ifrit::rpc::setDeadline(context, std::chrono::seconds(60));
        const auto stub = ifrit::v1::Clusters::NewStub(m_cluster->admin());
        ifrit::v1::FreezeClusterRequest on;
        on.mutable_mutation()->set_reason("it burns");
        ifrit::v1::UnfreezeClusterRequest off;
        off.mutable_mutation()->set_reason("over");
        return freeze ? stub->FreezeCluster(&context, on, &out)
                      : stub->UnfreezeCluster(&context, off, &out);
    };
    const auto shown = [this] {
        grpc::ClientContext context;
        ifrit::rpc::setDeadline(context, std::chrono::seconds(20));
        ifrit::v1::Cluster out;
        (void)ifrit::v1::Clusters::NewStub(m_cluster->admin())->GetCluster(&context, {}, &out);
        return out;
    };
    const auto audited = [this](const char* verb) {
        int rows = 0;
        const absl::Status read =
            m_cluster->database().read([&](master::storage::Transaction& t) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(const auto all, t.audit().list({}, 0, 1'000));
                for (const auto& row : all)
                    rows += row.entry.verb == verb && row.entry.result == "allowed" ? 1 : 0;
                return absl::OkStatus();
            });
        return read.ok() ? rows : -1;
    };
    int held = 0;
    const auto check = [&held](bool good, const char* what) {
        held += good ? 1 : 0;
        if (!good) qWarning("%s", what);
    };
    ifrit::v1::Cluster cluster;
    m_cluster->mariadb.kill();
    const grpc::Status frozen = turn(true, cluster);
    check(frozen.ok() && cluster.has_freeze() && !cluster.freeze().recorded(),
          frozen.error_message().c_str());
    check(!m_cluster->redis.run({QStringLiteral("GET"), key("freeze")}).empty(), "not in Redis");
    check(!turn(false, cluster).ok() && shown().has_freeze(), "unfrozen without the database");
    // Killed before it could be written: it is in the master's directory.
    m_cluster->killMaster();
    m_cluster->redis.run({QStringLiteral("DEL"), key("freeze")});
    m_cluster->mariadb.start();
    m_cluster->serve();
    check(QTest::qWaitFor([&] { return shown().freeze().recorded(); }, kPatience),
          "not frozen after a restart, or not written");
    check(shown().freeze().reason() == "it burns", "another reason");
    check(audited("cluster.freeze") == 1, "not audited once");
    // Killed again and back: still frozen, then lifted for good.
    m_cluster->killMaster();
    m_cluster->serve();
    check(shown().freeze().recorded(), "not frozen after the second restart");
    check(turn(false, cluster).ok() && !cluster.has_freeze(), "not unfrozen");
    m_cluster->killMaster();
    m_cluster->serve();
    check(!shown().has_freeze() && audited("cluster.unfreeze") == 1, "frozen again");
    constexpr int kChecks = 9;
    printFaultRow("G2", "cluster frozen while MariaDB was away, master killed", held, kChecks,
                  "promises of the kill switch");
    QCOMPARE(held, kChecks);
}

/// By what MariaDB itself takes for a report, which is far more than what the processor does for
/// it, so that the load is told by the database.
void TestStoreFaults::whatASlowDatabaseCannotTakeIsShed() {
    constexpr int kQueue = 6;
    constexpr int kWanted = 60;  // reports of a run
    m_cluster->serveWith("report_queue = " + std::to_string(kQueue) + "\n");
    m_cluster->sql(
        "CREATE TRIGGER {}.slow BEFORE INSERT ON machine_events FOR EACH ROW DO SLEEP(0.04)");
    Reporters reporters;
    for (int i = 0; i < 5 * kQueue; ++i) {
        const std::string uuid = "m-load-" + std::to_string(i);
        reporters.add(uuid, m_cluster->join(uuid));
    }
    const auto quiet = m_cluster->enrol("m-beside");
    const Reporter::Tally& tally = reporters.tally;
    int unserved = 0;
    // Reports stored in a second, where so many are offered for each that is stored.
    const auto goodput = [&](int perStored) {
        const int before = tally.stored;
        const auto begun = std::chrono::steady_clock::now();
        int offered = 0;
        const auto goesOn = [&] {
            const int stored = tally.stored - before;
            // As many as are committed at a time, and as many again that wait meanwhile: with fewer
            // the database stands idle, or commits a report or two, while this looks what to offer.
            offered += reporters.offer(2 * kQueue + perStored * stored - offered);
            return stored >= kWanted;
        };
        // A poll without a report asks no database, however slow that is.
        for (int part = 1; part <= 4; ++part) {
            const int until = before + part * kWanted / 4;
            if (!QTest::qWaitFor([&] { return goesOn() || tally.stored >= until; }, kPatience))
                return 0.0;
            unserved += quiet->poll().status.ok() ? 0 : 1;
        }
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
        reporters.awaitAnswers();
        return kWanted / took.count();
    };
    // What else the machine does is not the same all the time: the best of turns about.
    double peak = 0;
    double tripled = 0;
    int shed = 0;
    int answered = 0;
    int made = 0;
    for (int turn = 0; turn < 2; ++turn) {
        const int shedAtFirst = tally.shed;
        peak = std::max(peak, goodput(1));
        const int shedBefore = tally.shed;
        QVERIFY2(shedBefore - shedAtFirst < kWanted / 4, "it sheds what it can take");
        const int madeBefore = tally.made;
        const int storedBefore = tally.stored;
        tripled = std::max(tripled, goodput(3));
        shed += tally.shed - shedBefore;
        answered += tally.stored - storedBefore + tally.shed - shedBefore;
        made += tally.made - madeBefore;
    }
    m_cluster->sql("DROP TRIGGER {}.slow");
    printFaultRow("G5", "three times the reports that a slow MariaDB takes", answered, made,
                  "polls with reports answered: " + std::to_string(static_cast<int>(tripled)) +
                      " stored in a second (" + std::to_string(static_cast<int>(peak)) +
                      " at the load that it can take), " + std::to_string(shed) +
                      " shed with a time to come again");
    QCOMPARE(tally.other.load(), 0);
    QCOMPARE(unserved, 0);
    QVERIFY2(shed > kWanted, qPrintable(QString::number(shed)));
    QVERIFY(peak > 0);
    QVERIFY2(tripled >= 0.8 * peak, qPrintable(QStringLiteral("%1 of %2").arg(tripled).arg(peak)));
    QCOMPARE(reporters.lost(m_cluster->database()), 0);
}

QTEST_GUILESS_MAIN(TestStoreFaults)
#include "tst_store_faults.moc"
