// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "ifrit/v1/fleet.grpc.pb.h"
#include "ifrit/v1/releases.grpc.pb.h"
#include "tests/master/rpc/access_desk.h"
#include "tests/master/rpc/watched_events.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

/// Users and grants.
class TestAccessCalls : public AccessDesk {
    Q_OBJECT

private Q_SLOTS:
    void init() { open(); }
    void cleanup() { close(); }

    void usersAreMadeOnce() {
        v1::CreateUserRequest request;
        setMutation(request.mutable_mutation());
        request.set_name("anna");
        request.set_role(v1::USER_ROLE_READER);
        v1::CreateUserResponse made;
        VERIFY_CALL(ACCESS(m_root, CreateUser, request, made));
        QVERIFY(made.password().size() >= 12);
        QCOMPARE(made.user().name(), std::string("anna"));
        QVERIFY(made.user().has_password());
        VERIFY_CALL(login("anna", made.password()));
        // The same request again: the answer of the first, without the password.
        v1::CreateUserResponse again;
        VERIFY_CALL(ACCESS(m_root, CreateUser, request, again));
        QCOMPARE(again.user().name(), std::string("anna"));
        QVERIFY(again.password().empty());
        setMutation(request.mutable_mutation());
        QCOMPARE(reasonOf(ACCESS(m_root, CreateUser, request, again)),
                 std::string("OPERATOR_EXISTS"));
        request.set_name("Bad Name");
        QCOMPARE(reasonOf(ACCESS(m_root, CreateUser, request, again)), std::string("NAME_INVALID"));
        request.set_name("bert");
        request.set_password("short");
        QCOMPARE(reasonOf(ACCESS(m_root, CreateUser, request, again)),
                 std::string("PASSWORD_INVALID"));
        QCOMPARE(names(), (std::vector<std::string>{"anna", "eve", "root"}));
        // No secret is in what is written down.
        for (const auto& row : m_server->audit())
            QVERIFY(row.entry.after.find(made.password()) == std::string::npos);
    }

    void listsOfNobodyAreRefused() {
        const std::string unknown("OPERATOR_UNKNOWN");
        v1::ListGrantsRequest grants;
        v1::ListGrantsResponse noGrants;
        v1::ListTokensRequest tokens;
        v1::ListTokensResponse noTokens;
        v1::ListCertificatesRequest certificates;
        v1::ListCertificatesResponse noCertificates;
        for (const char* user : {"nope", "eve"}) {
            grants.set_to(user);
            tokens.set_user(user);
            certificates.set_user(user);
            const std::string reason = std::string(user) == "nope" ? unknown : std::string();
            QCOMPARE(reasonOf(ACCESS(m_root, ListGrants, grants, noGrants)), reason);
            QCOMPARE(reasonOf(ACCESS(m_root, ListTokens, tokens, noTokens)), reason);
            QCOMPARE(reasonOf(ACCESS(m_root, ListCertificates, certificates, noCertificates)),
                     reason);
        }
        tokens.set_user("*");
        VERIFY_CALL(ACCESS(m_root, ListTokens, tokens, noTokens));
    }

    void theLastSuperAdminStays() {
        v1::SetRoleRequest role;
        setMutation(role.mutable_mutation());
        role.set_name("root");
        role.set_role(v1::USER_ROLE_READER);
        v1::User user;
        QCOMPARE(reasonOf(ACCESS(m_root, SetRole, role, user)), std::string("LAST_SUPER_ADMIN"));
        v1::DisableUserRequest disable;
        setMutation(disable.mutable_mutation());
        disable.set_name("root");
        QCOMPARE(reasonOf(ACCESS(m_root, DisableUser, disable, user)),
                 std::string("LAST_SUPER_ADMIN"));
        v1::RemoveUserRequest remove;
        setMutation(remove.mutable_mutation());
        remove.set_name("root");
        v1::RemoveUserResponse removed;
        QCOMPARE(reasonOf(ACCESS(m_root, RemoveUser, remove, removed)),
                 std::string("LAST_SUPER_ADMIN"));
        // A disabled one would be no successor.
        m_server->addOperator("second", storage::OperatorRole::SuperAdmin);
        m_server->disable("second");
        setMutation(role.mutable_mutation());
        QCOMPARE(reasonOf(ACCESS(m_root, SetRole, role, user)), std::string("LAST_SUPER_ADMIN"));
        const auto second = m_server->channelAs(crypto::Role::Operator, "second");
        QCOMPARE(reasonOf(ACCESS(second, SetRole, role, user)), std::string("OPERATOR_DISABLED"));
        v1::EnableUserRequest enable;
        setMutation(enable.mutable_mutation());
        enable.set_name("second");
        VERIFY_CALL(ACCESS(m_root, EnableUser, enable, user));
        setMutation(role.mutable_mutation());
        VERIFY_CALL(ACCESS(m_root, SetRole, role, user));
        QCOMPARE(user.role(), v1::USER_ROLE_READER);
        setMutation(role.mutable_mutation());
        role.set_name("second");
        QCOMPARE(ACCESS(m_root, SetRole, role, user).error_code(),
                 grpc::StatusCode::PERMISSION_DENIED);
    }

    void whoIsDisabledIsOutWithOpenStreams() {
        m_server->addOperator("anna", storage::OperatorRole::Reader);
        const std::string token = m_server->token("anna", std::chrono::hours(1));
        const Channel byToken = m_server->channelAs(crypto::Role::Machine, "");
        const Channel byCertificate = m_server->channelAs(crypto::Role::Operator, "anna");
        WatchedEvents one(byToken, token);
        WatchedEvents other(byCertificate, {});
        WatchedEvents eves(m_eve, {});
        QVERIFY(one.opened() && other.opened() && eves.opened());
        v1::DisableUserRequest request;
        setMutation(request.mutable_mutation());
        request.set_name("anna");
        v1::User user;
        VERIFY_CALL(ACCESS(m_root, DisableUser, request, user));
        QVERIFY(user.disabled());
        QTRY_VERIFY_WITH_TIMEOUT(one.ended() && other.ended(), kWithin);
        QCOMPARE(one.status().error_code(), grpc::StatusCode::UNAUTHENTICATED);
        QCOMPARE(whoAmI(byCertificate).error_code(), grpc::StatusCode::UNAUTHENTICATED);
        QCOMPARE(whoAmI(byToken, token).error_code(), grpc::StatusCode::UNAUTHENTICATED);
        QVERIFY(!eves.ended());
    }

    void whoIsRemovedLeavesNothingToANamesake() {
        m_server->addOperator("anna", storage::OperatorRole::Reader);
        const Channel old = m_server->channelAs(crypto::Role::Operator, "anna");
        m_server->grant({{}, "anna", "release.*", "*", "*", "*", std::nullopt});
        v1::RemoveUserRequest request;
        setMutation(request.mutable_mutation());
        request.set_name("anna");
        v1::RemoveUserResponse response;
        VERIFY_CALL(ACCESS(m_root, RemoveUser, request, response));
        m_server->addOperator("anna", storage::OperatorRole::SuperAdmin);
        QCOMPARE(whoAmI(old).error_code(), grpc::StatusCode::UNAUTHENTICATED);
        v1::ListGrantsRequest list;
        v1::ListGrantsResponse grants;
        VERIFY_CALL(ACCESS(m_root, ListGrants, list, grants));
        QCOMPARE(grants.grants_size(), 0);
    }

    void aGrantHoldsAtOnceAndForWhatItSays() {
        m_server->publish("logd", "1");
        const std::string release = m_server->draft();
        const auto pause = [&] { return act(m_eve, release, v1::RELEASE_VERB_PAUSE); };
        QCOMPARE(reasonOf(pause()), std::string("NOT_ALLOWED"));
        v1::GiveGrantRequest give;
        setMutation(give.mutable_mutation());
        give.mutable_grant()->set_to("eve");
        give.mutable_grant()->set_verb("release.pause");
        give.mutable_grant()->set_agent("logd");
        v1::Grant given;
        VERIFY_CALL(ACCESS(m_root, GiveGrant, give, given));
        QCOMPARE(given.machine_type(), std::string("*"));
        QCOMPARE(given.given_by(), std::string("root"));
        QCOMPARE(given.reason(), std::string("because"));
        // A draft cannot be paused: it is the engine that says no now.
        QCOMPARE(pause().error_code(), grpc::StatusCode::FAILED_PRECONDITION);
        const grpc::Status abort = act(m_eve, release, v1::RELEASE_VERB_ABORT);
        QCOMPARE(reasonOf(abort), std::string("NOT_ALLOWED"));
        QVERIFY(abort.error_message().find("release.abort of agent logd on LINUX") !=
                std::string::npos);
        QVERIFY(abort.error_message().find("root") != std::string::npos);
        const auto denied = m_server->lastAudit().entry;
        QCOMPARE(denied.verb, std::string("release.abort"));
        QCOMPARE(denied.object, release);
        QCOMPARE(denied.result, std::string("denied"));
        v1::Grant again;
        VERIFY_CALL(ACCESS(m_root, GiveGrant, give, again));
        QCOMPARE(again.id(), given.id());
        v1::TakeGrantRequest take;
        setMutation(take.mutable_mutation());
        take.set_id(given.id());
        v1::TakeGrantResponse taken;
        VERIFY_CALL(ACCESS(m_root, TakeGrant, take, taken));
        QCOMPARE(reasonOf(pause()), std::string("NOT_ALLOWED"));
        setMutation(take.mutable_mutation());
        QCOMPARE(reasonOf(ACCESS(m_root, TakeGrant, take, taken)), std::string("GRANT_UNKNOWN"));
    }

    void grantsThatSayNothingAreRefused() {
        v1::GiveGrantRequest give;
        v1::Grant given;
        const auto reason = [&](const char* to, const char* verb) {
            setMutation(give.mutable_mutation());
            give.mutable_grant()->set_to(to);
            give.mutable_grant()->set_verb(verb);
            return reasonOf(ACCESS(m_root, GiveGrant, give, given));
        };
        QCOMPARE(reason("nobody-here", "release.pause"), std::string("OPERATOR_UNKNOWN"));
        QCOMPARE(reason("eve", "release.stop"), std::string("GRANT_INVALID"));
        QCOMPARE(reason("eve", "grant.give"), std::string("GRANT_INVALID"));
        QCOMPARE(reason("eve", "rel*se"), std::string("GRANT_INVALID"));
        give.mutable_grant()->set_expires_ms(1);
        QCOMPARE(reason("eve", "release.pause"), std::string("GRANT_INVALID"));
        give.mutable_grant()->clear_expires_ms();
        give.mutable_grant()->set_agent("logd");
        QCOMPARE(reason("eve", "cluster.freeze"), std::string("GRANT_INVALID"));
        give.mutable_grant()->set_cluster("mars");
        QCOMPARE(reason("eve", "release.pause"), std::string());
        QVERIFY(given.elsewhere() && !given.expired());
        m_server->grant({{}, "eve", "release.pause", "*", "*", "*", base::fromUnixMillis(1)});
        v1::ListGrantsRequest list;
        v1::ListGrantsResponse listed;
        VERIFY_CALL(ACCESS(m_eve, ListGrants, list, listed));
        QCOMPARE(listed.grants_size(), 2);
        QVERIFY(listed.grants(0).elsewhere() != listed.grants(1).elsewhere());
        QVERIFY(listed.grants(0).expired() != listed.grants(1).expired());
        give.mutable_grant()->set_verb("release.pause");
        give.mutable_mutation()->clear_reason();
        QCOMPARE(reasonOf(ACCESS(m_root, GiveGrant, give, given)), std::string("REASON_MISSING"));
    }

    void whoAmITellsWhatIsGranted() {
        m_server->grant({{}, "eve", "cluster.freeze", "*", "*", "*", std::nullopt});
        m_server->grant({{}, "eve", "package.*", "logd", "other", "*", std::nullopt});
        m_server->grants.configure({{{}, "eve", "release.promote*", "logd", "test", "LINUX", {}}});
        v1::WhoAmIResponse me;
        VERIFY_CALL(call(v1::Sessions::NewStub(m_eve), &v1::Sessions::Stub::WhoAmI,
                         v1::WhoAmIRequest(), me));
        QCOMPARE(
            (std::vector<std::string>{me.permissions().begin(), me.permissions().end()}),
            (std::vector<std::string>{"cluster.freeze", "release.promote", "release.promote-all"}));
        QCOMPARE(me.grants_size(), 2);
        VERIFY_CALL(call(v1::Sessions::NewStub(m_root), &v1::Sessions::Stub::WhoAmI,
                         v1::WhoAmIRequest(), me));
        QVERIFY(me.permissions_size() > 20);
        v1::CheckAccessRequest check;
        check.set_permission("release.promote");
        check.set_agent("logd");
        check.add_machine_types("LINUX");
        v1::CheckAccessResponse answer;
        VERIFY_CALL(ACCESS(m_eve, CheckAccess, check, answer));
        QVERIFY(answer.allowed());
        check.add_machine_types("ARM64");
        VERIFY_CALL(ACCESS(m_eve, CheckAccess, check, answer));
        QVERIFY(!answer.allowed());
        QVERIFY(answer.message().find("ARM64") != std::string::npos);
        check.set_permission("release.dance");
        QCOMPARE(reasonOf(ACCESS(m_eve, CheckAccess, check, answer)),
                 std::string("PERMISSION_UNKNOWN"));
    }

private:
    std::vector<std::string> names() {
        v1::ListUsersRequest request;
        v1::ListUsersResponse users;
        std::vector<std::string> out;
        if (!ACCESS(m_eve, ListUsers, request, users).ok()) return out;
        for (const auto& user : users.users())
            out.push_back(user.name());
        return out;
    }
    static grpc::Status act(const Channel& channel, const std::string& release,
                            v1::ReleaseVerb verb) {
        v1::ActOnReleaseRequest request;
        setMutation(request.mutable_mutation());
        request.set_release_id(release);
        request.set_verb(verb);
        v1::Release response;
        return call(v1::Releases::NewStub(channel), &v1::Releases::Stub::ActOnRelease, request,
                    response);
    }
};

QTEST_GUILESS_MAIN(TestAccessCalls)
#include "tst_access_calls.moc"
