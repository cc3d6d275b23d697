// SPDX-License-Identifier: Apache-2.0
// The wire: a real gRPC server over mutual TLS in this process, on a port that the system chooses.
#include <grpcpp/grpcpp.h>

#include <QTest>
#include <thread>

#include "agent/link/rpc/grpc_master_connector.h"
#include "ifrit/v1/machine_link.grpc.pb.h"
#include "shared/base/call_details.h"
#include "shared/crypto/certificates.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/peer.h"
#include "shared/rpc/status_adapter.h"
#include "tests/agent/support/wait_until.h"

namespace ifrit::tests {
namespace {

const std::string kDigest(64, 'a');

crypto::CertificateRequest named(crypto::Role role, const std::string& name) {
    crypto::CertificateRequest request;
    request.role = role;
    request.cluster = "demo";
    request.name = name;
    request.hosts = {"127.0.0.1", "localhost"};
    request.now = base::SystemClock().now();
    return request;
}

class Service final : public v1::MachineLink::Service {
public:
    v1::SyncRequest lastSync;
    std::string caller;
    std::string archive = std::string(700'000, 'z');
    std::atomic<bool> watching{false};
    grpc::Status syncStatus;

    grpc::Status Sync(grpc::ServerContext* context, const v1::SyncRequest* request,
                      v1::SyncResponse* response) override {
        lastSync = *request;
        const auto pem = rpc::peerCertificatePem(*context);
        caller = pem ? crypto::parseIdentity(*pem)->name : "nobody";
        response->set_changed(true);
        response->set_next_poll_ms(1234);
        response->set_acked_seq(request->report().seq());
        response->add_clear_known_bad(std::string(32, '\xaa'));
        response->add_clear_known_bad(std::string(32, '\xbb'));
        v1::KnownBadClear& clear = *response->add_clears();
        clear.set_manifest_digest(std::string(32, '\xaa'));
        clear.set_id(42);
        auto* desired = response->mutable_desired();
        desired->set_generation(9);
        auto* entry = desired->mutable_fragment()->add_entries();
        entry->set_agent("exporter");
        entry->set_action(v1::DESIRED_ACTION_INSTALL);
        entry->set_version("1");
        entry->set_manifest_digest(std::string(32, '\xaa'));
        entry->set_level(v1::LEVEL_FULL);
        return syncStatus;
    }
    grpc::Status RequestPermit(grpc::ServerContext*, const v1::PermitRequest* request,
                               v1::PermitResponse* response) override {
        response->set_granted(request->release_id() == "R1");
        response->set_valid_for_ms(5000);
        if (!response->granted()) response->set_reason("RELEASE_PAUSED");
        return grpc::Status::OK;
    }
    grpc::Status DownloadArchive(grpc::ServerContext*, const v1::DownloadArchiveRequest* request,
                                 grpc::ServerWriter<v1::ArchiveChunk>* writer) override {
        for (std::size_t at = request->offset(); at < archive.size(); at += 256 * 1024) {
            v1::ArchiveChunk chunk;
            chunk.set_offset(at);
            chunk.set_data(archive.substr(at, 256 * 1024));
            if (!writer->Write(chunk)) break;
        }
        return grpc::Status::OK;
    }
    grpc::Status Watch(grpc::ServerContext* context, const v1::WatchGenerationRequest* request,
                       grpc::ServerWriter<v1::GenerationNotice>* writer) override {
        v1::GenerationNotice notice;
        notice.set_generation(request->held_generation() + 1);
        writer->Write(notice);
        watching = true;
        waitUntil([&] { return context->IsCancelled(); });
        return grpc::Status::CANCELLED;
    }
};

}  // namespace

class GrpcMasterClientTest : public QObject {
    Q_OBJECT

    crypto::Credentials m_ca;
    Service m_service;
    std::unique_ptr<grpc::Server> m_server;
    std::string m_address;
    agent::link::GrpcMasterConnector m_connector{"test/1"};

    agent::link::MachineIdentity identity(const crypto::Credentials& ca) const {
        const auto machine = crypto::issue(ca, named(crypto::Role::Machine, "m1"));
        return {machine->privateKeyPem, machine->certificatePem, m_ca.certificatePem};
    }
    std::shared_ptr<agent::link::MasterClient> client() {
        return m_connector.connect({m_address, ""}, identity(m_ca));
    }

private Q_SLOTS:
    void initTestCase() {
        m_ca = *crypto::createCa("demo", base::SystemClock().now(), std::chrono::hours(24));
        const auto server = crypto::issue(m_ca, named(crypto::Role::Server, "master"));
        grpc::ServerBuilder builder;
        int port = 0;
        builder.AddListeningPort(
            "127.0.0.1:0",
            rpc::makeServerCredentials(
                {m_ca.certificatePem, server->certificatePem, server->privateKeyPem}),
            &port);
        builder.RegisterService(&m_service);
        m_server = builder.BuildAndStart();
        QVERIFY(m_server && port > 0);
        m_address = "127.0.0.1:" + std::to_string(port);
    }
    void cleanupTestCase() { m_server->Shutdown(std::chrono::system_clock::now()); }
    void init() { m_service.syncStatus = grpc::Status::OK; }

    void syncCarriesTheReportAndBringsTheState() {
        agent::link::SyncRequest request;
        request.heldGeneration = 4;
        request.report.sequence = 7;
        request.report.streamId = "s";
        domain::AgentReport report;
        report.agent = "exporter";
        report.state = domain::MachineState::Reverted;
        report.knownBad = {kDigest};
        request.report.agents = {report};
        request.report.obeyedClears = {41};
        const auto reply = client()->sync(request);
        QVERIFY2(reply.ok(), reply.status().ToString().c_str());
        QCOMPARE(m_service.caller, std::string("m1"));
        QCOMPARE(m_service.lastSync.report().agents(0).state(), v1::MACHINE_STATE_REVERTED);
        QCOMPARE(m_service.lastSync.report().agents(0).known_bad(0), std::string(32, '\xaa'));
        QCOMPARE(reply->ackedSequence, std::uint64_t(7));
        QCOMPARE(reply->nextPoll.count(), std::int64_t(1234));
        QCOMPARE(reply->desired.entries.at(0).manifestDigest, kDigest);
        QCOMPARE(m_service.lastSync.report().obeyed_clears(0), std::uint64_t(41));
        // The first by its id, the other as of a master that gives none.
        QCOMPARE(reply->clears,
                 (std::vector<domain::KnownBadClear>{{kDigest, 42}, {std::string(64, 'b'), 0}}));
    }

    void errorsKeepTheirReasonAndTheTimeToStayAway() {
        m_service.syncStatus = rpc::toGrpc(base::withCallDetails(
            base::makeError(absl::StatusCode::kUnavailable, "OVERLOADED", "", "too busy"),
            {"", std::chrono::milliseconds(4000), 0}));
        const auto reply = client()->sync({});
        QCOMPARE(base::errorInfo(reply.status()).reason, std::string("OVERLOADED"));
        QCOMPARE(agent::link::grpcRetryAfter(reply.status()).count(), std::int64_t(4000));
    }

    void anotherClustersCertificateIsNotServed() {
        const auto other =
            crypto::createCa("demo", base::SystemClock().now(), std::chrono::hours(24));
        m_service.caller.clear();
        const auto reply = m_connector.connect({m_address, ""}, identity(*other))->sync({});
        QVERIFY(!reply.ok());
        QVERIFY(m_service.caller.empty());
    }

    void aMasterOfAnotherCaIsNotBelieved() {
        auto mine = identity(m_ca);
        mine.caPem = crypto::createCa("demo", base::SystemClock().now(), std::chrono::hours(24))
                         ->certificatePem;
        m_service.caller.clear();
        const absl::Status refused = m_connector.connect({m_address, ""}, mine)->sync({}).status();
        QVERIFY(absl::IsUnavailable(refused));
        QCOMPARE(base::errorInfo(refused).reason, std::string("TLS_UNTRUSTED"));
        const absl::Status enrolled = m_connector.enrol({m_address, ""}, mine.caPem, {}).status();
        QCOMPARE(base::errorInfo(enrolled).reason, std::string("TLS_UNTRUSTED"));
        QVERIFY2(base::messageOf(enrolled).find("SSL") == std::string::npos,
                 base::messageOf(enrolled).c_str());
        QVERIFY(m_service.caller.empty());
    }

    void whereNobodyListensThatIsSaid() {
        // Port 1 of this machine: tcpmux, which nobody has.
        const absl::Status status =
            m_connector.enrol({"127.0.0.1:1", ""}, m_ca.certificatePem, {}).status();
        QVERIFY(absl::IsUnavailable(status));
        QCOMPARE(base::errorInfo(status).reason, std::string("UNREACHABLE"));
    }

    void permitsAreGrantedOrRefused() {
        const auto granted = client()->requestPermit({"exporter", "R1", "1", kDigest});
        QVERIFY(granted.ok() && granted->granted);
        QCOMPARE(granted->validFor.count(), std::int64_t(5000));
        const auto refused = client()->requestPermit({"exporter", "R2", "1", kDigest});
        QVERIFY(refused.ok() && !refused->granted);
        QCOMPARE(refused->reason, std::string("RELEASE_PAUSED"));
    }

    void archivesComeFromTheOffsetOn() {
        std::string got;
        const auto sink = [&](std::string_view bytes) {
            got += bytes;
            return absl::OkStatus();
        };
        const absl::Status status =
            client()->archive(kDigest, 100'000, std::chrono::seconds(20), sink);
        QVERIFY2(status.ok(), status.ToString().c_str());
        QVERIFY(got == m_service.archive.substr(100'000));
    }

    void aSinkThatRefusesEndsTheTransfer() {
        const absl::Status status =
            client()->archive(kDigest, 0, std::chrono::seconds(20), [](std::string_view) {
                return base::failedPrecondition("DOWNLOAD_TOO_LONG", "", "enough");
            });
        QCOMPARE(base::errorInfo(status).reason, std::string("DOWNLOAD_TOO_LONG"));
    }

    void aWatchTellsAndIsCancelled() {
        const auto watcher = client();
        std::atomic<std::uint64_t> generation{0};
        m_service.watching = false;
        agent::link::WatchStop stop;
        absl::Status status;
        std::thread thread([&] {
            status = watcher->watch(
                41, [&](agent::link::GenerationNotice notice) { generation = notice.generation; },
                stop);
        });
        const bool told = waitUntil([&] { return generation == 42 && m_service.watching; });
        watcher->cancel();
        thread.join();
        QVERIFY(told);
        QVERIFY(absl::IsCancelled(status));
        QVERIFY(!watcher->sync({}).ok());
    }

    /// Nothing else of the line ends with it.
    void aWatchIsStoppedAlone() {
        const auto watcher = client();
        agent::link::WatchStop stop;
        m_service.watching = false;
        absl::Status status;
        std::thread thread([&] {
            status = watcher->watch(
                41, [](auto) {}, stop);
        });
        const bool open = waitUntil([&] { return m_service.watching.load(); });
        stop.stop();
        thread.join();
        QVERIFY(open);
        QVERIFY(absl::IsCancelled(status));
        QVERIFY(watcher->sync({}).ok());
        // Stopped before it began it does not begin.
        QVERIFY(absl::IsCancelled(watcher->watch(
            41, [](auto) {}, stop)));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::GrpcMasterClientTest;
QTEST_GUILESS_MAIN(GrpcMasterClientTest)
#include "tst_grpc_master_client.moc"
