// SPDX-License-Identifier: Apache-2.0
#include <grpcpp/generic/async_generic_service.h>

#include <QTest>
#include <atomic>
#include <set>
#include <thread>

#include <ifrit/v1/machine_link.grpc.pb.h>

#include "master/app/operators.h"
#include "master/auth/machine_revocation.h"
#include "master/rpc/method_table.h"
#include "shared/base/status.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/status_adapter.h"
#include "tests/fault/inside_master.h"
#include "tests/master/rpc/contract.h"
#include "tests/support/fault_row.h"

using namespace ifrit;
using namespace ifrit::tests;
using master::rpc::Access;
using master::rpc::allMethods;
using master::rpc::askGeneric;
using master::rpc::nameOf;
using master::rpc::requestOf;

namespace {

using std::chrono::hours;

const base::WallTime kNow = base::SystemClock().now();

crypto::Credentials aCa(const std::string& cluster) {
    return crypto::createCa(cluster, kNow - hours(24 * 30), hours(24 * 365)).value();
}

crypto::Credentials issued(const crypto::Credentials& ca, crypto::Role role,
                           const std::string& cluster, const std::string& host,
                           base::WallTime from = kNow) {
    return crypto::issue(ca, {role, cluster, "admin", {host}, from, hours(24)}).value();
}

/// Counts calls that reached a handler, whatever they are called.
class CountingService final : public grpc::CallbackGenericService {
public:
    grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override {
        ++reached;
        class Refusal final : public grpc::ServerGenericBidiReactor {
        public:
            Refusal() { Finish(grpc::Status(grpc::StatusCode::ABORTED, "reached")); }
            void OnDone() override { delete this; }
        };
        return new Refusal;
    }
    std::atomic<int> reached{0};
};

/// A server that is not the master that a program wants to talk with.
struct FalseMaster {
    explicit FalseMaster(const std::shared_ptr<grpc::ServerCredentials>& credentials) {
        grpc::ServerBuilder builder;
        builder.AddListeningPort("127.0.0.1:0", credentials, &port);
        builder.RegisterCallbackGenericService(&service);
        server = builder.BuildAndStart();
    }
    ~FalseMaster() { server->Shutdown(std::chrono::system_clock::now()); }
    std::string address() const { return "127.0.0.1:" + std::to_string(port); }

    CountingService service;
    int port = 0;
    std::unique_ptr<grpc::Server> server;
};

/// A certificate that is its own CA.
crypto::Credentials selfSigned() {
    return aCa("faults");
}

std::vector<std::string> auditTables() {
    return {"audit_rows", "audit_head"};
}

}  // namespace

/// Rows B1, B2, B4 and B5: who is let in.
class TestTrustFaults : public QObject {
    Q_OBJECT

    std::unique_ptr<InsideMaster> m_master;

    struct Caller {
        const char* name;
        std::shared_ptr<grpc::Channel> channel;
        bool isRefusedByTls;
        bool isUnknownOperator = false;
    };
    /// Who an operator is has no say in what machines and masters call, and is not asked there.
    static grpc::StatusCode wantedOf(const Caller& caller, const std::string& method) {
        using master::rpc::Access;
        if (caller.isRefusedByTls) return grpc::StatusCode::UNAVAILABLE;
        const Access access = master::rpc::findMethod(method)->access;
        const bool isForOthers = access == Access::Machine || access == Access::Master;
        return caller.isUnknownOperator && isForOthers ? grpc::StatusCode::PERMISSION_DENIED
                                                       : grpc::StatusCode::UNAUTHENTICATED;
    }
    std::vector<Caller> wrongCallers() const {
        const crypto::Credentials other = aCa("faults");
        const auto with = [this](const crypto::Credentials& client) {
            return m_master->channel(client);
        };
        const auto own = [this](const std::string& cluster, base::WallTime from) {
            return issued(m_master->ca(), crypto::Role::Operator, cluster, "127.0.0.1", from);
        };
        crypto::Credentials mixed = own("faults", kNow);
        mixed.privateKeyPem = own("faults", kNow).privateKeyPem;
        return {
            {"plaintext",
             grpc::CreateChannel(m_master->address(), grpc::InsecureChannelCredentials()), true},
            {"of another CA", with(issued(other, crypto::Role::Operator, "faults", "127.0.0.1")),
             true},
            {"self-signed", with(selfSigned()), true},
            {"expired", with(own("faults", kNow - hours(48))), true},
            {"not valid yet", with(own("faults", kNow + hours(48))), true},
            {"a signer's", with(m_master->issue(crypto::Role::Signer, "admin")), true},
            {"another's key", with(mixed), true},
            {"of another cluster", with(own("other", kNow)), false},
            {"of nobody that is known", with(m_master->issue(crypto::Role::Operator, "mallory")),
             false, true}};
    }

private Q_SLOTS:
    void initTestCase() {
        m_master = std::make_unique<InsideMaster>();
        m_master->publish("1");
    }
    void cleanupTestCase() { m_master.reset(); }

    /// B1, towards a master: no call of any method is looked at.
    void noCallOfAWrongCallerIsProcessed() {
        const auto before = m_master->content(auditTables());
        int held = 0;
        int tried = 0;
        for (const Caller& caller : wrongCallers()) {
            const int seen = m_master->calls.total();
            for (const auto* method : allMethods()) {
                if (master::rpc::findMethod(nameOf(*method))->access == Access::Anyone &&
                    !caller.isRefusedByTls)
                    continue;
                ++tried;
                const auto answer = askGeneric(caller.channel, {nameOf(*method)});
                const grpc::StatusCode wanted = wantedOf(caller, nameOf(*method));
                QVERIFY2(answer.status.error_code() == wanted,
                         (std::string(caller.name) + " " + nameOf(*method) + ": " +
                          answer.status.error_message())
                             .c_str());
                QVERIFY(answer.body.empty());
                ++held;
            }
            if (caller.isRefusedByTls) QCOMPARE(m_master->calls.total(), seen);
        }
        QVERIFY(m_master->content(auditTables()) == before);
        printFaultRow("B1", "towards a master", held, tried,
                      "calls with plaintext and wrong certificates refused unread");
    }

    /// B1, the other direction: no secret leaves for a server that is not the master.
    void nothingIsSaidToAFalseMaster() {
        const crypto::Credentials ca = aCa("faults");
        const crypto::Credentials other = aCa("faults");
        const auto serving = [](const crypto::Credentials& own, const std::string& ca_) {
            return ifrit::rpc::makeServerCredentials({ca_, own.certificatePem, own.privateKeyPem});
        };
        const auto server = [&](const crypto::Credentials& by, const std::string& host,
                                base::WallTime from = kNow) {
            return issued(by, crypto::Role::Server, "faults", host, from);
        };
        struct Case {
            const char* name;
            std::shared_ptr<grpc::ServerCredentials> credentials;
            bool isTrue;
        };
        const std::vector<Case> cases = {
            {"right", serving(server(ca, "127.0.0.1"), ca.certificatePem), true},
            {"plaintext", grpc::InsecureServerCredentials(), false},
            {"another CA", serving(server(other, "127.0.0.1"), ca.certificatePem), false},
            {"another name", serving(server(ca, "elsewhere.example"), ca.certificatePem), false},
            {"expired", serving(server(ca, "127.0.0.1", kNow - hours(48)), ca.certificatePem),
             false},
            {"self-signed", serving(selfSigned(), ca.certificatePem), false},
            {"a machine's certificate",
             serving(issued(ca, crypto::Role::Machine, "faults", "127.0.0.1"), ca.certificatePem),
             false}};
        int held = 0;
        for (const Case& it : cases) {
            const FalseMaster master(it.credentials);
            ifrit::rpc::ChannelOptions options;
            options.program = "test";
            const auto machine = issued(ca, crypto::Role::Machine, "faults", "127.0.0.1");
            const auto channel = ifrit::rpc::makeChannel(
                master.address(),
                {ca.certificatePem, machine.certificatePem, machine.privateKeyPem}, options);
            for (const char* method : {"ifrit.v1.Enrolment/Enrol", "ifrit.v1.Sessions/Login",
                                       "ifrit.v1.MachineLink/Sync"}) {
                const auto answer = askGeneric(channel, {method, "\x0a\x06secret"});
                QCOMPARE(answer.status.error_code(),
                         it.isTrue ? grpc::StatusCode::ABORTED : grpc::StatusCode::UNAVAILABLE);
            }
            // That the right one is reached shows that the others could have been.
            QVERIFY2(master.service.reached == (it.isTrue ? 3 : 0), it.name);
            if (!it.isTrue) ++held;
        }
        printFaultRow("B1", "towards a machine or an operator", held,
                      static_cast<int>(cases.size()) - 1, "false masters were told nothing");
    }

    /// B2.
    void aJoinTokenIsGoodForOneCertificate() {
        InsideMaster::Options elsewhere;
        elsewhere.cluster = "elsewhere";
        InsideMaster other(elsewhere);
        const auto enrol = [this](const std::string& token, const std::string& uuid) {
            const std::string key = crypto::generatePrivateKey().value();
            v1::EnrolRequest request;
            request.set_join_token(token);
            request.set_uuid(uuid);
            request.set_csr_pem(crypto::createCsr(key, uuid).value());
            request.mutable_facts()->set_machine_type("LINUX");
            grpc::ClientContext context;
            ifrit::rpc::setDeadline(context, std::chrono::seconds(30));
            v1::EnrolResponse response;
            return v1::Enrolment::NewStub(m_master->channel())->Enrol(&context, request, &response);
        };
        const auto certificates = [this] {
            const std::string rows = m_master->content().at("certificates");
            return std::count(rows.begin(), rows.end(), '\n');
        };
        int held = 0;
        const auto refused = [&](const std::string& token, const std::string& uuid,
                                 const char* reason) {
            const auto before = certificates();
            const absl::Status status = ifrit::rpc::fromGrpc(enrol(token, uuid));
            QCOMPARE(base::errorInfo(status).reason, std::string(reason));
            QCOMPARE(certificates(), before);
            ++held;
        };
        const std::string token = m_master->joinToken();
        QVERIFY(enrol(token, "b2-first").ok());
        refused(token, "b2-first", "TOKEN_USED");
        refused(token, "b2-second", "TOKEN_USED");
        refused(m_master->joinToken(std::chrono::milliseconds(1)), "b2-late", "TOKEN_EXPIRED");
        refused(other.joinToken(), "b2-other", "TOKEN_OTHER_CLUSTER");
        refused("ifritjoin_faults." + std::string(43, 'x'), "b2-made-up", "TOKEN_UNKNOWN");
        refused("secret", "b2-nonsense", "TOKEN_MALFORMED");
        refused(m_master->joinToken(), "b2-first", "MACHINE_ENROLLED");
        refused(m_master->joinToken(hours(1), "b2-named"), "b2-another", "TOKEN_OTHER_MACHINE");

        constexpr int kAtOnce = 100;
        const std::string shared = m_master->joinToken();
        const auto before = certificates();
        std::atomic<int> won{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < kAtOnce; ++i) {
            threads.emplace_back([&, i] {
                if (enrol(shared, "b2-rush-" + std::to_string(i)).ok()) ++won;
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(won.load(), 1);
        QCOMPARE(certificates(), before + 1);
        ++held;
        printFaultRow("B2", "join token", held, 9,
                      "ways to use one wrongly; of 100 at once exactly one got a certificate");
    }

    /// B4: on every call that a machine may make, A is A, whatever it says.
    void aMachineCannotBeAnother() {
        const crypto::Credentials a = m_master->enrol("b4-a");
        (void)m_master->enrol("b4-b");
        const auto channel = m_master->channel(a);
        master::rpc::Principal claim;
        claim.kind = master::rpc::Principal::Kind::Machine;
        claim.name = "b4-b";
        int held = 0;
        int tried = 0;
        const auto of = [this](const char* uuid) {
            std::string out;
            for (const auto& [table, rows] : m_master->content(auditTables())) {
                for (const QByteArray& row : QByteArray::fromStdString(rows).split('\n')) {
                    if (row.contains(uuid)) out += table + ": " + row.toStdString() + "\n";
                }
            }
            return out;
        };
        const std::string before = of("b4-b");
        QVERIFY(!before.empty());
        for (const auto* method : allMethods()) {
            const Access access = master::rpc::findMethod(nameOf(*method))->access;
            if (access == Access::Anyone) continue;
            ++tried;
            // Every text of the request names B, and so does what masters say for others.
            const auto request = requestOf(*method);
            nameEverywhere(*request, "b4-b");
            const auto answer =
                askGeneric(channel, {nameOf(*method), request->SerializeAsString(), {}, &claim});
            if (access != Access::Machine)
                QCOMPARE(answer.status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
            QVERIFY2(of("b4-b") == before, nameOf(*method).c_str());
            QVERIFY2(answer.body.find("b4-b") == std::string::npos, nameOf(*method).c_str());
            ++held;
        }
        // What it gets renewed is its own, whatever the request for a certificate asks for.
        v1::RenewCertificateRequest renew;
        renew.set_csr_pem(crypto::createCsr(a.privateKeyPem, "b4-b").value());
        v1::RenewCertificateResponse renewed;
        grpc::ClientContext context;
        QVERIFY(
            v1::MachineLink::NewStub(channel)->RenewCertificate(&context, renew, &renewed).ok());
        QCOMPARE(crypto::parseIdentity(renewed.certificate_pem())->name, std::string("b4-a"));
        printFaultRow("B4", "a machine that says it is another", held, tried,
                      "methods, from the descriptors: nothing of the other is shown or changed");
    }

    /// B5, with what a running master reads every five seconds read by hand.
    void aRevokedMachineIsOutWithItsOpenStream() {
        const crypto::Credentials credentials = m_master->enrol("b5");
        const auto stub = v1::MachineLink::NewStub(m_master->channel(credentials));
        const auto sync = [&stub] {
            grpc::ClientContext context;
            v1::SyncResponse response;
            return stub->Sync(&context, {}, &response).error_code();
        };
        QCOMPARE(sync(), grpc::StatusCode::OK);
        grpc::ClientContext watching;
        ifrit::rpc::setDeadline(watching, std::chrono::seconds(30));
        const auto stream = stub->Watch(&watching, {});
        v1::GenerationNotice notice;
        std::thread watcher([&] {
            while (stream->Read(&notice)) {
            }
        });
        const auto revoked =
            master::app::revokeMachine(m_master->database(), base::SystemClock(), "b5", "stolen");
        QVERIFY(revoked.ok());
        m_master->readRevocations();
        FaultTally calls;
        const auto denied = [&calls](grpc::StatusCode code, const std::string& what) {
            calls.count(code == grpc::StatusCode::PERMISSION_DENIED, what);
        };
        denied(sync(), "its open connection");
        watcher.join();
        denied(stream->Finish().error_code(), "its open stream");
        // Nor does it come back with a new certificate of its own.
        for (const auto* method : allMethods()) {
            if (master::rpc::findMethod(nameOf(*method))->access != Access::Machine) continue;
            const auto answer = askGeneric(m_master->channel(credentials), {nameOf(*method)});
            denied(answer.status.error_code(), nameOf(*method));
        }
        calls.print("B5", "revoked machine",
                    "calls and open streams ended once the master had read of it");
        QCOMPARE(calls.failed(), std::string());
    }

private:
    /// Sets every text and every bytes field, also of messages within.
    static void nameEverywhere(google::protobuf::Message& message, const std::string& name) {
        const auto* descriptor = message.GetDescriptor();
        const auto* reflection = message.GetReflection();
        for (int i = 0; i < descriptor->field_count(); ++i) {
            const auto* field = descriptor->field(i);
            using Type = google::protobuf::FieldDescriptor;
            if (field->is_map()) continue;
            if (field->cpp_type() == Type::CPPTYPE_STRING) {
                if (field->is_repeated())
                    reflection->AddString(&message, field, name);
                else
                    reflection->SetString(&message, field, name);
            } else if (field->cpp_type() == Type::CPPTYPE_MESSAGE && !field->is_repeated()) {
                nameEverywhere(*reflection->MutableMessage(&message, field), name);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestTrustFaults)
#include "tst_trust_faults.moc"
