// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <atomic>
#include <thread>

#include "ifrit/v1/packages.grpc.pb.h"
#include "ifrit/v1/sessions.grpc.pb.h"
#include "master/rpc/method_table.h"
#include "master/rpc/worker_pool.h"
#include "shared/base/call_details.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/status_adapter.h"
#include "tests/master/rpc/contract.h"
#include "tests/master/rpc/trusted_server.h"

using namespace ifrit;
using namespace ifrit::master::rpc;
using master::audit::RefusalLimit;

Q_DECLARE_METATYPE(std::string)

namespace {

grpc::Status callEmpty(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                       const std::string& bearer = {}, const Principal* passed = nullptr) {
    return callGeneric(channel, {method, {}, bearer, passed});
}

}  // namespace

class TestAccess : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        m_fixture = std::make_unique<TrustedServer>();
        m_nobody = m_fixture->channelAs(crypto::Role::Machine, "");
        m_machine = m_fixture->channelAs(crypto::Role::Machine, "m0");
        m_reader = m_fixture->channelAs(crypto::Role::Operator, "eve");
        m_root = m_fixture->root();
        m_master = m_fixture->channelAs(crypto::Role::Server, "another");
    }
    void cleanupTestCase() { m_fixture.reset(); }

    /// B4 for calls that masters pass on: only a master may say that somebody else calls.
    void onlyAMasterCallsForOthers_data() {
        QTest::addColumn<std::string>("method");
        for (const auto* method : allMethods())
            QTest::newRow(nameOf(*method).c_str()) << nameOf(*method);
    }
    void onlyAMasterCallsForOthers() {
        QFETCH(std::string, method);
        const Access access = findMethod(method)->access;
        if (access == Access::Anyone) return;
        Principal root;
        root.kind = Principal::Kind::Operator;
        root.name = "root";
        root.role = master::services::OperatorRole::SuperAdmin;
        Principal machine;
        machine.kind = Principal::Kind::Machine;
        machine.name = "m7";
        // What they claim changes nothing: each is who the certificate says, or nobody.
        const bool forMachines = access == Access::Machine;
        const auto codeOf = [&](const std::shared_ptr<grpc::Channel>& channel,
                                const Principal& claim) {
            return callEmpty(channel, method, {}, &claim).error_code();
        };
        QCOMPARE(codeOf(m_nobody, root), grpc::StatusCode::UNAUTHENTICATED);
        if (!forMachines) QCOMPARE(codeOf(m_machine, root), grpc::StatusCode::PERMISSION_DENIED);
        if (access != Access::Reader)
            QCOMPARE(codeOf(m_reader, root), grpc::StatusCode::PERMISSION_DENIED);
        if (forMachines) QCOMPARE(codeOf(m_root, machine), grpc::StatusCode::PERMISSION_DENIED);
        // A master's word counts, and the caller that it names has that one's rights alone.
        const bool forMasters = access == Access::Master;
        QCOMPARE(codeOf(m_master, root) == grpc::StatusCode::PERMISSION_DENIED,
                 forMachines || forMasters);
        QCOMPARE(codeOf(m_master, machine) == grpc::StatusCode::PERMISSION_DENIED, !forMachines);
    }

    void aRevokedMasterIsRefused() {
        const auto channel = m_fixture->channelAs(crypto::Role::Server, "stolen");
        QVERIFY(!isRefusal(callEmpty(channel, "ifrit.v1.Masters/FetchArchive")));
        m_fixture->revoke("server", "stolen");
        QCOMPARE(callEmpty(channel, "ifrit.v1.Masters/FetchArchive").error_code(),
                 grpc::StatusCode::PERMISSION_DENIED);
    }

    void aRefusedChangeIsInTheAudit() {
        const auto before = m_fixture->lastAudit().id;
        QCOMPARE(callEmpty(m_reader, "ifrit.v1.Releases/CreateRelease").error_code(),
                 grpc::StatusCode::PERMISSION_DENIED);
        const auto row = m_fixture->lastAudit();
        QVERIFY(row.id > before);
        QCOMPARE(row.entry.result, std::string("denied"));
        QCOMPARE(row.entry.actor, std::string("eve"));
        QCOMPARE(row.entry.verb, std::string("release.create"));
    }

    /// The audit is never pruned and has one writer: who has no business here does not fill it.
    void refusalsOfOneMachineAreLimited() {
        const auto loud = m_fixture->channelAs(crypto::Role::Machine, "loud");
        const auto knock = [](const std::shared_ptr<grpc::Channel>& channel) {
            return callEmpty(channel, "ifrit.v1.Releases/CreateRelease").error_code();
        };
        for (std::uint32_t i = 0; i < RefusalLimit::kMostInAMinute + 30; ++i)
            QCOMPARE(knock(loud), grpc::StatusCode::PERMISSION_DENIED);
        const auto rows = m_fixture->audit();
        const auto count = std::count_if(rows.begin(), rows.end(),
                                         [](const auto& row) { return row.entry.actor == "loud"; });
        QCOMPARE(count, std::ptrdiff_t{RefusalLimit::kMostInAMinute});
        // An operator's are all there.
        const auto before = m_fixture->lastAudit().id;
        QCOMPARE(knock(m_reader), grpc::StatusCode::PERMISSION_DENIED);
        QCOMPARE(m_fixture->lastAudit().id, before + 1);
    }

    void whatWasLeftOutIsToldWithTheNext() {
        RefusalLimit limit;
        const base::SteadyTime begun{std::chrono::hours(1)};
        for (std::uint32_t i = 0; i < RefusalLimit::kMostInAMinute; ++i)
            QCOMPARE(limit.take("10.0.0.7", begun), std::optional<std::uint64_t>(0));
        for (int i = 0; i < 3; ++i)
            QCOMPARE(limit.take("10.0.0.7", begun + std::chrono::seconds(59)), std::nullopt);
        QCOMPARE(limit.take("10.0.0.8", begun), std::optional<std::uint64_t>(0));
        QCOMPARE(limit.take("10.0.0.7", begun + std::chrono::seconds(60)),
                 std::optional<std::uint64_t>(3));
        QCOMPARE(limit.take("10.0.0.7", begun + std::chrono::seconds(60)),
                 std::optional<std::uint64_t>(0));
        // Ever new hosts take no ever more memory, and each is still heard.
        for (std::size_t i = 0; i <= RefusalLimit::kMostKeys; ++i)
            QVERIFY(limit.take(std::to_string(i), begun).has_value());
    }

    /// The id that a person is shown is in the audit, and, as `request`, in the master's log.
    void aFailedChangeIsFoundByItsRequestId() {
        const auto stub = v1::Packages::NewStub(m_root);
        v1::DeletePackageRequest request;
        request.mutable_mutation()->set_request_id("my own id");
        request.mutable_mutation()->set_reason("x");
        request.set_manifest_digest(std::string(32, 'x'));
        v1::DeletePackageResponse response;
        grpc::ClientContext context;
        const auto status = ifrit::rpc::fromGrpc(stub->DeletePackage(&context, request, &response));
        QVERIFY(!status.ok());
        QCOMPARE(base::callDetails(status).requestId, std::string("my own id"));
        QCOMPARE(m_fixture->lastAudit().entry.requestId, std::string("my own id"));
        // Where the caller gave none, the master made one.
        grpc::ClientContext reading;
        v1::GetPackageRequest get;
        get.set_manifest_digest(std::string(32, 'x'));
        v1::Package package;
        const auto read = ifrit::rpc::fromGrpc(stub->GetPackage(&reading, get, &package));
        QVERIFY(!read.ok());
        QCOMPARE(base::callDetails(read).requestId.size(), std::size_t{36});
    }

    void aRevokedMachineIsRefusedOnItsNextCall() {
        const auto channel = m_fixture->channelAs(crypto::Role::Machine, "bad");
        QVERIFY(!isRefusal(callEmpty(channel, "ifrit.v1.MachineLink/Sync")));
        m_fixture->revoke("machine", "bad");
        QCOMPARE(callEmpty(channel, "ifrit.v1.MachineLink/Sync").error_code(),
                 grpc::StatusCode::PERMISSION_DENIED);
    }

    void aTokenIsAsGoodAsACertificate() {
        auto stub = v1::Sessions::NewStub(m_nobody);
        v1::LoginRequest request;
        m_fixture->addOperator("ada", master::storage::OperatorRole::Reader, "twelve bytes");
        request.set_user("ada");
        request.set_password("twelve bytes");
        v1::LoginResponse login;
        grpc::ClientContext context;
        QVERIFY(stub->Login(&context, request, &login).ok());
        QVERIFY(callEmpty(m_nobody, "ifrit.v1.Sessions/WhoAmI", login.token()).error_code() !=
                grpc::StatusCode::UNAUTHENTICATED);
        QVERIFY(!isRefusal(callEmpty(m_nobody, "ifrit.v1.Machines/ListMachines", login.token())));
        (void)callEmpty(m_nobody, "ifrit.v1.Sessions/Logout", login.token());
        QCOMPARE(callEmpty(m_nobody, "ifrit.v1.Machines/ListMachines", login.token()).error_code(),
                 grpc::StatusCode::UNAUTHENTICATED);
    }

    void aForeignCaIsNotLetIn() {
        const base::WallTime now = base::SystemClock().now();
        const auto ca = crypto::createCa("test", now, std::chrono::hours(24)).value();
        crypto::CertificateRequest request;
        request.role = crypto::Role::Operator;
        request.cluster = "test";
        request.name = "root";
        request.now = now;
        const auto forged = crypto::issue(ca, request).value();
        ifrit::rpc::ChannelOptions options;
        const auto channel = ifrit::rpc::makeChannel(
            m_fixture->address(),
            {m_fixture->ca.certificatePem, forged.certificatePem, forged.privateKeyPem}, options);
        QVERIFY(!callEmpty(channel, "ifrit.v1.Machines/ListMachines").ok());
        QCOMPARE(callEmpty(channel, "ifrit.v1.Machines/ListMachines").error_code(),
                 grpc::StatusCode::UNAVAILABLE);
    }

    void aFullPoolRefusesInsteadOfGrowing() {
        WorkerPool pool(1, 2);
        std::atomic<bool> go{false};
        std::atomic<int> ran{0};
        std::atomic<bool> began{false};
        QVERIFY(pool.submit(Lane::Machines, [&] {
            began = true;
            while (!go)
                std::this_thread::yield();
            ++ran;
        }));
        while (!began)
            std::this_thread::yield();
        QVERIFY(pool.submit(Lane::Machines, [&] { ++ran; }));
        QVERIFY(pool.submit(Lane::Machines, [&] { ++ran; }));
        QVERIFY(!pool.submit(Lane::Machines, [&] { ++ran; }));
        QVERIFY(pool.submitAdmitted(Lane::Machines, [&] { ++ran; }));
        go = true;
        pool.stop();
        QCOMPARE(ran.load(), 4);
        QVERIFY(!pool.submit(Lane::Machines, [] {}));
    }

    /// However much machines ask, a person is not kept waiting; nor the other way round.
    void neitherLaneTakesAllThreads_data() {
        QTest::addColumn<int>("flooding");
        QTest::newRow("machines") << static_cast<int>(Lane::Machines);
        QTest::newRow("operators") << static_cast<int>(Lane::Operators);
    }
    void neitherLaneTakesAllThreads() {
        QFETCH(const int, flooding);
        const auto flood = static_cast<Lane>(flooding);
        const Lane other = flood == Lane::Machines ? Lane::Operators : Lane::Machines;
        WorkerPool pool(4, 8);
        std::atomic<bool> go{false};
        std::atomic<int> held{0};
        const auto hold = [&] {
            ++held;
            while (!go)
                std::this_thread::yield();
        };
        while (pool.submit(flood, hold) || held < 3)
            std::this_thread::yield();
        QCOMPARE(held.load(), 3);
        std::atomic<bool> ran{false};
        QVERIFY(pool.submit(other, [&ran] { ran = true; }));
        QVERIFY(QTest::qWaitFor([&ran] { return ran.load(); }));
        QCOMPARE(held.load(), 3);
        go = true;
        pool.stop();
        QVERIFY(held.load() >= 8);
    }

    void machinesAreOfALaneOfTheirOwn() {
        for (const MethodRule& rule : methodTable()) {
            const bool isMachine =
                rule.access == Access::Machine || rule.method == "ifrit.v1.Enrolment/Enrol";
            QVERIFY((laneOf(rule.method) == Lane::Machines) == isMachine);
        }
        QVERIFY(laneOf("ifrit.v1.Releases/ActOnRelease") == Lane::Operators);
        QVERIFY(laneOf("nothing") == Lane::Operators);
    }

private:
    std::unique_ptr<TrustedServer> m_fixture;
    std::shared_ptr<grpc::Channel> m_nobody;
    std::shared_ptr<grpc::Channel> m_machine;
    std::shared_ptr<grpc::Channel> m_reader;
    std::shared_ptr<grpc::Channel> m_root;
    std::shared_ptr<grpc::Channel> m_master;
};

QTEST_GUILESS_MAIN(TestAccess)
#include "tst_access.moc"
