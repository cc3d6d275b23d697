// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "ifrit/v1/machine_link.grpc.pb.h"
#include "tests/master/rpc/access_desk.h"
#include "tests/master/rpc/watched_events.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

namespace {

/// How long a revocation may take to reach a stream that stands.
constexpr std::chrono::seconds kTwoSeconds{2};

}  // namespace

/// Tokens, passwords and certificates: by what somebody is known.
class TestLoginCalls : public AccessDesk {
    Q_OBJECT

private Q_SLOTS:
    void init() { open(); }
    void cleanup() { close(); }

    void tokensAreListedWithoutTheirSecretAndEnd() {
        m_server->addOperator("anna", storage::OperatorRole::Reader, kPassword);
        const Channel plain = m_server->channelAs(crypto::Role::Machine, "");
        std::string first;
        VERIFY_CALL(login("anna", kPassword, &first));
        v1::CreateTokenRequest create;
        setMutation(create.mutable_mutation());
        create.set_label("nightly build");
        create.set_lifetime_ms(86'400'000);
        v1::CreateTokenResponse made;
        // By a token alone none is made.
        QCOMPARE(reasonOf(ACCESS(plain, CreateToken, create, made, first)),
                 std::string("PASSWORD_NEEDED"));
        create.set_password("a wrong one that is long");
        QCOMPARE(reasonOf(ACCESS(plain, CreateToken, create, made, first)),
                 std::string("LOGIN_WRONG"));
        create.set_password(kPassword);
        VERIFY_CALL(ACCESS(plain, CreateToken, create, made, first));
        QVERIFY(!made.secret().empty());
        v1::ListTokensRequest list;
        v1::ListTokensResponse tokens;
        VERIFY_CALL(ACCESS(plain, ListTokens, list, tokens, first));
        QCOMPARE(tokens.tokens_size(), 2);
        QCOMPARE(std::count_if(tokens.tokens().begin(), tokens.tokens().end(),
                               [](const auto& token) { return token.current(); }),
                 1);
        QVERIFY(tokens.SerializeAsString().find(made.secret().substr(9)) == std::string::npos);
        WatchedEvents watched(plain, made.secret());
        QVERIFY(watched.opened());
        // Another reader's tokens are none of eve's.
        v1::RevokeTokenRequest revoke;
        setMutation(revoke.mutable_mutation());
        revoke.set_id(made.token().id());
        v1::RevokeTokenResponse revoked;
        QCOMPARE(reasonOf(ACCESS(m_eve, RevokeToken, revoke, revoked)),
                 std::string("TOKEN_UNKNOWN"));
        setMutation(revoke.mutable_mutation());
        VERIFY_CALL(ACCESS(plain, RevokeToken, revoke, revoked, first));
        QCOMPARE(revoked.revoked(), 1U);
        QTRY_VERIFY_WITH_TIMEOUT(watched.ended(), kWithin);
        QCOMPARE(whoAmI(plain, made.secret()).error_code(), grpc::StatusCode::UNAUTHENTICATED);
        VERIFY_CALL(whoAmI(plain, first));
        create.set_lifetime_ms(UINT64_MAX);
        setMutation(create.mutable_mutation());
        QCOMPARE(reasonOf(ACCESS(plain, CreateToken, create, made, first)),
                 std::string("TOKEN_LIFE"));
    }

    void anExpiredTokensStreamEnds() {
        const Channel plain = m_server->channelAs(crypto::Role::Machine, "");
        WatchedEvents watched(plain, m_server->token("eve", std::chrono::milliseconds(1'500)));
        QVERIFY(watched.opened());
        QVERIFY(!watched.ended());
        QTRY_VERIFY_WITH_TIMEOUT(watched.ended(), 1'500 + kWithin);
        QCOMPARE(watched.status().error_code(), grpc::StatusCode::UNAUTHENTICATED);
    }

    void passwordsAreChangedByWhoKnowsThem() {
        m_server->addOperator("anna", storage::OperatorRole::Reader, kPassword);
        const Channel plain = m_server->channelAs(crypto::Role::Machine, "");
        std::string token;
        VERIFY_CALL(login("anna", kPassword, &token));
        v1::SetPasswordRequest request;
        setMutation(request.mutable_mutation());
        request.set_password("another long password");
        request.set_current_password("a wrong one");
        v1::SetPasswordResponse response;
        QCOMPARE(reasonOf(ACCESS(plain, SetPassword, request, response, token)),
                 std::string("LOGIN_WRONG"));
        request.set_current_password(kPassword);
        VERIFY_CALL(ACCESS(plain, SetPassword, request, response, token));
        QVERIFY(response.password().empty());
        // Whoever knew the old one is out, also with what it had bought.
        QCOMPARE(whoAmI(plain, token).error_code(), grpc::StatusCode::UNAUTHENTICATED);
        VERIFY_CALL(login("anna", "another long password"));
        setMutation(request.mutable_mutation());
        request.set_name("anna");
        request.clear_password();
        VERIFY_CALL(ACCESS(m_root, SetPassword, request, response));
        VERIFY_CALL(login("anna", response.password()));
    }

    void certificatesAreIssuedRenewedAndRevoked() {
        m_server->addOperator("anna", storage::OperatorRole::Reader);
        v1::IssueCertificateResponse issued;
        std::string key;
        VERIFY_CALL(issue(m_root, "anna", key, issued));
        QCOMPARE(issued.certificate().name(), std::string("anna"));
        const Channel first = channelWith(issued, key);
        VERIFY_CALL(whoAmI(first));
        VERIFY_CALL(issue(first, "", key, issued));
        const Channel second = channelWith(issued, key);
        VERIFY_CALL(whoAmI(second));
        // Hours must not become a year.
        v1::IssueCertificateResponse none;
        QCOMPARE(issue(m_server->channelAs(crypto::Role::Machine, ""), "", key, none,
                       m_server->token("anna", std::chrono::hours(1)))
                     .error_code(),
                 grpc::StatusCode::PERMISSION_DENIED);
        WatchedEvents watched(second, {});
        QVERIFY(watched.opened());
        v1::RevokeCertificatesRequest revoke;
        setMutation(revoke.mutable_mutation());
        revoke.set_serial(issued.certificate().serial());
        v1::RevokeCertificatesResponse revoked;
        VERIFY_CALL(ACCESS(m_root, RevokeCertificates, revoke, revoked));
        QCOMPARE(revoked.revoked(), 1U);
        QCOMPARE(whoAmI(second).error_code(), grpc::StatusCode::UNAUTHENTICATED);
        QTRY_VERIFY_WITH_TIMEOUT(watched.ended(), kWithin);
        VERIFY_CALL(whoAmI(first));
        setMutation(revoke.mutable_mutation());
        revoke.clear_serial();
        revoke.set_user("anna");
        VERIFY_CALL(ACCESS(m_root, RevokeCertificates, revoke, revoked));
        QCOMPARE(revoked.revoked(), 1U);
        QCOMPARE(whoAmI(first).error_code(), grpc::StatusCode::UNAUTHENTICATED);
        v1::ListCertificatesRequest list;
        list.set_user("anna");
        v1::ListCertificatesResponse all;
        VERIFY_CALL(ACCESS(m_root, ListCertificates, list, all));
        QCOMPARE(all.certificates_size(), 2);
        QVERIFY(all.certificates(0).revoked_ms() > 0);
    }

    void aRevokedMachineIsOut() {
        m_server->addMachine("m1", "LINUX", m_server->clock.now());
        const Channel machine = m_server->channelAs(crypto::Role::Machine, "m1");
        grpc::ClientContext context;
        ifrit::rpc::setDeadline(context, std::chrono::seconds(30));
        const auto stub = v1::MachineLink::NewStub(machine);
        const auto reader = stub->Watch(&context, {});
        v1::GenerationNotice notice;
        QTRY_COMPARE(m_server->server->figures().machineStreams, std::size_t{1});
        v1::RevokeMachineRequest request;
        setMutation(request.mutable_mutation());
        request.set_uuid("m1");
        v1::RevokeMachineResponse response;
        VERIFY_CALL(ACCESS(m_root, RevokeMachine, request, response));
        QCOMPARE(response.revoked(), 1U);
        const auto begun = std::chrono::steady_clock::now();
        while (reader->Read(&notice)) {
        }
        QCOMPARE(reader->Finish().error_code(), grpc::StatusCode::PERMISSION_DENIED);
        QVERIFY(std::chrono::steady_clock::now() - begun < kTwoSeconds);
        setMutation(request.mutable_mutation());
        request.set_uuid("unknown");
        QCOMPARE(reasonOf(ACCESS(m_root, RevokeMachine, request, response)),
                 std::string("MACHINE_UNKNOWN"));
    }

private:
    static grpc::Status issue(const Channel& channel, const std::string& user, std::string& key,
                              v1::IssueCertificateResponse& issued,
                              const std::string& bearer = {}) {
        key = crypto::generatePrivateKey().value();
        v1::IssueCertificateRequest request;
        setMutation(request.mutable_mutation());
        request.set_user(user);
        // Who it is for is not the CSR's to say.
        request.set_csr_pem(crypto::createCsr(key, "root").value());
        return ACCESS(channel, IssueCertificate, request, issued, bearer);
    }
    Channel channelWith(const v1::IssueCertificateResponse& issued, const std::string& key) {
        return ifrit::rpc::makeChannel(m_server->address(),
                                       {issued.ca_pem(), issued.certificate_pem(), key}, {});
    }
};

QTEST_GUILESS_MAIN(TestLoginCalls)
#include "tst_login_calls.moc"
