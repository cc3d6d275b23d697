// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

#include "gui/presenters/call_tracker.h"
#include "gui/services/access.h"

namespace ifrit::gui::presenters {

/// Part of a tracked session: what changes users, grants, tokens and certificates is in the log.
/// Secrets are in none of its words.
class TrackedAccess final : public services::AccessService {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::presenters::TrackedAccess)
public:
    template <typename T>
    using Reply = services::Reply<T>;
    using CallHandle = services::CallHandle;
    using Mutation = services::Mutation;

    TrackedAccess(services::AccessService& inner, const CallTracker& tracker)
        : m_inner(inner), m_tracker(tracker) {}

    CallHandle listUsers(Reply<std::vector<services::UserInfo>> reply) override;
    CallHandle createUser(const services::NewUser& user,
                          Reply<services::MadePassword> reply) override;
    CallHandle setPassword(const services::PasswordChange& change,
                           Reply<services::MadePassword> reply) override;
    CallHandle setRole(const std::string& user, services::UserRole role, const Mutation& mutation,
                       Reply<services::UserInfo> reply) override;
    CallHandle disableUser(const std::string& user, const Mutation& mutation,
                           Reply<services::UserInfo> reply) override;
    CallHandle enableUser(const std::string& user, const Mutation& mutation,
                          Reply<services::UserInfo> reply) override;
    CallHandle removeUser(const std::string& user, const Mutation& mutation,
                          services::Done done) override;
    CallHandle listGrants(const std::string& user, Reply<services::GrantList> reply) override;
    CallHandle giveGrant(const domain::Grant& grant, const Mutation& mutation,
                         Reply<services::GrantInfo> reply) override;
    CallHandle takeGrant(const std::string& id, const Mutation& mutation,
                         services::Done done) override;
    CallHandle checkAccess(const services::AccessQuestion& question,
                           Reply<services::AccessAnswer> reply) override;
    CallHandle listTokens(const std::string& user,
                          Reply<std::vector<services::TokenInfo>> reply) override;
    CallHandle createToken(const services::NewToken& token,
                           Reply<services::MadeToken> reply) override;
    CallHandle revokeTokens(const services::Revocation& which, Reply<std::uint32_t> reply) override;
    CallHandle listCertificates(const std::string& user,
                                Reply<std::vector<services::CertificateInfo>> reply) override;
    CallHandle issueCertificate(const std::string& user, const std::string& csrPem,
                                const Mutation& mutation,
                                Reply<services::IssuedCertificate> reply) override;
    CallHandle revokeCertificates(const services::Revocation& which,
                                  Reply<std::uint32_t> reply) override;
    CallHandle revokeMachine(const std::string& uuid, const Mutation& mutation,
                             Reply<std::uint32_t> reply) override;

private:
    services::AccessService& m_inner;
    const CallTracker& m_tracker;
};

}  // namespace ifrit::gui::presenters
