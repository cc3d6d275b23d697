// SPDX-License-Identifier: Apache-2.0
// A database that neither answers nor refuses, as behind a black hole (row G2).
#include <QTest>
#include <algorithm>
#include <atomic>
#include <deque>
#include <functional>
#include <thread>

#include "ifrit/v1/masters.grpc.pb.h"
#include "master/cache/codec/freeze_codec.h"
#include "shared/base/ids.h"
#include "shared/rpc/channel.h"
#include "tests/agent/support/wait_until.h"
#include "tests/master/rpc/server_fixture.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

namespace {

/// Far below what a call that waits for this database takes, which is for ever.
constexpr std::chrono::seconds kPrompt{2};

/// Calls that wait for the database, until some were refused since no more fit. They end with it.
class Flood {
public:
    using Done = std::function<void(grpc::Status)>;
    using Call = std::function<void(grpc::ClientContext&, Done)>;
    explicit Flood(const Call& call) {
        for (int i = 0; i < kCalls; ++i) {
            const auto& context = m_contexts.emplace_back(std::make_unique<grpc::ClientContext>());
            call(*context, [this](const grpc::Status& status) {
                if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) ++m_shed;
                ++m_ended;
            });
        }
    }
    ~Flood() {
        for (const auto& context : m_contexts)
            context->TryCancel();
        while (m_ended < kCalls)
            std::this_thread::yield();
    }
    Flood(const Flood&) = delete;
    Flood& operator=(const Flood&) = delete;
    bool isShed() const { return m_shed > 0; }

private:
    /// More than the threads and the queue of the fixture take.
    static constexpr int kCalls = 60;
    std::vector<std::unique_ptr<grpc::ClientContext>> m_contexts;
    std::atomic<int> m_shed{0};
    std::atomic<int> m_ended{0};
};

/// Machines that enrol and operators that list packages, so many that both lanes are full.
class FullMaster {
public:
    explicit FullMaster(ServerFixture& fixture)
        : m_enrolment(
              v1::Enrolment::NewStub(fixture.channelAs(crypto::Role::Machine, std::string()))),
          m_packages(v1::Packages::NewStub(fixture.root())) {
        v1::EnrolRequest enrol;
        enrol.set_uuid("m2");
        enrol.mutable_facts()->set_machine_type("LINUX");
        enrol.set_csr_pem(crypto::createCsr(crypto::generatePrivateKey().value(), "m2").value());
        m_machines = std::make_unique<Flood>(
            [this, &fixture, enrol](grpc::ClientContext& context, const Flood::Done& done) mutable {
                enrol.set_join_token(base::randomUuid());
                {
                    const absl::MutexLock lock(&fixture.identities.mutex);
                    fixture.identities.joinTokens.insert(enrol.join_token());
                }
                const auto response = std::make_shared<v1::EnrolResponse>();
                m_enrolment->async()->Enrol(
                    &context, &m_enrols.emplace_back(enrol), response.get(),
                    [response, done](const grpc::Status& status) { done(status); });
            });
        m_operators =
            std::make_unique<Flood>([this](grpc::ClientContext& context, const Flood::Done& done) {
                const auto response = std::make_shared<v1::ListPackagesResponse>();
                m_packages->async()->ListPackages(
                    &context, &m_list, response.get(),
                    [response, done](const grpc::Status& status) { done(status); });
            });
    }
    bool isFull() const { return m_machines->isShed() && m_operators->isShed(); }

private:
    const std::unique_ptr<v1::Enrolment::Stub> m_enrolment;
    const std::unique_ptr<v1::Packages::Stub> m_packages;
    std::deque<v1::EnrolRequest> m_enrols;
    v1::ListPackagesRequest m_list;
    std::unique_ptr<Flood> m_machines;
    std::unique_ptr<Flood> m_operators;
};

grpc::Status freeze(const std::shared_ptr<grpc::Channel>& as, grpc::ClientContext& context) {
    v1::FreezeClusterRequest request;
    request.mutable_mutation()->set_reason("it burns");
    v1::Cluster response;
    return v1::Clusters::NewStub(as)->FreezeCluster(&context, request, &response);
}

grpc::Status holdFreeze(const std::shared_ptr<grpc::Channel>& as, grpc::ClientContext& context) {
    v1::HoldFreezeRequest request;
    cache::toWire({"f-1", "root", "it burns", base::SystemClock().now(), "", "ctl", "q-1"},
                  *request.mutable_mark());
    v1::HoldFreezeResponse response;
    return v1::Masters::NewStub(as)->HoldFreeze(&context, request, &response);
}

}  // namespace

class TestHangingDatabase : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theMasterLivesAndAnswersMachines() {
        ServerFixture fixture;
        FakeMachine machine(fixture, "m1");
        QVERIFY(machine.enrol().ok());
        const absl::MutexLock hangs(&fixture.database->mutex);
        // The round stands in its first call; the clock of streams and of the watchdog turns.
        QVERIFY(tests::waitUntil([&] {
            const Server::Alive alive = fixture.server->alive();
            return alive.sinceRound > std::chrono::milliseconds(1'500) &&
                   alive.sinceTick < std::chrono::milliseconds(500);
        }));
        // Nor does who asks how it is, or for the list of releases, wait.
        QCOMPARE(fixture.server->figures().machinesByState.at("unmanaged"), std::uint64_t(1));
        grpc::ClientContext context;
        ifrit::rpc::setDeadline(context, std::chrono::seconds(10));
        v1::SyncResponse response;
        QVERIFY(v1::MachineLink::NewStub(machine.channel)->Sync(&context, {}, &response).ok());
    }

    /// By an operator here, or by another master that was told to: at once, though every thread and
    /// queue of both lanes waits for the database.
    void theKillSwitchWaitsForNothing_data() {
        QTest::addColumn<bool>("told");
        QTest::newRow("by an operator") << false;
        QTest::newRow("by another master") << true;
    }
    void theKillSwitchWaitsForNothing() {
        QFETCH(const bool, told);
        ServerFixture fixture(nullptr, {.workQueue = 20});
        FakeMachine machine(fixture, "m1");
        QVERIFY(machine.enrol().ok());
        const auto master = fixture.channelAs(crypto::Role::Server, "other");
        const auto root = fixture.root();
        {
            const absl::MutexLock hangs(&fixture.database->mutex);
            const FullMaster full(fixture);
            QVERIFY(tests::waitUntil([&full] { return full.isFull(); }));
            grpc::ClientContext context;
            ifrit::rpc::setDeadline(context, kPrompt);
            const grpc::Status answer = told ? holdFreeze(master, context) : freeze(root, context);
            QVERIFY2(answer.ok(), answer.error_message().c_str());
            const auto stands = fixture.server->services().freeze().current();
            QVERIFY(stands != nullptr);
            QVERIFY(!stands->recorded);
        }
        // What it could not be told it is told now, with who did it.
        QVERIFY(tests::waitUntil(
            [&] { return fixture.server->services().freeze().current()->recorded; }));
        const absl::MutexLock lock(&fixture.database->mutex);
        const auto& rows = fixture.database->state.audit;
        QVERIFY(std::any_of(rows.begin(), rows.end(), [](const auto& row) {
            return row.entry.verb == "cluster.freeze" && row.entry.actor == "root";
        }));
    }

    /// Sync and Watch are admitted on gRPC's own threads: a few strangers would hold up them all.
    void strangersAreRefusedWithoutAsking() {
        ServerFixture fixture;
        const auto stranger = fixture.channelAs(crypto::Role::Machine, "");
        const auto root = fixture.root();
        const absl::MutexLock hangs(&fixture.identities.mutex);
        for (const bool isSync : {true, false}) {
            const auto codeOf = [isSync](const std::shared_ptr<grpc::Channel>& channel,
                                         const std::string& bearer) {
                const auto stub = v1::MachineLink::NewStub(channel);
                grpc::ClientContext context;
                ifrit::rpc::setDeadline(context, std::chrono::seconds(10));
                if (!bearer.empty()) context.AddMetadata("authorization", "Bearer " + bearer);
                v1::SyncResponse response;
                if (isSync) return stub->Sync(&context, {}, &response).error_code();
                v1::GenerationNotice notice;
                const auto stream = stub->Watch(&context, {});
                while (stream->Read(&notice)) {
                }
                return stream->Finish().error_code();
            };
            QCOMPARE(codeOf(stranger, "ifritses_" + std::string(43, 'x')),
                     grpc::StatusCode::UNAUTHENTICATED);
            QCOMPARE(codeOf(root, {}), grpc::StatusCode::PERMISSION_DENIED);
            QCOMPARE(codeOf(root, "a token of it"), grpc::StatusCode::PERMISSION_DENIED);
        }
    }
};

QTEST_GUILESS_MAIN(TestHangingDatabase)
#include "tst_hanging_database.moc"
