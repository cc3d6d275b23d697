// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>

#include "ifrit/v1/access.pb.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/rpc/status_adapter.h"
#include "tests/master/rpc/contract.h"
#include "tests/master/rpc/trusted_server.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

namespace {

constexpr char kRightPassword[] = "correct horse battery";
constexpr char kWrong[] = "wrong horse battery";

std::string askedReasonOf(const grpc::Status& status) {
    return base::errorInfo(ifrit::rpc::fromGrpc(status)).reason;
}

}  // namespace

Q_DECLARE_METATYPE(std::shared_ptr<google::protobuf::Message>)

/// A super admin's token alone opens the cluster to nobody: what makes or widens access wants the
/// password once more.
class TestPasswordAgain : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_server = std::make_unique<TrustedServer>();
        m_server->addOperator("ada", storage::OperatorRole::SuperAdmin, kRightPassword);
        m_server->addOperator("anna", storage::OperatorRole::Reader);
        m_token = m_server->token("ada", std::chrono::hours(1));
        m_plain = m_server->channelAs(crypto::Role::Machine, "");
    }
    void cleanup() {
        m_plain.reset();
        m_server.reset();
    }

    void whatOpensTheClusterWantsThePassword_data() {
        using Message = std::shared_ptr<google::protobuf::Message>;
        QTest::addColumn<QString>("method");
        QTest::addColumn<Message>("request");
        const auto row = [](const char* name, const char* method, auto request) {
            QTest::newRow(name) << QStringLiteral("ifrit.v1.Access/%1").arg(QLatin1String(method))
                                << Message(std::make_shared<decltype(request)>(request));
        };
        v1::CreateUserRequest create;
        create.set_name("bert");
        create.set_role(v1::USER_ROLE_SUPER_ADMIN);
        row("a user", "CreateUser", create);
        v1::SetPasswordRequest password;
        password.set_name("anna");
        row("another's password", "SetPassword", password);
        v1::SetRoleRequest role;
        role.set_name("anna");
        role.set_role(v1::USER_ROLE_SUPER_ADMIN);
        row("a role", "SetRole", role);
        v1::EnableUserRequest enable;
        enable.set_name("anna");
        row("an end of being disabled", "EnableUser", enable);
        v1::GiveGrantRequest give;
        give.mutable_grant()->set_to("anna");
        give.mutable_grant()->set_verb("release.*");
        row("a grant", "GiveGrant", give);
        v1::IssueCertificateRequest issue;
        issue.set_csr_pem(crypto::createCsr(crypto::generatePrivateKey().value(), "x").value());
        row("an own certificate", "IssueCertificate", issue);
        issue.set_user("anna");
        row("another's certificate", "IssueCertificate", issue);
    }
    void whatOpensTheClusterWantsThePassword() {
        const grpc::Status without = ask({});
        QCOMPARE(without.error_code(), grpc::StatusCode::PERMISSION_DENIED);
        QCOMPARE(askedReasonOf(without), std::string("PASSWORD_NEEDED"));
        QVERIFY2(without.error_message().find("say your password") != std::string::npos,
                 without.error_message().c_str());
        QCOMPARE(m_server->lastAudit().entry.result, std::string("denied"));
        QCOMPARE(m_server->lastAudit().entry.actor, std::string("ada"));
        QCOMPARE(m_server->lastAudit().entry.reason, std::string("because"));
        // Who forgot it has guessed nothing.
        QCOMPARE(logins("denied"), 0);
        const grpc::Status wrong = ask(kWrong);
        QCOMPARE(askedReasonOf(wrong), std::string("LOGIN_WRONG"));
        QCOMPARE(logins("denied"), 1);
        QCOMPARE(changes(), 0);
        const grpc::Status right = ask(kRightPassword);
        QVERIFY2(right.ok(), right.error_message().c_str());
        QCOMPARE(changes(), 1);
        for (const storage::AuditRow& audited : m_server->audit()) {
            const storage::AuditEntry& entry = audited.entry;
            for (const std::string& text : {entry.reason, entry.before, entry.after, entry.error,
                                            entry.object, entry.requestId, entry.via}) {
                QVERIFY2(text.find("horse") == std::string::npos, text.c_str());
            }
        }
    }

    void aCertificateIsAskedNothing_data() { whatOpensTheClusterWantsThePassword_data(); }
    void aCertificateIsAskedNothing() {
        m_plain = m_server->channelAs(crypto::Role::Operator, "ada");
        m_token.clear();
        const grpc::Status status = ask({});
        QVERIFY2(status.ok(), status.error_message().c_str());
        QCOMPARE(changes(), 1);
    }

    /// Guessing with a stolen token is slowed down as guessing at the door is.
    void guessesAreCounted() {
        v1::CreateUserRequest create;
        create.set_name("bert");
        for (int i = 0; i < 5; ++i)
            QCOMPARE(askedReasonOf(askFor("ifrit.v1.Access/CreateUser", create, kWrong)),
                     std::string("LOGIN_WRONG"));
        QCOMPARE(askedReasonOf(askFor("ifrit.v1.Access/CreateUser", create, kRightPassword)),
                 std::string("LOGIN_SLOWED"));
        QCOMPARE(m_server->lastAudit().entry.verb, std::string("operator.add"));
        QCOMPARE(m_server->lastAudit().entry.result, std::string("failed"));
    }

    /// What takes access away must be as quick as it was.
    void whatNarrowsAccessWantsNone() {
        v1::DisableUserRequest disable;
        disable.set_name("anna");
        QVERIFY(askFor("ifrit.v1.Access/DisableUser", disable, {}).ok());
        v1::RevokeTokenRequest revoke;
        revoke.set_user("anna");
        QVERIFY(askFor("ifrit.v1.Access/RevokeToken", revoke, {}).ok());
        v1::RemoveUserRequest remove;
        remove.set_name("anna");
        QVERIFY(askFor("ifrit.v1.Access/RemoveUser", remove, {}).ok());
    }

    /// There the current one is said already.
    void onesOwnPasswordIsChangedAsBefore() {
        v1::SetPasswordRequest own;
        own.set_name("ada");
        own.set_password("another long password");
        own.set_current_password(kRightPassword);
        const grpc::Status status = askFor("ifrit.v1.Access/SetPassword", own, {});
        QVERIFY2(status.ok(), status.error_message().c_str());
    }

    /// Else whoever stole the token of somebody without one makes it, signs in with it and says it
    /// again wherever it is asked for.
    void aFirstPasswordWantsACertificate_data() {
        QTest::addColumn<QByteArray>("owner");
        QTest::addColumn<bool>("isNamed");
        QTest::newRow("of a super admin") << QByteArray("root") << false;
        QTest::newRow("of a super admin, by name") << QByteArray("root") << true;
        QTest::newRow("of a reader") << QByteArray("anna") << false;
    }
    void aFirstPasswordWantsACertificate() {
        QFETCH(QByteArray, owner);
        QFETCH(bool, isNamed);
        const std::string name = owner.toStdString();
        m_token = m_server->token(name, std::chrono::hours(1));
        v1::SetPasswordRequest first;
        if (isNamed) first.set_name(name);
        first.set_password(kRightPassword);
        for (const char* said : {"", kRightPassword}) {
            const grpc::Status stolen = askFor("ifrit.v1.Access/SetPassword", first, said);
            QCOMPARE(stolen.error_code(), grpc::StatusCode::PERMISSION_DENIED);
            QCOMPARE(askedReasonOf(stolen), std::string("PASSWORD_NEEDED"));
            QCOMPARE(m_server->lastAudit().entry.verb, std::string("operator.passwd"));
            QCOMPARE(m_server->lastAudit().entry.result, std::string("denied"));
        }
        QVERIFY(!m_server->logins.login(name, kRightPassword, "[::1]:7").ok());
        m_token.clear();
        m_plain = m_server->channelAs(crypto::Role::Operator, name);
        const grpc::Status own = askFor("ifrit.v1.Access/SetPassword", first, {});
        QVERIFY2(own.ok(), own.error_message().c_str());
        const auto login = m_server->logins.login(name, kRightPassword, "[::1]:7");
        QVERIFY2(login.ok(), base::messageOf(login.status()).c_str());
    }

private:
    grpc::Status askFor(const std::string& method, const google::protobuf::Message& request,
                        const std::string& password) {
        v1::Mutation mutation;
        mutation.set_request_id(base::randomUuid());
        mutation.set_reason("because");
        mutation.set_via("test");
        mutation.set_password(password);
        const std::unique_ptr<google::protobuf::Message> filled(request.New());
        filled->CopyFrom(request);
        const auto* field = filled->GetDescriptor()->FindFieldByName("mutation");
        filled->GetReflection()->MutableMessage(filled.get(), field)->CopyFrom(mutation);
        return callGeneric(m_plain, {method, filled->SerializeAsString(), m_token, nullptr});
    }
    /// The row's call.
    grpc::Status ask(const std::string& password) {
        const QString method = *static_cast<QString*>(QTest::qData("method", QMetaType::QString));
        const auto type = qMetaTypeId<std::shared_ptr<google::protobuf::Message>>();
        const auto& request = *static_cast<std::shared_ptr<google::protobuf::Message>*>(
            QTest::qData("request", type));
        return askFor(method.toStdString(), *request, password);
    }
    int count(const std::function<bool(const storage::AuditEntry&)>& fits) {
        const auto rows = m_server->audit();
        return static_cast<int>(std::count_if(rows.begin(), rows.end(),
                                              [&](const auto& row) { return fits(row.entry); }));
    }
    int logins(const std::string& result) {
        return count([&](const auto& entry) {
            return entry.verb == "session.login" && entry.result == result;
        });
    }
    /// By ada's calls.
    int changes() {
        return count([](const auto& entry) {
            return entry.actor == "ada" && entry.via == "test" && entry.result == "allowed";
        });
    }

    std::unique_ptr<TrustedServer> m_server;
    std::shared_ptr<grpc::Channel> m_plain;
    std::string m_token;
};

QTEST_GUILESS_MAIN(TestPasswordAgain)
#include "tst_password_again.moc"
