// SPDX-License-Identifier: Apache-2.0
#include <ifrit/v1/access.grpc.pb.h>
#include <ifrit/v1/campaigns.grpc.pb.h>
#include <ifrit/v1/fleet.grpc.pb.h>
#include <ifrit/v1/machine_link.grpc.pb.h>
#include <ifrit/v1/releases.grpc.pb.h>
#include <ifrit/v1/sessions.grpc.pb.h>

#include <QTest>
#include <atomic>
#include <fstream>
#include <thread>

#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/crypto/certificates.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/status_adapter.h"
#include "tests/fault/masters_cluster.h"
#include "tests/master/rpc/watched_events.h"
#include "tests/support/fault_row.h"

using namespace ifrit;
using namespace ifrit::tests;
using master::rpc::WatchedEvents;

namespace {

template <typename Stub, typename Request, typename Response>
grpc::Status call(std::unique_ptr<Stub> stub,
                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                  const Request& request, Response& response, const std::string& bearer = {}) {
    grpc::ClientContext context;
    rpc::setDeadline(context, std::chrono::seconds(20));
    if (!bearer.empty()) rpc::setBearer(context, bearer);
    return ((*stub).*method)(&context, request, &response);
}

}  // namespace

/// Row H2 over two real masters: what one was told about people holds at the other.
class TestAccessMasters : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        m_cluster = std::make_unique<MastersCluster>();
        QVERIFY(QTest::qWaitFor([this] { return m_cluster->leader() < 2; }, kPatience));
        std::ifstream ca(m_cluster->path("master0/ca.pem"));
        m_ca.assign(std::istreambuf_iterator<char>(ca), {});
        for (const std::size_t at : {0, 1})
            m_plain[at] = rpc::makeChannel(m_cluster->address(at), {m_ca, "", ""}, {});
    }
    void cleanupTestCase() {
        printFaultRow("H2", "told to one of two masters", m_held, m_tried,
                      "promises held at the other, grants without a wait");
        m_plain = {};
        m_cluster.reset();
    }

    void grantsAreGivenAndTakenEverywhere();
    void whoIsDisabledIsOutEverywhere();
    void aRevokedTokensStreamEndsAtTheOther();
    void aGrantHoldsAtTheLeaderForACallThatIsPassedOn();
    void aCampaignsGrantHoldsAtTheLeaderToo();
    void guessesAtOneAreCountedByTheOther();
    void aJoinTokenLetsOneMachineInThroughBoth();

private:
    /// A reader with a password; the token of a login at a master.
    std::string signIn(const std::string& name, std::size_t at);
    /// May `token` see the log of a machine that is not there? NOT_FOUND: yes.
    grpc::StatusCode tryLog(std::size_t at, const std::string& token) {
        v1::TailLogRequest request;
        setMutation(*request.mutable_mutation());
        request.set_uuid("nobody");
        request.set_agent("exporter");
        v1::TailLogResponse response;
        return call(v1::Machines::NewStub(m_plain[at]), &v1::Machines::Stub::TailLog, request,
                    response, token)
            .error_code();
    }
    v1::Grant give(std::size_t at, const std::string& to, const std::string& verb);
    void hold(bool held) {
        ++m_tried;
        m_held += held ? 1 : 0;
        QVERIFY(held);
    }

    std::unique_ptr<MastersCluster> m_cluster;
    std::string m_ca;
    std::array<std::shared_ptr<grpc::Channel>, 2> m_plain;
    int m_held = 0;
    int m_tried = 0;
};

/// Row B2, where nothing but the database puts the calls in order.
void TestAccessMasters::aJoinTokenLetsOneMachineInThroughBoth() {
    constexpr int kAtOnce = 100;
    std::string token = m_cluster->run({"join-token", "--dir", m_cluster->path("master0")});
    token.erase(token.find_last_not_of('\n') + 1);
    std::atomic<int> won{0};
    std::atomic<int> used{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < kAtOnce; ++i) {
        threads.emplace_back([&, i] {
            const std::string uuid = "rush-" + std::to_string(i);
            v1::EnrolRequest request;
            request.set_join_token(token);
            request.set_uuid(uuid);
            request.set_csr_pem(
                crypto::createCsr(crypto::generatePrivateKey().value(), uuid).value());
            request.mutable_facts()->set_machine_type("LINUX");
            v1::EnrolResponse response;
            const grpc::Status status = call(v1::Enrolment::NewStub(m_plain[i % 2]),
                                             &v1::Enrolment::Stub::Enrol, request, response);
            if (status.ok()) ++won;
            if (base::errorInfo(rpc::fromGrpc(status)).reason == "TOKEN_USED") ++used;
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    QCOMPARE(won.load(), 1);
    QCOMPARE(used.load(), kAtOnce - 1);
    printFaultRow("B2", "join token at two masters", 1, 1,
                  "of 100 at once, through both, exactly one got a certificate");
}

std::string TestAccessMasters::signIn(const std::string& name, std::size_t at) {
    v1::CreateUserRequest create;
    setMutation(*create.mutable_mutation());
    create.set_name(name);
    create.set_role(v1::USER_ROLE_READER);
    v1::CreateUserResponse made;
    // At the other master than the one that then lets them in.
    (void)call(v1::Access::NewStub(m_cluster->root(1 - at)), &v1::Access::Stub::CreateUser, create,
               made);
    v1::LoginRequest login;
    login.set_user(name);
    login.set_password(made.password());
    v1::LoginResponse session;
    (void)call(v1::Sessions::NewStub(m_plain[at]), &v1::Sessions::Stub::Login, login, session);
    return session.token();
}

v1::Grant TestAccessMasters::give(std::size_t at, const std::string& to, const std::string& verb) {
    v1::GiveGrantRequest request;
    setMutation(*request.mutable_mutation());
    request.mutable_grant()->set_to(to);
    request.mutable_grant()->set_verb(verb);
    v1::Grant out;
    (void)call(v1::Access::NewStub(m_cluster->root(at)), &v1::Access::Stub::GiveGrant, request,
               out);
    return out;
}

void TestAccessMasters::grantsAreGivenAndTakenEverywhere() {
    const std::string token = signIn("li", 0);
    QVERIFY(!token.empty());
    for (const std::size_t at : {0, 1})
        hold(tryLog(at, token) == grpc::StatusCode::PERMISSION_DENIED);
    for (const std::size_t giver : {0, 1}) {
        const v1::Grant grant = give(giver, "li", "machine.log");
        QVERIFY(!grant.id().empty());
        // At once: no waiting between.
        for (const std::size_t at : {0, 1})
            hold(tryLog(at, token) == grpc::StatusCode::NOT_FOUND);
        v1::TakeGrantRequest take;
        setMutation(*take.mutable_mutation());
        take.set_id(grant.id());
        v1::TakeGrantResponse taken;
        QVERIFY(call(v1::Access::NewStub(m_cluster->root(giver)), &v1::Access::Stub::TakeGrant,
                     take, taken)
                    .ok());
        for (const std::size_t at : {0, 1})
            hold(tryLog(at, token) == grpc::StatusCode::PERMISSION_DENIED);
    }
}

void TestAccessMasters::whoIsDisabledIsOutEverywhere() {
    const std::string token = signIn("anna", 1);
    WatchedEvents at0(m_plain[0], token);
    WatchedEvents at1(m_plain[1], token);
    QVERIFY(at0.opened() && at1.opened());
    v1::DisableUserRequest request;
    setMutation(*request.mutable_mutation());
    request.set_name("anna");
    v1::User user;
    QVERIFY(
        call(v1::Access::NewStub(m_cluster->root(0)), &v1::Access::Stub::DisableUser, request, user)
            .ok());
    for (const std::size_t at : {0, 1})
        hold(tryLog(at, token) == grpc::StatusCode::UNAUTHENTICATED);
    hold(QTest::qWaitFor([&] { return at0.ended() && at1.ended(); }, kPatience));
}

void TestAccessMasters::aRevokedTokensStreamEndsAtTheOther() {
    const std::string token = signIn("bert", 0);
    WatchedEvents watched(m_plain[0], token);
    QVERIFY(watched.opened());
    v1::RevokeTokenRequest request;
    setMutation(*request.mutable_mutation());
    request.set_user("bert");
    v1::RevokeTokenResponse revoked;
    QVERIFY(call(v1::Access::NewStub(m_cluster->root(1)), &v1::Access::Stub::RevokeToken, request,
                 revoked)
                .ok());
    hold(QTest::qWaitFor([&] { return watched.ended(); }, kPatience));
    hold(watched.status().error_code() == grpc::StatusCode::UNAUTHENTICATED);
}

/// The follower lets the caller pass, the leader judges again by its own table and the database.
void TestAccessMasters::aGrantHoldsAtTheLeaderForACallThatIsPassedOn() {
    const std::string token = signIn("carol", m_cluster->follower());
    const auto create = [&](std::size_t at) {
        v1::CreateReleaseRequest request;
        setMutation(*request.mutable_mutation());
        *request.mutable_spec() = specOf("no-such-version");
        v1::Release response;
        return call(v1::Releases::NewStub(m_plain[at]), &v1::Releases::Stub::CreateRelease, request,
                    response, token)
            .error_code();
    };
    const std::size_t follower = m_cluster->follower();
    hold(create(follower) == grpc::StatusCode::PERMISSION_DENIED);
    (void)give(follower, "carol", "release.create");
    hold(create(follower) == grpc::StatusCode::NOT_FOUND);
    hold(create(m_cluster->leader()) == grpc::StatusCode::NOT_FOUND);
}

void TestAccessMasters::aCampaignsGrantHoldsAtTheLeaderToo() {
    const std::size_t follower = m_cluster->follower();
    const std::string token = signIn("emil", follower);
    const auto prepare = [&](std::size_t at) {
        v1::CampaignRequest request;
        setMutation(*request.mutable_mutation());
        request.set_campaign_id("00000000-0000-4000-8000-000000000000");
        v1::Campaign response;
        return call(v1::Campaigns::NewStub(m_plain[at]), &v1::Campaigns::Stub::PrepareCampaign,
                    request, response, token)
            .error_code();
    };
    for (const std::size_t at : {0, 1})
        hold(prepare(at) == grpc::StatusCode::PERMISSION_DENIED);
    (void)give(follower, "emil", "campaign.start");
    hold(prepare(follower) == grpc::StatusCode::PERMISSION_DENIED);
    (void)give(follower, "emil", "campaign.prepare");
    for (const std::size_t at : {0, 1})
        hold(prepare(at) == grpc::StatusCode::NOT_FOUND);
}

/// Five wrong passwords at the one, and the other does not even look at the right one.
void TestAccessMasters::guessesAtOneAreCountedByTheOther() {
    v1::CreateUserRequest create;
    setMutation(*create.mutable_mutation());
    create.set_name("dora");
    create.set_role(v1::USER_ROLE_READER);
    v1::CreateUserResponse made;
    QVERIFY(
        call(v1::Access::NewStub(m_cluster->root(0)), &v1::Access::Stub::CreateUser, create, made)
            .ok());
    const auto login = [&](std::size_t at, const std::string& password) {
        v1::LoginRequest request;
        request.set_user("dora");
        request.set_password(password);
        v1::LoginResponse session;
        return rpc::fromGrpc(
            call(v1::Sessions::NewStub(m_plain[at]), &v1::Sessions::Stub::Login, request, session));
    };
    for (const std::size_t at : {0, 1, 0, 1, 0})
        QCOMPARE(base::errorInfo(login(at, "guess")).reason, std::string("LOGIN_WRONG"));
    hold(base::errorInfo(login(1, made.password())).reason == "LOGIN_SLOWED");
    // A second later: it is the same person after all.
    hold(QTest::qWaitFor([&] { return login(1, made.password()).ok(); }, kPatience));
}

QTEST_GUILESS_MAIN(TestAccessMasters)
#include "tst_access_masters.moc"
