// SPDX-License-Identifier: Apache-2.0
// Machines with their whole link at three masters that a test stops and starts: real gRPC servers
// over mutual TLS in this process, and the time of the test.
#include <grpcpp/grpcpp.h>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <utility>

#include "agent/link/rpc/grpc_master_connector.h"
#include "agent/link/sync_loop.h"
#include "ifrit/v1/machine_link.grpc.pb.h"
#include "shared/crypto/certificates.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/peer.h"
#include "tests/agent/link/linked_machine.h"

namespace ifrit::tests {
namespace {

/// So many that no master is left without some, whatever ports the system chose.
constexpr int kMachines = 45;
constexpr std::size_t kMasters = 3;
using std::chrono::minutes;

crypto::CertificateRequest named(crypto::Role role, const std::string& name) {
    crypto::CertificateRequest request;
    request.role = role;
    request.cluster = "demo";
    request.name = name;
    request.hosts = {"127.0.0.1"};
    request.now = base::SystemClock().now();
    return request;
}

/// Answers every poll, and counts whose it was.
class CountingService final : public v1::MachineLink::Service {
public:
    grpc::Status Sync(grpc::ServerContext* context, const v1::SyncRequest* request,
                      v1::SyncResponse* response) override {
        const auto pem = rpc::peerCertificatePem(*context);
        if (!pem) return {grpc::StatusCode::UNAUTHENTICATED, "nobody"};
        response->set_acked_seq(request->report().seq());
        response->set_next_poll_ms(30'000);
        const std::lock_guard lock(m_mutex);
        ++m_calls[crypto::parseIdentity(*pem)->name];
        return grpc::Status::OK;
    }
    std::map<std::string, int> takeCalls() {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_calls, {});
    }

private:
    std::mutex m_mutex;
    std::map<std::string, int> m_calls;
};

/// At one address for all its life.
class Master {
public:
    void start(const crypto::Credentials& ca) {
        const auto own = crypto::issue(ca, named(crypto::Role::Server, "master"));
        grpc::ServerBuilder builder;
        int port = 0;
        builder.AddListeningPort(m_address,
                                 rpc::makeServerCredentials(
                                     {ca.certificatePem, own->certificatePem, own->privateKeyPem}),
                                 &port);
        builder.RegisterService(&service);
        m_server = builder.BuildAndStart();
        if (!m_server || port == 0) throw std::runtime_error("no server at " + m_address);
        m_address = "127.0.0.1:" + std::to_string(port);
    }
    void stop() {
        m_server->Shutdown(std::chrono::system_clock::now());
        m_server.reset();
    }
    const std::string& address() const { return m_address; }

    CountingService service;

private:
    std::string m_address = "127.0.0.1:0";
    std::unique_ptr<grpc::Server> m_server;
};

/// One machine, with the link of ifrit-agent but for its threads.
struct Machine {
    Machine(std::string name, const std::vector<std::string>& masters, const std::string& directory,
            const crypto::Credentials& ca, const ManualClock& clock)
        : uuid(std::move(name)),
          connection(connector, {masters, ""}, uuid),
          store(directory + "/identity.pem"),
          enrolment(store, connector, clock,
                    {uuid,
                     "demo",
                     [] { return absl::StatusOr<std::string>(""); },
                     [] { return absl::StatusOr<std::string>("token"); },
                     [] { return domain::MachineFacts(); },
                     {}}),
          journal(std::move(agent::journal::Journal::open(directory + "/journal")->journal)),
          reports(*journal, clock),
          home({connection, clock, [this] { return random; }}),
          loop({connection, enrolment, reports, handler, nullptr, nullptr, nullptr, &home},
               {{}, [] { return 0.5; }, agent::link::grpcRetryAfter}) {
        const auto own = crypto::issue(ca, named(crypto::Role::Machine, uuid));
        const absl::Status saved = store.save(
            {own->privateKeyPem, own->certificatePem, ca.certificatePem}, {}, clock.now());
        if (!saved.ok()) throw std::runtime_error(base::messageOf(saved));
    }

    const std::string uuid;
    double random = 0.5;  ///< when in its time it goes back
    agent::link::GrpcMasterConnector connector{"test/1"};
    agent::link::Connection connection;
    agent::link::IdentityStore store;
    agent::link::Enrolment enrolment;
    std::unique_ptr<agent::journal::Journal> journal;
    agent::link::ReportBuilder reports;
    KeepingHandler handler;
    agent::link::HomeReturn home;
    agent::link::SyncLoop loop;
};

}  // namespace

class EvenMastersTest : public QObject {
    Q_OBJECT

    const QTemporaryDir m_directory;
    ManualClock m_clock;
    crypto::Credentials m_ca;
    std::array<Master, kMasters> m_masters;
    std::vector<std::unique_ptr<Machine>> m_machines;

    /// All poll until each was answered, at most once at each master: how many polls failed.
    int pollAll() {
        int failed = 0;
        for (const auto& machine : m_machines) {
            std::size_t tries = 0;
            while (!machine->loop.step().reached && ++tries < kMasters)
                ++failed;
            if (tries == kMasters) throw std::runtime_error(machine->uuid + " has no master");
        }
        return failed;
    }
    /// Who leads each machine.
    std::map<std::string, std::string> places() const {
        std::map<std::string, std::string> out;
        for (const auto& machine : m_machines)
            out[machine->uuid] = machine->connection.address();
        return out;
    }
    /// Those of a master draw numbers that are as far apart as can be.
    void spread() {
        std::map<std::string, int> drawn;
        const auto at = places();
        for (const auto& machine : m_machines) {
            const std::string& master = at.at(machine->uuid);
            const auto all = std::count_if(
                at.begin(), at.end(), [&](const auto& place) { return place.second == master; });
            machine->random = (drawn[master]++ + 0.5) / static_cast<double>(all);
        }
    }
    std::size_t machinesAt(std::size_t master) const {
        std::size_t count = 0;
        for (const auto& [uuid, address] : places())
            count += address == m_masters.at(master).address() ? 1 : 0;
        return count;
    }

private Q_SLOTS:
    void initTestCase() {
        // Certificates are held against the time of the system.
        m_clock.setWallClock(std::chrono::duration_cast<std::chrono::milliseconds>(
            base::SystemClock().now() - m_clock.now()));
        m_ca = *crypto::createCa("demo", base::SystemClock().now(), std::chrono::hours(24));
        std::vector<std::string> addresses;
        for (Master& master : m_masters) {
            master.start(m_ca);
            addresses.push_back(master.address());
        }
        for (int i = 0; i < kMachines; ++i) {
            const std::string uuid = "m" + std::to_string(i);
            QVERIFY(QDir(m_directory.path()).mkdir(QString::fromStdString(uuid)));
            m_machines.push_back(std::make_unique<Machine>(
                uuid, addresses, m_directory.filePath(QString::fromStdString(uuid)).toStdString(),
                m_ca, m_clock));
        }
    }
    void cleanupTestCase() {
        m_machines.clear();
        for (Master& master : m_masters)
            master.stop();
    }

    void machinesOfAMasterThatIsRestartedComeBackAndOthersDoNotMove() {
        QCOMPARE(pollAll(), 0);
        const auto before = places();
        const std::size_t own = machinesAt(0);
        QVERIFY(own > 1 && machinesAt(1) > 1 && machinesAt(2) > 1);
        spread();
        for (std::size_t at = 0; at < kMasters; ++at)
            QCOMPARE(m_masters[at].service.takeCalls().size(), machinesAt(at));

        m_masters[0].stop();
        QCOMPARE(pollAll(), int(own));
        QCOMPARE(machinesAt(0), std::size_t(0));
        for (const auto& [uuid, address] : places())
            QVERIFY(address == before.at(uuid) || before.at(uuid) == m_masters[0].address());
        const auto fled = places();

        m_masters[0].start(m_ca);
        m_clock.advance(minutes(9));
        QCOMPARE(pollAll(), 0);
        QVERIFY(places() == fled);
        m_clock.advance(minutes(6));
        QCOMPARE(pollAll(), 0);
        QVERIFY2(machinesAt(0) > 0 && machinesAt(0) < own, "they come at one instant");
        m_clock.advance(minutes(5));
        QCOMPARE(pollAll(), 0);
        QVERIFY(places() == before);

        // The masters say the same as the machines: one poll of each, at its own.
        for (Master& master : m_masters)
            (void)master.service.takeCalls();
        QCOMPARE(pollAll(), 0);
        for (Master& master : m_masters) {
            for (const auto& [uuid, calls] : master.service.takeCalls()) {
                QCOMPARE(calls, 1);
                QCOMPARE(before.at(uuid), master.address());
            }
        }
    }

    void aRollingRestartLeavesTheLoadAsItWas() {
        QCOMPARE(pollAll(), 0);
        const auto before = places();
        for (Master& master : m_masters) {
            master.stop();
            (void)pollAll();
            master.start(m_ca);
        }
        QVERIFY(places() != before);
        m_clock.advance(minutes(20));
        QCOMPARE(pollAll(), 0);
        QVERIFY(places() == before);
    }
};

}  // namespace ifrit::tests

using ifrit::tests::EvenMastersTest;
QTEST_GUILESS_MAIN(EvenMastersTest)
#include "tst_even_masters.moc"
