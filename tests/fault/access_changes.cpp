// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include <ifrit/v1/access.grpc.pb.h>

#include "shared/crypto/certificates.h"
#include "shared/rpc/channel.h"
#include "tests/fault/changes.h"

namespace ifrit::tests {
namespace {

constexpr char kPassword[] = "long enough, and new";

/// Makes changes, each of somebody of its own.
class Desk {
public:
    explicit Desk(InsideMaster& master)
        : m_master(master), m_admin(master.admin()), m_access(v1::Access::NewStub(m_admin)) {}

    Change create() const {
        auto request = started<v1::CreateUserRequest>();
        request->set_name("newcomer");
        request->set_role(v1::USER_ROLE_READER);
        request->set_password(kPassword);
        return {"Access/CreateUser", request, m_admin};
    }
    Change setPassword() const {
        auto request = started<v1::SetPasswordRequest>();
        request->set_name(user("forgetful"));
        request->set_password(kPassword);
        return {"Access/SetPassword", request, m_admin};
    }
    Change setRole() const {
        auto request = started<v1::SetRoleRequest>();
        request->set_name(user("promoted"));
        request->set_role(v1::USER_ROLE_SUPER_ADMIN);
        return {"Access/SetRole", request, m_admin};
    }
    template <typename Request>
    Change named(const char* method, const std::string& name) const {
        auto request = started<Request>();
        request->set_name(name);
        return {method, request, m_admin};
    }
    Change enable() const {
        const std::string name = user("returning");
        auto disable = started<v1::DisableUserRequest>();
        disable->set_name(name);
        v1::User answer;
        ask(&v1::Access::Stub::DisableUser, *disable, answer);
        return named<v1::EnableUserRequest>("Access/EnableUser", name);
    }
    Change give() const { return {"Access/GiveGrant", grantTo(user("trusted")), m_admin}; }
    Change take() const {
        v1::Grant given;
        ask(&v1::Access::Stub::GiveGrant, *grantTo(user("mistrusted")), given);
        auto request = started<v1::TakeGrantRequest>();
        request->set_id(given.id());
        return {"Access/TakeGrant", request, m_admin};
    }
    Change createToken() const { return {"Access/CreateToken", token("pipeline"), m_admin}; }
    Change revokeToken() const {
        v1::CreateTokenResponse made;
        ask(&v1::Access::Stub::CreateToken, *token("lost"), made);
        auto request = started<v1::RevokeTokenRequest>();
        request->set_id(made.token().id());
        return {"Access/RevokeToken", request, m_admin};
    }
    Change issue() const { return {"Access/IssueCertificate", certificateOf("keen"), m_admin}; }
    Change revokeCertificates() const {
        v1::IssueCertificateResponse issued;
        ask(&v1::Access::Stub::IssueCertificate, *certificateOf("careless"), issued);
        auto request = started<v1::RevokeCertificatesRequest>();
        request->set_serial(issued.certificate().serial());
        return {"Access/RevokeCertificates", request, m_admin};
    }
    Change revokeMachine() const {
        // None that the plan of a release is about.
        (void)m_master.enrol("stolen", "ARM64");
        auto request = started<v1::RevokeMachineRequest>();
        request->set_uuid("stolen");
        return {"Access/RevokeMachine", request, m_admin};
    }
    std::string user(const std::string& name) const {
        auto request = started<v1::CreateUserRequest>();
        request->set_name(name);
        request->set_role(v1::USER_ROLE_READER);
        request->set_no_password(true);
        v1::CreateUserResponse answer;
        ask(&v1::Access::Stub::CreateUser, *request, answer);
        return name;
    }

private:
    template <typename Request>
    static std::shared_ptr<Request> started() {
        auto request = std::make_shared<Request>();
        fill(*request->mutable_mutation());
        return request;
    }
    static std::shared_ptr<v1::GiveGrantRequest> grantTo(const std::string& name) {
        auto request = started<v1::GiveGrantRequest>();
        request->mutable_grant()->set_to(name);
        request->mutable_grant()->set_verb("release.start");
        request->mutable_grant()->set_agent("exporter");
        return request;
    }
    static std::shared_ptr<v1::CreateTokenRequest> token(const std::string& label) {
        auto request = started<v1::CreateTokenRequest>();
        request->set_label(label);
        request->set_lifetime_ms(3'600'000);
        return request;
    }
    std::shared_ptr<v1::IssueCertificateRequest> certificateOf(const std::string& name) const {
        auto request = started<v1::IssueCertificateRequest>();
        request->set_user(user(name));
        request->set_csr_pem(crypto::createCsr(crypto::generatePrivateKey().value(), name).value());
        return request;
    }
    template <typename Request, typename Answer>
    void ask(grpc::Status (v1::Access::Stub::*method)(grpc::ClientContext*, const Request&,
                                                      Answer*),
             const Request& request, Answer& answer) const {
        grpc::ClientContext context;
        rpc::setDeadline(context, std::chrono::seconds(20));
        const grpc::Status status = ((*m_access).*method)(&context, request, &answer);
        if (!status.ok()) throw std::runtime_error("access: " + status.error_message());
    }

    InsideMaster& m_master;
    const std::shared_ptr<grpc::Channel> m_admin;
    const std::unique_ptr<v1::Access::Stub> m_access;
};

}  // namespace

std::vector<Change> accessChanges(InsideMaster& master) {
    const Desk desk(master);
    return {desk.create(),
            desk.setPassword(),
            desk.setRole(),
            desk.named<v1::DisableUserRequest>("Access/DisableUser", desk.user("leaving")),
            desk.enable(),
            desk.named<v1::RemoveUserRequest>("Access/RemoveUser", desk.user("gone")),
            desk.give(),
            desk.take(),
            desk.createToken(),
            desk.revokeToken(),
            desk.issue(),
            desk.revokeCertificates(),
            desk.revokeMachine()};
}

}  // namespace ifrit::tests
