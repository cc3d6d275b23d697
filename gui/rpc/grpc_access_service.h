// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/rpc/rpc_core.h"
#include "gui/services/access.h"

namespace ifrit::gui::rpc {

class GrpcAccessService final : public services::AccessService {
public:
    explicit GrpcAccessService(RpcCore& core) : m_core(core) {}

    services::CallHandle listUsers(services::Reply<std::vector<services::UserInfo>> reply) override;
    services::CallHandle createUser(const services::NewUser& user,
                                    services::Reply<services::MadePassword> reply) override;
    services::CallHandle setPassword(const services::PasswordChange& change,
                                     services::Reply<services::MadePassword> reply) override;
    services::CallHandle setRole(const std::string& user, services::UserRole role,
                                 const services::Mutation& mutation,
                                 services::Reply<services::UserInfo> reply) override;
    services::CallHandle disableUser(const std::string& user, const services::Mutation& mutation,
                                     services::Reply<services::UserInfo> reply) override;
    services::CallHandle enableUser(const std::string& user, const services::Mutation& mutation,
                                    services::Reply<services::UserInfo> reply) override;
    services::CallHandle removeUser(const std::string& user, const services::Mutation& mutation,
                                    services::Done done) override;
    services::CallHandle listGrants(const std::string& user,
                                    services::Reply<services::GrantList> reply) override;
    services::CallHandle giveGrant(const domain::Grant& grant, const services::Mutation& mutation,
                                   services::Reply<services::GrantInfo> reply) override;
    services::CallHandle takeGrant(const std::string& id, const services::Mutation& mutation,
                                   services::Done done) override;
    services::CallHandle checkAccess(const services::AccessQuestion& question,
                                     services::Reply<services::AccessAnswer> reply) override;
    services::CallHandle listTokens(
        const std::string& user, services::Reply<std::vector<services::TokenInfo>> reply) override;
    services::CallHandle createToken(const services::NewToken& token,
                                     services::Reply<services::MadeToken> reply) override;
    services::CallHandle revokeTokens(const services::Revocation& which,
                                      services::Reply<std::uint32_t> reply) override;
    services::CallHandle listCertificates(
        const std::string& user,
        services::Reply<std::vector<services::CertificateInfo>> reply) override;
    services::CallHandle issueCertificate(
        const std::string& user, const std::string& csrPem, const services::Mutation& mutation,
        services::Reply<services::IssuedCertificate> reply) override;
    services::CallHandle revokeCertificates(const services::Revocation& which,
                                            services::Reply<std::uint32_t> reply) override;
    services::CallHandle revokeMachine(const std::string& uuid, const services::Mutation& mutation,
                                       services::Reply<std::uint32_t> reply) override;

private:
    RpcCore& m_core;
};

}  // namespace ifrit::gui::rpc
