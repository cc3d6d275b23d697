// SPDX-License-Identifier: Apache-2.0
#include <grpcpp/grpcpp.h>

#include <QtTest>
#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <queue>
#include <random>

#include <ifrit/v1/machine_link.grpc.pb.h>

#include "agent/link/link_policy.h"
#include "agent/link/rpc/grpc_master_connector.h"
#include "agent/link/watch_thread.h"
#include "shared/crypto/certificates.h"
#include "shared/rpc/channel.h"
#include "tests/support/fault_row.h"

using namespace ifrit;
using namespace ifrit::agent;
using std::chrono::milliseconds;

namespace {

constexpr int kMachines = 20'000;
constexpr milliseconds kPoll{30'000};
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

/// A master that tells when each stream was opened, and can be away.
class RealMaster final : public v1::MachineLink::Service {
public:
    RealMaster() { start(); }
    ~RealMaster() override { stop(); }
    void start() {
        grpc::ServerBuilder builder;
        builder.AddListeningPort(
            "127.0.0.1:" + std::to_string(m_port),
            ifrit::rpc::makeServerCredentials(
                {ca.certificatePem, m_own.certificatePem, m_own.privateKeyPem}),
            &m_port);
        builder.RegisterService(this);
        setAway(false);
        m_server = builder.BuildAndStart();
    }
    void stop() {
        setAway(true);
        m_server->Shutdown(std::chrono::system_clock::now());
        m_server->Wait();
    }
    int port() const { return m_port; }
    std::vector<std::chrono::steady_clock::time_point> takeOpened() {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_opened, {});
    }
    std::size_t opened() {
        const std::lock_guard lock(m_mutex);
        return m_opened.size();
    }
    grpc::Status Watch(grpc::ServerContext*, const v1::WatchGenerationRequest*,
                       grpc::ServerWriter<v1::GenerationNotice>* writer) override {
        {
            const std::lock_guard lock(m_mutex);
            m_opened.push_back(std::chrono::steady_clock::now());
        }
        v1::GenerationNotice notice;
        notice.set_generation(1);
        writer->Write(notice);
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_isAway; });
        return {grpc::StatusCode::UNAVAILABLE, "going"};
    }

    const crypto::Credentials ca =
        crypto::createCa("demo", base::SystemClock().now(), std::chrono::hours(24)).value();

private:
    const crypto::Credentials m_own = crypto::issue(ca, {crypto::Role::Server,
                                                         "demo",
                                                         "m",
                                                         {"127.0.0.1"},
                                                         base::SystemClock().now(),
                                                         std::chrono::hours(1)})
                                          .value();
    int m_port = 0;
    void setAway(bool away) {
        const std::lock_guard lock(m_mutex);
        m_isAway = away;
        m_changed.notify_all();
    }

    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_isAway = false;
    std::vector<std::chrono::steady_clock::time_point> m_opened;
    std::unique_ptr<grpc::Server> m_server;
};

}  // namespace

/// Row G4: a master that goes with all machines connected gets them back spread, not as a herd.
class TestHerdFaults : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFleetComesBackSpread() {
        int held = 0;
        double worst = 0;
        const std::vector<milliseconds> gone = {milliseconds(500),    milliseconds(2'000),
                                                milliseconds(5'000),  milliseconds(10'000),
                                                milliseconds(30'000), milliseconds(120'000)};
        for (const milliseconds away : gone) {
            Fleet fleet(link::kWatchReopen);
            const double share = mostInASecond(fleet, away);
            worst = std::max(worst, share);
            // Polls alone bring 1/30 of the fleet each second.
            QVERIFY2(share < kHerd, qPrintable(QStringLiteral("%1 ms away: %2 of the fleet in one "
                                                              "second")
                                                   .arg(away.count())
                                                   .arg(share)));
            QCOMPARE(fleet.watching(), kMachines);
            ++held;
        }
        // As it is where each comes back at once after its stream broke.
        Fleet herd({milliseconds(1'000), milliseconds(60'000), milliseconds(200)});
        QVERIFY(mostInASecond(herd, milliseconds(500)) > 2 * kHerd);
        tests::printFaultRow("G4", "master away for half a second to two minutes", held,
                             static_cast<int>(gone.size()),
                             "times, 20,000 machines came back within 90 s and at most " +
                                 QString::number(worst * 100, 'f', 1).toStdString() +
                                 " % of them in one second");
    }

    /// The same with the agent's own thread, connection and TLS, a tenth of the time.
    void realStreamsComeBackSpread() {
        constexpr int kReal = 12;
        RealMaster master;
        link::GrpcMasterConnector connector("test");
        std::vector<std::unique_ptr<link::Connection>> connections;
        std::vector<std::unique_ptr<link::WatchThread>> threads;
        for (int i = 0; i < kReal; ++i) {
            const auto own = crypto::issue(master.ca, {crypto::Role::Machine,
                                                       "demo",
                                                       "m" + std::to_string(i),
                                                       {},
                                                       base::SystemClock().now(),
                                                       std::chrono::hours(1)})
                                 .value();
            connections.push_back(std::make_unique<link::Connection>(
                connector,
                link::Connection::Masters{{"127.0.0.1:" + std::to_string(master.port())}, {}}, 0));
            connections.back()->setIdentity(
                {own.privateKeyPem, own.certificatePem, master.ca.certificatePem});
            threads.push_back(std::make_unique<link::WatchThread>(
                link::WatchThread::Parts{*connections.back(),
                                         [] { return 0U; },
                                         [](link::GenerationNotice) {},
                                         base::systemUniformRandom(),
                                         {link::kWatchReopen.initial / 10,
                                          link::kWatchReopen.cap / 10, link::kWatchReopen.floor}}));
            threads.back()->hold(true);
        }
        QTRY_COMPARE_WITH_TIMEOUT(master.opened(), std::size_t{kReal}, 20'000);
        (void)master.takeOpened();
        master.stop();
        master.start();
        QTRY_COMPARE_WITH_TIMEOUT(master.opened(), std::size_t{kReal}, 20'000);
        const auto opened = master.takeOpened();
        const auto [first, last] = std::minmax_element(opened.begin(), opened.end());
        // Twelve in 3 s: that all of them fall into half a second is one chance in fifty million.
        QVERIFY(*last - *first > milliseconds(500));
        for (const auto& connection : connections)
            connection->shutDown();
        threads.clear();
        tests::printFaultRow("G4", "real streams", kReal, kReal, "came back, spread");
    }
};

QTEST_GUILESS_MAIN(TestHerdFaults)
#include "tst_herd_faults.moc"
