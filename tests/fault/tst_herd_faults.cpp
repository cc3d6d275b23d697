// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <csignal>

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <fstream>
#include <map>
#include <mutex>
#include <queue>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include "agent/link/link_policy.h"
#include "agent/link/rpc/grpc_master_connector.h"
#include "agent/link/watch_thread.h"
#include "master/app/cluster_init.h"
#include "master/app/master_files.h"
#include "master/storage/sql/sql_database.h"
#include "shared/base/status.h"
#include "shared/crypto/certificates.h"
#include "tests/fault/child_process.h"
#include "tests/support/built_programs.h"
#include "tests/support/fault_row.h"
#include "tests/support/private_process.h"

using namespace ifrit;
using namespace ifrit::agent;
using std::chrono::milliseconds;

namespace {

constexpr int kMachines = 20'000;
constexpr milliseconds kPoll{30'000};
constexpr int kFaster = 10;  ///< the times of real machines
/// Of the fleet within one second; a master takes as many handshakes in some seconds.
constexpr double kHerd = 0.25;

/// A fleet on a clock of the test's: each machine with the agent's own rules of when to come again,
/// for its poll and for its stream.
class Fleet {
public:
    explicit Fleet(base::Backoff::Policy reopen) : m_random(7) {
        for (int i = 0; i < kMachines; ++i) {
            m_machines.push_back({link::LinkPolicy(link::LinkTimes(), uniform(), {}),
                                  base::Backoff(reopen, uniform())});
            // The master spreads polls (SyncService::nextPoll).
            add(milliseconds(static_cast<std::int64_t>(uniform()() * kPoll.count())), i, false);
        }
    }

    /// The master is away from 0 until `back`; attempts that reach it, by second, until `end`.
    std::map<std::int64_t, int> attempts(milliseconds back, milliseconds end) {
        // Every stream breaks at one instant.
        for (int i = 0; i < kMachines; ++i)
            add(m_machines[static_cast<std::size_t>(i)].watch.next(), i, true);
        std::map<std::int64_t, int> reached;
        while (!m_due.empty() && m_due.top().at < end) {
            const Due due = m_due.top();
            m_due.pop();
            const bool isUp = due.at >= back;
            if (isUp) ++reached[due.at / std::chrono::seconds(1)];
            next(due, isUp);
        }
        return reached;
    }
    int watching() const {
        return static_cast<int>(std::count_if(m_machines.begin(), m_machines.end(),
                                              [](const auto& it) { return it.isWatching; }));
    }

private:
    struct Machine {
        link::LinkPolicy poll;
        base::Backoff watch;
        bool isWatching = false;
    };
    struct Due {
        milliseconds at;
        int machine;
        bool isWatch;
        bool operator<(const Due& other) const { return at > other.at; }
    };

    base::UniformRandom uniform() {
        return [this] { return std::uniform_real_distribution<>(0, 1)(m_random); };
    }
    void add(milliseconds at, int machine, bool isWatch) { m_due.push({at, machine, isWatch}); }
    void next(const Due& due, bool isUp) {
        Machine& machine = m_machines[static_cast<std::size_t>(due.machine)];
        if (due.isWatch) {
            machine.isWatching = isUp;
            if (!isUp) add(due.at + machine.watch.next(), due.machine, true);
            return;
        }
        link::SyncReply reply;
        reply.nextPoll =
            milliseconds(static_cast<std::int64_t>(kPoll.count() * (0.9 + 0.2 * uniform()())));
        add(due.at + (isUp ? machine.poll.afterSuccess(reply)
                           : machine.poll.afterFailure(absl::UnavailableError("away"))),
            due.machine, false);
    }

    std::mt19937 m_random;
    std::vector<Machine> m_machines;
    std::priority_queue<Due> m_due;
};

double mostInASecond(Fleet& fleet, milliseconds away) {
    int most = 0;
    for (const auto& [second, attempts] : fleet.attempts(away, away + milliseconds(90'000)))
        most = std::max(most, attempts);
    return static_cast<double>(most) / kMachines;
}

std::string text(const std::string& file) {
    std::ifstream in(file);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

template <typename T>
T need(absl::StatusOr<T> value) {
    if (!value.ok()) throw std::runtime_error(base::messageOf(value.status()));
    return *std::move(value);
}

/// The real ifrit-master with this many machines in its database, at one address for all its life.
class RealMaster {
public:
    explicit RealMaster(int machines) {
        master::app::InitRequest request;
        request.directory = path("m");
        request.cluster = "demo";
        request.addresses = {"127.0.0.1:7443"};
        request.configText = "listen = \"127.0.0.1:0\"\npoll_interval_ms = " +
                             std::to_string(kPoll.count() / kFaster) +
                             "\n[limits]\nbusy_percent = 0\n";
        request.passwordCost = crypto::PasswordCost::Least;
        (void)need(master::app::initCluster(request, m_clock));
        m_ca = need(master::app::MasterFiles(path("m")).readCa());
        const absl::Status filled = fill(machines);
        if (!filled.ok()) throw std::runtime_error(base::messageOf(filled));
        start();
    }
    void start() {
        m_process = std::make_unique<tests::ChildProcess>(
            std::vector<std::string>{tests::built("bin/ifrit-master"), "serve", "--dir", path("m"),
                                     "--listen", m_address},
            path("log"));
        const std::string endpoint = path("m") + "/run/endpoint";
        if (!QTest::qWaitFor([&] { return !text(endpoint).empty(); }, 60'000))
            throw std::runtime_error("no master: " + text(path("log")));
        m_address = text(endpoint);
        if (m_address.back() == '\n') m_address.pop_back();
    }
    void kill() {
        m_process->signal(SIGKILL);
        m_process->wait();
        ::unlink((path("m") + "/run/endpoint").c_str());
    }
    const std::string& address() const { return m_address; }
    static std::string uuidOf(int machine) { return "m" + std::to_string(machine); }
    link::MachineIdentity identityOf(int machine) const {
        crypto::CertificateRequest request;
        request.role = crypto::Role::Machine;
        request.cluster = "demo";
        request.name = uuidOf(machine);
        request.now = m_clock.now();
        const auto own = need(crypto::issue(m_ca, request));
        return {own.privateKeyPem, own.certificatePem, m_ca.certificatePem};
    }

private:
    /// They enrolled, and there is a generation of which each stream tells as soon as it is open.
    absl::Status fill(int machines) {
        master::storage::sql::SqlDatabase::Options options;
        options.file = master::app::MasterFiles(path("m")).database().string();
        const auto database = need(master::storage::sql::SqlDatabase::open(options, m_clock));
        return database->transact([&](master::storage::Transaction& in) -> absl::Status {
            for (int i = 0; i < machines; ++i) {
                domain::MachineFacts facts;
                facts.uuid = uuidOf(i);
                facts.machineType = "LINUX";
                IFRIT_RETURN_IF_ERROR(in.machines().enrol(facts, m_clock.now()));
            }
            master::release::DesiredEdit edit;
            IFRIT_ASSIGN_OR_RETURN(edit.row.entry.generation, in.desired().nextGeneration());
            edit.row.machineType = "LINUX";
            edit.row.entry.agent = "exporter";
            edit.row.entry.action = domain::DesiredAction::Uninstall;
            edit.row.entry.level = domain::Level::Full;
            edit.row.entry.timestamp = m_clock.now();
            return in.desired().edit(edit);
        });
    }
    std::string path(const char* name) const {
        return m_directory.filePath(QLatin1String(name)).toStdString();
    }

    const base::SystemClock m_clock{};
    const QTemporaryDir m_directory{tests::fastDirectory(QStringLiteral("ifrit-herd"))};
    crypto::Credentials m_ca;
    std::string m_address = "127.0.0.1:0";
    std::unique_ptr<tests::ChildProcess> m_process;
};

/// One machine on a connection of its own, with the agent's own stream and its own rule of when to
/// poll; notes when it turned to the master, and what came of it.
class RealMachine {
public:
    RealMachine(link::MasterConnector& connector, const RealMaster& master, int number)
        : m_connection(connector, link::Connection::Masters{{master.address()}, {}}, "m1") {
        m_connection.setIdentity(master.identityOf(number));
        m_watch = std::make_unique<link::WatchThread>(
            link::WatchThread::Parts{m_connection,
                                     [this] {
                                         turned();
                                         return 0U;
                                     },
                                     [this](link::GenerationNotice) { m_isWatching = true; },
                                     base::systemUniformRandom(),
                                     {link::kWatchReopen.initial / kFaster,
                                      link::kWatchReopen.cap / kFaster, link::kWatchReopen.floor}});
        m_watch->hold(true);
        m_poll = std::thread([this] { poll(); });
    }
    ~RealMachine() {
        m_connection.shutDown();
        {
            const std::lock_guard lock(m_mutex);
            m_isOver = true;
            m_changed.notify_all();
        }
        m_poll.join();
    }

    bool isBack() const { return m_isWatching && m_hasPolled; }
    void expectAgain() {
        m_isWatching = false;
        m_hasPolled = false;
    }
    void forgetTurns() {
        const std::lock_guard lock(m_mutex);
        m_turned.clear();
    }
    /// When it turned to the master, for a stream or a poll.
    std::vector<base::SteadyTime> turns() {
        const std::lock_guard lock(m_mutex);
        return m_turned;
    }
    milliseconds nextPoll() const { return milliseconds(m_nextPoll); }

private:
    void turned() {
        const std::lock_guard lock(m_mutex);
        m_turned.push_back(std::chrono::steady_clock::now());
    }
    void poll() {
        link::LinkTimes times;
        times.backoff.cap = times.backoff.cap / kFaster;
        link::LinkPolicy policy(times, base::systemUniformRandom(),
                                [](const absl::Status&) { return milliseconds(0); });
        std::unique_lock lock(m_mutex);
        while (!m_isOver) {
            lock.unlock();
            turned();
            auto reply = once();
            const milliseconds wait =
                reply.ok() ? policy.afterSuccess(*reply) : policy.afterFailure(reply.status());
            if (reply.ok()) {
                m_nextPoll = reply->nextPoll.count();
                m_hasPolled = true;
            }
            lock.lock();
            m_changed.wait_for(lock, wait, [this] { return m_isOver; });
        }
    }
    absl::StatusOr<link::SyncReply> once() {
        IFRIT_ASSIGN_OR_RETURN(const auto client, m_connection.client());
        return client->sync({});
    }

    link::Connection m_connection;
    std::atomic<bool> m_isWatching{false};
    std::atomic<bool> m_hasPolled{false};
    std::atomic<std::int64_t> m_nextPoll{0};
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_isOver = false;
    std::vector<base::SteadyTime> m_turned;
    std::thread m_poll;
    std::unique_ptr<link::WatchThread> m_watch;
};

}  // namespace

/// Row G4: a master that goes with all machines connected gets them back spread, not as a herd.
class TestHerdFaults : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFleetComesBackSpread() {
        tests::FaultTally times;
        double worst = 0;
        const std::vector<milliseconds> gone = {milliseconds(500),    milliseconds(2'000),
                                                milliseconds(5'000),  milliseconds(10'000),
                                                milliseconds(30'000), milliseconds(120'000)};
        for (const milliseconds away : gone) {
            Fleet fleet(link::kWatchReopen);
            const double share = mostInASecond(fleet, away);
            worst = std::max(worst, share);
            // Polls alone bring 1/30 of the fleet each second.
            times.count(share < kHerd && fleet.watching() == kMachines,
                        std::to_string(away.count()) + " ms away: " + std::to_string(share) +
                            " of the fleet in one second");
        }
        times.print("G4", "master away for half a second to two minutes",
                    "times, 20,000 machines came back within 90 s and at most " +
                        QString::number(worst * 100, 'f', 1).toStdString() +
                        " % of them in one second");
        QCOMPARE(times.failed(), std::string());
        // As it is where each comes back at once after its stream broke.
        Fleet herd({milliseconds(1'000), milliseconds(60'000), milliseconds(200)});
        QVERIFY(mostInASecond(herd, milliseconds(500)) > 2 * kHerd);
    }

    /// The same with a real master that is killed, real streams and polls, a tenth of the times.
    void aKilledMasterGetsItsMachinesBackSpread() {
        constexpr int kReal = 300;
        constexpr int kPatience = 30'000;
        constexpr milliseconds kSlice = link::kWatchReopen.initial / kFaster / 10;
        RealMaster master(kReal);
        link::GrpcMasterConnector connector("test");
        std::vector<std::unique_ptr<RealMachine>> machines;
        for (int i = 0; i < kReal; ++i)
            machines.push_back(std::make_unique<RealMachine>(connector, master, i));
        const auto back = [&machines] {
            return std::count_if(machines.begin(), machines.end(),
                                 [](const auto& it) { return it->isBack(); });
        };
        QTRY_COMPARE_WITH_TIMEOUT(back(), kReal, kPatience);
        // What the master says of when to come again, which it alone knows how to spread.
        const auto [soonest, latest] = std::minmax_element(
            machines.begin(), machines.end(),
            [](const auto& a, const auto& b) { return a->nextPoll() < b->nextPoll(); });
        const milliseconds interval = kPoll / kFaster;
        QVERIFY((*soonest)->nextPoll() >= interval * 9 / 10);
        QVERIFY((*soonest)->nextPoll() < interval * 93 / 100);
        QVERIFY((*latest)->nextPoll() > interval * 107 / 100);

        const base::SteadyTime killed = std::chrono::steady_clock::now();
        master.kill();
        for (const auto& machine : machines)
            machine->expectAgain();
        master.start();
        for (const auto& machine : machines)
            machine->forgetTurns();
        (void)QTest::qWaitFor([&] { return back() == kReal; }, kPatience);
        const std::ptrdiff_t came = back();
        const milliseconds away =
            std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - killed);
        std::map<std::int64_t, std::set<std::size_t>> turned;
        for (std::size_t i = 0; i < machines.size(); ++i) {
            for (const base::SteadyTime at : machines[i]->turns())
                turned[(at - killed) / kSlice].insert(i);
        }
        std::size_t most = 0;
        for (const auto& [slice, who] : turned)
            most = std::max(most, who.size());
        tests::printFaultRow("G4", "ifrit-master killed", static_cast<int>(came), kReal,
                             "machines came back with streams and polls within " +
                                 std::to_string(away.count()) + " ms, at most " +
                                 std::to_string(most) + " of them in 0.3 s");
        QCOMPARE(came, std::ptrdiff_t{kReal});
        // Streams and polls each spread over a tenth of half a minute: a fifth of all in a
        // hundredth of it. Those that found nobody try again within half a second: where the
        // master is back by then, three fifths of them do so in 0.3 s. A herd would be all.
        QVERIFY2(most < kReal * 3 / 5, qPrintable(QString::number(most)));
    }
};

QTEST_GUILESS_MAIN(TestHerdFaults)
#include "tst_herd_faults.moc"
