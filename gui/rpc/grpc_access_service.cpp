// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/grpc_access_service.h"

#include <utility>

#include "gui/rpc/decode_access.h"
#include "gui/rpc/unary_call.h"
#include "shared/codec/limits.h"

namespace ifrit::gui::rpc {
namespace {

using Access = v1::Access::StubInterface::async_interface;
using services::CallHandle;
using services::Mutation;
using services::Reply;

template <typename Out, typename Items>
std::vector<Out> decodeAll(const Items& items) {
    std::vector<Out> out;
    out.reserve(static_cast<std::size_t>(items.size()));
    for (const auto& item : items)
        out.push_back(decode(item));
    return out;
}

services::UserInfo decodeUser(v1::User&& in) {
    return decode(in);
}

/// For calls that answer nothing.
template <typename Async, typename Request, typename Response>
CallHandle startDone(RpcCore& core,
                     void (Async::*method)(grpc::ClientContext*, const Request*, Response*,
                                           std::function<void(grpc::Status)>),
                     Request request, services::Done done) {
    return startChange<bool>(
        core, &MasterStubs::access, method, std::move(request), [](Response&&) { return true; },
        Reply<bool>([done = std::move(done)](const absl::StatusOr<bool>& result) {
            done(result.status());
        }));
}

}  // namespace

CallHandle GrpcAccessService::listUsers(Reply<std::vector<services::UserInfo>> reply) {
    return startWhole<std::vector<services::UserInfo>>(
        m_core, &MasterStubs::access, &Access::ListUsers, v1::ListUsersRequest(),
        &v1::ListUsersResponse::mutable_users,
        [](v1::ListUsersResponse&& in) { return decodeAll<services::UserInfo>(in.users()); },
        std::move(reply));
}

CallHandle GrpcAccessService::createUser(const services::NewUser& user,
                                         Reply<services::MadePassword> reply) {
    v1::CreateUserRequest request;
    *request.mutable_mutation() = m_core.toWire(user.mutation);
    request.set_name(user.name);
    request.set_role(user.role == services::UserRole::SuperAdmin ? v1::USER_ROLE_SUPER_ADMIN
                                                                 : v1::USER_ROLE_READER);
    request.set_no_password(!user.withPassword);
    return startChange<services::MadePassword>(
        m_core, &MasterStubs::access, &Access::CreateUser, std::move(request),
        [](v1::CreateUserResponse&& in) {
            return services::MadePassword{in.user().name(), in.password()};
        },
        std::move(reply));
}

CallHandle GrpcAccessService::setPassword(const services::PasswordChange& change,
                                          Reply<services::MadePassword> reply) {
    v1::SetPasswordRequest request;
    *request.mutable_mutation() = m_core.toWire(change.mutation);
    request.set_name(change.user);
    request.set_password(change.password);
    request.set_current_password(change.current);
    return startChange<services::MadePassword>(
        m_core, &MasterStubs::access, &Access::SetPassword, std::move(request),
        [user = change.user](v1::SetPasswordResponse&& in) {
            return services::MadePassword{user, in.password()};
        },
        std::move(reply));
}

CallHandle GrpcAccessService::setRole(const std::string& user, services::UserRole role,
                                      const Mutation& mutation, Reply<services::UserInfo> reply) {
    v1::SetRoleRequest request;
    *request.mutable_mutation() = m_core.toWire(mutation);
    request.set_name(user);
    request.set_role(role == services::UserRole::SuperAdmin ? v1::USER_ROLE_SUPER_ADMIN
                                                            : v1::USER_ROLE_READER);
    return startChange<services::UserInfo>(m_core, &MasterStubs::access, &Access::SetRole,
                                           std::move(request), decodeUser, std::move(reply));
}

CallHandle GrpcAccessService::disableUser(const std::string& user, const Mutation& mutation,
                                          Reply<services::UserInfo> reply) {
    v1::DisableUserRequest request;
    *request.mutable_mutation() = m_core.toWire(mutation);
    request.set_name(user);
    return startChange<services::UserInfo>(m_core, &MasterStubs::access, &Access::DisableUser,
                                           std::move(request), decodeUser, std::move(reply));
}

CallHandle GrpcAccessService::enableUser(const std::string& user, const Mutation& mutation,
                                         Reply<services::UserInfo> reply) {
    v1::EnableUserRequest request;
    *request.mutable_mutation() = m_core.toWire(mutation);
    request.set_name(user);
    return startChange<services::UserInfo>(m_core, &MasterStubs::access, &Access::EnableUser,
                                           std::move(request), decodeUser, std::move(reply));
}

CallHandle GrpcAccessService::removeUser(const std::string& user, const Mutation& mutation,
                                         services::Done done) {
    v1::RemoveUserRequest request;
    *request.mutable_mutation() = m_core.toWire(mutation);
    request.set_name(user);
    return startDone(m_core, &Access::RemoveUser, std::move(request), std::move(done));
}

CallHandle GrpcAccessService::listGrants(const std::string& user,
                                         Reply<services::GrantList> reply) {
    v1::ListGrantsRequest request;
    request.set_to(user);
    return startWhole<services::GrantList>(
        m_core, &MasterStubs::access, &Access::ListGrants, std::move(request),
        &v1::ListGrantsResponse::mutable_grants,
        [](v1::ListGrantsResponse&& in) { return decode(in); }, std::move(reply));
}

CallHandle GrpcAccessService::giveGrant(const domain::Grant& grant, const Mutation& mutation,
                                        Reply<services::GrantInfo> reply) {
    v1::GiveGrantRequest request;
    *request.mutable_mutation() = m_core.toWire(mutation);
    v1::Grant& out = *request.mutable_grant();
    out.set_to(grant.to);
    out.set_verb(grant.verb);
    out.set_agent(grant.agent);
    out.set_cluster(grant.cluster);
    out.set_machine_type(grant.machineType);
    out.set_expires_ms(codec::timeToWire(grant.expires));
    return startChange<services::GrantInfo>(
        m_core, &MasterStubs::access, &Access::GiveGrant, std::move(request),
        [](v1::Grant&& in) { return decode(in); }, std::move(reply));
}

CallHandle GrpcAccessService::takeGrant(const std::string& id, const Mutation& mutation,
                                        services::Done done) {
    v1::TakeGrantRequest request;
    *request.mutable_mutation() = m_core.toWire(mutation);
    request.set_id(id);
    return startDone(m_core, &Access::TakeGrant, std::move(request), std::move(done));
}

CallHandle GrpcAccessService::checkAccess(const services::AccessQuestion& question,
                                          Reply<services::AccessAnswer> reply) {
    v1::CheckAccessRequest request;
    request.set_user(question.user);
    request.set_permission(question.permission);
    request.set_agent(question.agent);
    for (const std::string& type : question.machineTypes)
        request.add_machine_types(type);
    return startUnary<services::AccessAnswer>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::access, &Access::CheckAccess,
        std::move(request), [](v1::CheckAccessResponse&& in) { return decode(in); },
        std::move(reply));
}

CallHandle GrpcAccessService::listTokens(const std::string& user,
                                         Reply<std::vector<services::TokenInfo>> reply) {
    v1::ListTokensRequest request;
    request.set_user(user);
    return startWhole<std::vector<services::TokenInfo>>(
        m_core, &MasterStubs::access, &Access::ListTokens, std::move(request),
        &v1::ListTokensResponse::mutable_tokens,
        [](v1::ListTokensResponse&& in) { return decodeAll<services::TokenInfo>(in.tokens()); },
        std::move(reply));
}

CallHandle GrpcAccessService::createToken(const services::NewToken& token,
                                          Reply<services::MadeToken> reply) {
    v1::CreateTokenRequest request;
    *request.mutable_mutation() = m_core.toWire(token.mutation);
    request.set_label(token.label);
    request.set_lifetime_ms(static_cast<std::uint64_t>(token.lifetime.count()));
    request.set_password(token.password);
    return startChange<services::MadeToken>(
        m_core, &MasterStubs::access, &Access::CreateToken, std::move(request),
        [](v1::CreateTokenResponse&& in) {
            return services::MadeToken{in.secret(), decode(in.token())};
        },
        std::move(reply));
}

CallHandle GrpcAccessService::revokeTokens(const services::Revocation& which,
                                           Reply<std::uint32_t> reply) {
    v1::RevokeTokenRequest request;
    *request.mutable_mutation() = m_core.toWire(which.mutation);
    request.set_id(which.id);
    request.set_user(which.user);
    return startChange<std::uint32_t>(
        m_core, &MasterStubs::access, &Access::RevokeToken, std::move(request),
        [](v1::RevokeTokenResponse&& in) { return in.revoked(); }, std::move(reply));
}

CallHandle GrpcAccessService::listCertificates(
    const std::string& user, Reply<std::vector<services::CertificateInfo>> reply) {
    v1::ListCertificatesRequest request;
    request.set_user(user);
    return startWhole<std::vector<services::CertificateInfo>>(
        m_core, &MasterStubs::access, &Access::ListCertificates, std::move(request),
        &v1::ListCertificatesResponse::mutable_certificates,
        [](v1::ListCertificatesResponse&& in) {
            return decodeAll<services::CertificateInfo>(in.certificates());
        },
        std::move(reply));
}

CallHandle GrpcAccessService::issueCertificate(const std::string& user, const std::string& csrPem,
                                               const Mutation& mutation,
                                               Reply<services::IssuedCertificate> reply) {
    v1::IssueCertificateRequest request;
    *request.mutable_mutation() = m_core.toWire(mutation);
    request.set_user(user);
    request.set_csr_pem(csrPem);
    return startChange<services::IssuedCertificate>(
        m_core, &MasterStubs::access, &Access::IssueCertificate, std::move(request),
        [](v1::IssueCertificateResponse&& in) { return decode(in); }, std::move(reply));
}

CallHandle GrpcAccessService::revokeCertificates(const services::Revocation& which,
                                                 Reply<std::uint32_t> reply) {
    v1::RevokeCertificatesRequest request;
    *request.mutable_mutation() = m_core.toWire(which.mutation);
    request.set_serial(which.id);
    request.set_user(which.user);
    return startChange<std::uint32_t>(
        m_core, &MasterStubs::access, &Access::RevokeCertificates, std::move(request),
        [](v1::RevokeCertificatesResponse&& in) { return in.revoked(); }, std::move(reply));
}

CallHandle GrpcAccessService::revokeMachine(const std::string& uuid, const Mutation& mutation,
                                            Reply<std::uint32_t> reply) {
    v1::RevokeMachineRequest request;
    *request.mutable_mutation() = m_core.toWire(mutation);
    request.set_uuid(uuid);
    return startChange<std::uint32_t>(
        m_core, &MasterStubs::access, &Access::RevokeMachine, std::move(request),
        [](v1::RevokeMachineResponse&& in) { return in.revoked(); }, std::move(reply));
}

}  // namespace ifrit::gui::rpc
