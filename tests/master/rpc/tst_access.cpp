// SPDX-License-Identifier: Apache-2.0
#include <google/protobuf/descriptor.h>
#include <grpcpp/generic/generic_stub.h>

#include <QTest>
#include <atomic>
#include <set>
#include <thread>

#include "ifrit/v1/campaigns.pb.h"
#include "ifrit/v1/masters.grpc.pb.h"
#include "master/rpc/method_table.h"
#include "master/rpc/passed_caller.h"
#include "master/rpc/worker_pool.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/status_adapter.h"
#include "tests/master/rpc/server_fixture.h"

using namespace ifrit;
using namespace ifrit::master::rpc;

Q_DECLARE_METATYPE(std::string)

namespace {

/// Every method of the contract, from its descriptors: a new call is found here by itself.
std::vector<const google::protobuf::MethodDescriptor*> allMethods() {
    const std::set<const google::protobuf::FileDescriptor*> files = {
        v1::AuditRow::descriptor()->file(),     v1::Machine::descriptor()->file(),
        v1::SyncRequest::descriptor()->file(),  v1::Package::descriptor()->file(),
        v1::Release::descriptor()->file(),      v1::LoginRequest::descriptor()->file(),
        v1::DesiredEntry::descriptor()->file(), v1::PassedCaller::descriptor()->file(),
        v1::Campaign::descriptor()->file(),
    };
    std::vector<const google::protobuf::MethodDescriptor*> out;
    for (const auto* file : files) {
        for (int s = 0; s < file->service_count(); ++s) {
            for (int m = 0; m < file->service(s)->method_count(); ++m)
                out.push_back(file->service(s)->method(m));
        }
    }
    return out;
}

std::string nameOf(const google::protobuf::MethodDescriptor& method) {
    return method.service()->full_name() + "/" + method.name();
}

/// Calls a method by name with an empty message; the status says who is let in.
grpc::Status callEmpty(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                       const std::string& bearer = {}, const Principal* passed = nullptr) {
    grpc::GenericStub stub(channel);
    grpc::ClientContext context;
    if (passed != nullptr) context.AddMetadata(kPassedCallerKey, passedCaller(*passed));
    ifrit::rpc::setDeadline(context, std::chrono::seconds(2));
    if (!bearer.empty()) ifrit::rpc::setBearer(context, bearer);
    grpc::CompletionQueue queue;
    auto call = stub.PrepareCall(&context, "/" + method, &queue);
    const auto wait = [&queue] {
        void* tag = nullptr;
        bool ok = false;
        queue.Next(&tag, &ok);
        return ok;
    };
    call->StartCall(nullptr);
    wait();
    const grpc::Slice empty;
    call->WriteLast(grpc::ByteBuffer(&empty, 1), grpc::WriteOptions(), nullptr);
    wait();
    grpc::ByteBuffer response;
    call->Read(&response, nullptr);
    // A stream that lets us in would go on for ever.
    if (wait()) context.TryCancel();
    grpc::Status status;
    call->Finish(&status, nullptr);
    wait();
    return status;
}

bool isRefusal(const grpc::Status& status) {
    return status.error_code() == grpc::StatusCode::PERMISSION_DENIED ||
           status.error_code() == grpc::StatusCode::UNAUTHENTICATED;
}

}  // namespace

class TestAccess : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        m_fixture = std::make_unique<ServerFixture>();
        m_nobody = m_fixture->channelAs(crypto::Role::Machine, "");
        m_machine = m_fixture->channelAs(crypto::Role::Machine, "m0");
        m_reader = m_fixture->channelAs(crypto::Role::Operator, "eve");
        m_root = m_fixture->root();
        m_master = m_fixture->channelAs(crypto::Role::Server, "another");
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void everyMethodIsInTheTableAndTheTableNamesNoOther() {
        std::set<std::string> inProto;
        for (const auto* method : allMethods())
            inProto.insert(nameOf(*method));
        QVERIFY(inProto.size() > 30);
        std::set<std::string> inTable;
        for (const MethodRule& rule : methodTable())
            inTable.insert(std::string(rule.method));
        QCOMPARE(inTable.size(), methodTable().size());
        QVERIFY(inTable == inProto);
    }

    void everyCallByEveryRole_data() {
        QTest::addColumn<std::string>("method");
        for (const auto* method : allMethods())
            QTest::newRow(nameOf(*method).c_str()) << nameOf(*method);
    }
    void everyCallByEveryRole() {
        QFETCH(std::string, method);
        const MethodRule* rule = findMethod(method);
        QVERIFY(rule != nullptr);
        const bool anyone = rule->access == Access::Anyone;
        const bool forMachines = rule->access == Access::Machine;
        const bool forReaders = rule->access == Access::Reader;
        const bool forMasters = rule->access == Access::Master;
        // Enrolment and login refuse a bad token or password with the same code, by themselves.
        if (anyone) return;
        QCOMPARE(callEmpty(m_nobody, method).error_code(), grpc::StatusCode::UNAUTHENTICATED);
        QCOMPARE(callEmpty(m_root, method, "no-such-token").error_code(),
                 grpc::StatusCode::UNAUTHENTICATED);
        const auto expectDenied = [&](const std::shared_ptr<grpc::Channel>& channel, bool denied) {
            const grpc::Status status = callEmpty(channel, method);
            if (denied) {
                QCOMPARE(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
                QVERIFY(status.error_message().find(method) != std::string::npos);
            } else {
                QVERIFY2(!isRefusal(status), status.error_message().c_str());
            }
        };
        expectDenied(m_machine, !forMachines);
        expectDenied(m_reader, !forReaders);
        expectDenied(m_root, forMachines || forMasters);
        expectDenied(m_master, !forMasters);
    }

    /// B4 for calls that masters pass on: only a master may say that somebody else calls.
    void onlyAMasterCallsForOthers_data() { everyCallByEveryRole_data(); }
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
        {
            absl::MutexLock lock(&m_fixture->identities.mutex);
            m_fixture->identities.revoked.insert("stolen");
        }
        QCOMPARE(callEmpty(channel, "ifrit.v1.Masters/FetchArchive").error_code(),
                 grpc::StatusCode::PERMISSION_DENIED);
    }

    void aRefusedChangeIsInTheAudit() {
        const auto before = m_fixture->database->state.audit.size();
        QCOMPARE(callEmpty(m_reader, "ifrit.v1.Releases/CreateRelease").error_code(),
                 grpc::StatusCode::PERMISSION_DENIED);
        const auto& audit = m_fixture->database->state.audit;
        QVERIFY(audit.size() > before);
        QCOMPARE(audit.back().entry.result, std::string("denied"));
        QCOMPARE(audit.back().entry.actor, std::string("eve"));
        QCOMPARE(audit.back().entry.verb, std::string("release.create"));
    }

    void aRevokedMachineIsRefusedOnItsNextCall() {
        const auto channel = m_fixture->channelAs(crypto::Role::Machine, "bad");
        QVERIFY(!isRefusal(callEmpty(channel, "ifrit.v1.MachineLink/Sync")));
        {
            absl::MutexLock lock(&m_fixture->identities.mutex);
            m_fixture->identities.revoked.insert("bad");
        }
        QCOMPARE(callEmpty(channel, "ifrit.v1.MachineLink/Sync").error_code(),
                 grpc::StatusCode::PERMISSION_DENIED);
    }

    void aTokenIsAsGoodAsACertificate() {
        auto stub = v1::Sessions::NewStub(m_nobody);
        v1::LoginRequest request;
        request.set_user("eve");
        request.set_password("secret");
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
        master::services::FakeIdentities other("test",
                                               std::make_shared<master::storage::MemoryDatabase>());
        const auto forged = other.issue(crypto::Role::Operator, "root");
        ifrit::rpc::ChannelOptions options;
        const auto channel = ifrit::rpc::makeChannel(m_fixture->address(),
                                                     {m_fixture->identities.ca().certificatePem,
                                                      forged.certificatePem, forged.privateKeyPem},
                                                     options);
        QVERIFY(!callEmpty(channel, "ifrit.v1.Machines/ListMachines").ok());
        QCOMPARE(callEmpty(channel, "ifrit.v1.Machines/ListMachines").error_code(),
                 grpc::StatusCode::UNAVAILABLE);
    }

    void aFullPoolRefusesInsteadOfGrowing() {
        WorkerPool pool(1, 2);
        std::atomic<bool> go{false};
        std::atomic<int> ran{0};
        std::atomic<bool> began{false};
        QVERIFY(pool.submit([&] {
            began = true;
            while (!go)
                std::this_thread::yield();
            ++ran;
        }));
        while (!began)
            std::this_thread::yield();
        QVERIFY(pool.submit([&] { ++ran; }));
        QVERIFY(pool.submit([&] { ++ran; }));
        QVERIFY(!pool.submit([&] { ++ran; }));
        QVERIFY(pool.submitAdmitted([&] { ++ran; }));
        go = true;
        pool.stop();
        QCOMPARE(ran.load(), 4);
        QVERIFY(!pool.submit([] {}));
    }

private:
    std::unique_ptr<ServerFixture> m_fixture;
    std::shared_ptr<grpc::Channel> m_nobody;
    std::shared_ptr<grpc::Channel> m_machine;
    std::shared_ptr<grpc::Channel> m_reader;
    std::shared_ptr<grpc::Channel> m_root;
    std::shared_ptr<grpc::Channel> m_master;
};

QTEST_GUILESS_MAIN(TestAccess)
#include "tst_access.moc"
