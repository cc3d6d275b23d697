// SPDX-License-Identifier: Apache-2.0
// What a change that was refused, or failed, leaves in the audit.
#include <QTest>

#include "ifrit/v1/access.grpc.pb.h"
#include "ifrit/v1/fleet.grpc.pb.h"
#include "ifrit/v1/releases.grpc.pb.h"
#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "shared/rpc/status_adapter.h"
#include "tests/master/rpc/trusted_server.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

class TestRefusalAudit : public QObject {
    Q_OBJECT

    std::unique_ptr<TrustedServer> m_server;
    std::string m_draft;

    absl::Status act(const std::string& name, v1::ReleaseVerb verb, const std::string& requestId) {
        v1::ActOnReleaseRequest request;
        request.mutable_mutation()->set_reason("OPS-9");
        request.mutable_mutation()->set_via("ctl");
        request.mutable_mutation()->set_request_id(requestId);
        request.set_release_id(m_draft);
        request.set_verb(verb);
        v1::Release release;
        grpc::ClientContext context;
        const auto stub = v1::Releases::NewStub(m_server->channelAs(crypto::Role::Operator, name));
        return ifrit::rpc::fromGrpc(stub->ActOnRelease(&context, request, &release));
    }

private Q_SLOTS:
    void initTestCase() {
        m_server = std::make_unique<TrustedServer>();
        m_server->publish("logd", "1");
        m_draft = m_server->draft();
        m_server->addOperator("carl", storage::OperatorRole::Reader);
        m_server->grant({{}, "carl", "release.create", "*", "*", "*", std::nullopt});
    }
    void cleanupTestCase() { m_server.reset(); }

    void aMissingGrantIsNamedAsItIs() {
        const absl::Status status = act("carl", v1::RELEASE_VERB_START, "r-1");
        QCOMPARE(base::errorInfo(status).reason, std::string("NOT_ALLOWED"));
        const std::string message = base::messageOf(status);
        QVERIFY2(message.find("release.start") != std::string::npos, message.c_str());
        QVERIFY2(message.find("ifrit.v1") == std::string::npos, message.c_str());
        QCOMPARE(base::callDetails(status).requestId, std::string("r-1"));
        const auto entry = m_server->lastAudit().entry;
        QCOMPARE(entry.result, std::string("denied"));
        QCOMPARE(entry.verb, std::string("release.start"));
        QCOMPARE(entry.object, m_draft);
        QCOMPARE(entry.reason, std::string("OPS-9"));
        QCOMPARE(entry.via, std::string("ctl"));
        QCOMPARE(entry.requestId, std::string("r-1"));
    }

    void whatFailedHasItsVerbAndReasonToo() {
        const absl::Status status = act("root", v1::RELEASE_VERB_PAUSE, "r-2");
        QCOMPARE(base::errorInfo(status).reason, std::string("RELEASE_STATE"));
        const auto entry = m_server->lastAudit().entry;
        QCOMPARE(entry.result, std::string("failed"));
        QCOMPARE(entry.verb, std::string("release.pause"));
        QCOMPARE(entry.object, m_draft);
        QCOMPARE(entry.reason, std::string("OPS-9"));
        QCOMPARE(entry.via, std::string("ctl"));
    }

    void theObjectIsWhatTheRequestNames() {
        v1::CreateUserRequest request;
        request.mutable_mutation()->set_reason("OPS-9");
        request.set_name("dora");
        v1::CreateUserResponse response;
        grpc::ClientContext context;
        const auto stub = v1::Access::NewStub(m_server->channelAs(crypto::Role::Operator, "eve"));
        const absl::Status status =
            ifrit::rpc::fromGrpc(stub->CreateUser(&context, request, &response));
        QVERIFY(absl::IsPermissionDenied(status));
        QVERIFY(base::messageOf(status).find("operator.add") != std::string::npos);
        const auto entry = m_server->lastAudit().entry;
        QCOMPARE(entry.object, std::string("dora"));
        QCOMPARE(entry.reason, std::string("OPS-9"));
        // The caller gave none, so the master made one.
        QCOMPARE(entry.requestId.size(), std::size_t{36});
        QCOMPARE(base::callDetails(status).requestId, entry.requestId);
    }

    void notWhomItIsRefused() {
        // Nobody of that name: what the error is about is the caller.
        v1::SetRoleRequest request;
        request.set_name("carl");
        request.set_role(v1::USER_ROLE_SUPER_ADMIN);
        v1::User response;
        grpc::ClientContext context;
        const auto stub =
            v1::Access::NewStub(m_server->channelAs(crypto::Role::Operator, "mallory"));
        QVERIFY(!stub->SetRole(&context, request, &response).ok());
        QCOMPARE(m_server->lastAudit().entry.verb, std::string("operator.role"));
        QCOMPARE(m_server->lastAudit().entry.object, std::string("carl"));
    }

    void norAMachineOfTheList() {
        v1::CreateReleaseRequest request;
        request.mutable_mutation()->set_reason("OPS-9");
        request.mutable_spec()->set_agent("logd");
        request.mutable_spec()->set_version("1");
        request.mutable_spec()->add_machine_types("LINUX");
        request.mutable_spec()->mutable_gray()->add_uuids("nobody");
        v1::Release response;
        grpc::ClientContext context;
        const auto stub =
            v1::Releases::NewStub(m_server->channelAs(crypto::Role::Operator, "root"));
        QVERIFY(!stub->CreateRelease(&context, request, &response).ok());
        QCOMPARE(m_server->lastAudit().entry.verb, std::string("release.create"));
        QCOMPARE(m_server->lastAudit().entry.result, std::string("failed"));
        QCOMPARE(m_server->lastAudit().entry.object, std::string("logd"));
    }

    void aDeniedLogNamesMachineAndAgent() {
        v1::TailLogRequest request;
        request.mutable_mutation()->set_reason("OPS-9");
        request.set_uuid("m-1");
        request.set_agent("logd");
        v1::TailLogResponse response;
        grpc::ClientContext context;
        const auto stub =
            v1::Machines::NewStub(m_server->channelAs(crypto::Role::Operator, "carl"));
        QVERIFY(!stub->TailLog(&context, request, &response).ok());
        QCOMPARE(m_server->lastAudit().entry.verb, std::string("machine.log"));
        QCOMPARE(m_server->lastAudit().entry.object, std::string("m-1/logd"));
    }

    void freezesHaveOneObject() {
        for (const char* who : {"carl", "root"}) {
            v1::FreezeClusterRequest request;
            request.mutable_mutation()->set_reason("OPS-9");
            v1::Cluster response;
            grpc::ClientContext context;
            const auto stub =
                v1::Clusters::NewStub(m_server->channelAs(crypto::Role::Operator, who));
            QCOMPARE(stub->FreezeCluster(&context, request, &response).ok(), who[0] == 'r');
            QTRY_COMPARE(m_server->lastAudit().entry.actor, std::string(who));
            QCOMPARE(m_server->lastAudit().entry.verb, std::string("cluster.freeze"));
            QCOMPARE(m_server->lastAudit().entry.object, std::string("cluster"));
        }
    }

    void aReasonThatIsNoneIsNotKept() {
        v1::CreateUserRequest request;
        request.mutable_mutation()->set_reason(std::string(100'000, 'x'));
        request.set_name("dora");
        v1::CreateUserResponse response;
        grpc::ClientContext context;
        const auto stub = v1::Access::NewStub(m_server->channelAs(crypto::Role::Operator, "eve"));
        QVERIFY(!stub->CreateUser(&context, request, &response).ok());
        const auto entry = m_server->lastAudit().entry;
        QCOMPARE(entry.result, std::string("denied"));
        QCOMPARE(entry.reason, std::string());
    }
};

QTEST_GUILESS_MAIN(TestRefusalAudit)
#include "tst_refusal_audit.moc"
