// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gui/services/call.h"
#include "shared/domain/grant.h"

namespace ifrit::gui::services {

enum class UserRole { Reader, SuperAdmin };
/// "reader" or "super_admin".
std::string_view nameOf(UserRole role);

struct UserInfo {
    std::string name;
    UserRole role = UserRole::Reader;
    bool disabled = false;
    bool hasPassword = false;  ///< false: by certificate alone
    base::WallTime created{};
    base::WallTime changed{};
    std::uint32_t tokens = 0;  ///< each of them: that hold now
    std::uint32_t certificates = 0;
    std::uint32_t grants = 0;
};

struct NewUser {
    std::string name;
    UserRole role = UserRole::Reader;
    bool withPassword = true;  ///< the master makes one; false: by certificate alone
    Mutation mutation;
};
/// A password that the master made. Secret: shown once, in memory only.
struct MadePassword {
    std::string user;
    std::string password;  ///< empty: none was made
};

struct PasswordChange {
    std::string user;      ///< empty: oneself
    std::string password;  ///< empty: the master makes one
    std::string current;   ///< one's own, where one has one
    Mutation mutation;
};

struct GrantInfo {
    domain::Grant grant;  ///< id empty: by the configuration of the master that answered
    std::string givenBy;
    base::WallTime given{};
    std::string reason;
    bool expired = false;    ///< it opens nothing any more
    bool elsewhere = false;  ///< it is for another cluster than this one
};
struct GrantList {
    std::vector<GrantInfo> grants;
    std::vector<std::string> permissions;            ///< that can be granted
    std::vector<std::string> superAdminPermissions;  ///< that cannot
};

struct AccessQuestion {
    std::string user;  ///< empty: oneself
    std::string permission;
    std::string agent;                      ///< empty: every agent
    std::vector<std::string> machineTypes;  ///< empty: every one
};
struct AccessAnswer {
    std::string user;
    bool allowed = false;
    std::string message;  ///< why, or what is missing
    std::vector<domain::Grant> grants;
};

struct TokenInfo {
    std::string id;  ///< no secret
    std::string user;
    base::WallTime created{};
    base::WallTime expires{};
    std::string address;
    std::string label;     ///< empty: of a login
    bool current = false;  ///< by which this connection speaks
};
struct NewToken {
    std::string label;
    std::chrono::milliseconds lifetime{0};
    std::string password;  ///< of a connection that speaks by a token
    Mutation mutation;
};
struct MadeToken {
    std::string secret;  ///< shown once
    TokenInfo token;
};

struct CertificateInfo {
    std::string serial;
    std::string user;
    base::WallTime issued{};
    base::WallTime notAfter{};
    std::optional<base::WallTime> revoked;
    std::string revokeReason;
};
struct IssuedCertificate {
    std::string certificatePem;
    std::string caPem;
    std::string cluster;
    CertificateInfo certificate;
};

/// One thing by its id (token) or serial (certificate), or all of `user` where that is empty.
struct Revocation {
    std::string id;
    std::string user;
    Mutation mutation;
};

/// Who may do what: users, grants, tokens, certificates. Contract: gui/services/call.h.
class AccessService {
public:
    virtual ~AccessService() = default;

    /// By name.
    virtual CallHandle listUsers(Reply<std::vector<UserInfo>> reply) = 0;
    virtual CallHandle createUser(const NewUser& user, Reply<MadePassword> reply) = 0;
    virtual CallHandle setPassword(const PasswordChange& change, Reply<MadePassword> reply) = 0;
    virtual CallHandle setRole(const std::string& user, UserRole role, const Mutation& mutation,
                               Reply<UserInfo> reply) = 0;
    virtual CallHandle disableUser(const std::string& user, const Mutation& mutation,
                                   Reply<UserInfo> reply) = 0;
    virtual CallHandle enableUser(const std::string& user, const Mutation& mutation,
                                  Reply<UserInfo> reply) = 0;
    virtual CallHandle removeUser(const std::string& user, const Mutation& mutation, Done done) = 0;

    /// Of one user, or with an empty name of all.
    virtual CallHandle listGrants(const std::string& user, Reply<GrantList> reply) = 0;
    virtual CallHandle giveGrant(const domain::Grant& grant, const Mutation& mutation,
                                 Reply<GrantInfo> reply) = 0;
    virtual CallHandle takeGrant(const std::string& id, const Mutation& mutation, Done done) = 0;
    virtual CallHandle checkAccess(const AccessQuestion& question, Reply<AccessAnswer> reply) = 0;

    /// Own ones with an empty name; "*": everybody's.
    virtual CallHandle listTokens(const std::string& user, Reply<std::vector<TokenInfo>> reply) = 0;
    virtual CallHandle createToken(const NewToken& token, Reply<MadeToken> reply) = 0;
    /// How many ended.
    virtual CallHandle revokeTokens(const Revocation& which, Reply<std::uint32_t> reply) = 0;

    /// As listTokens().
    virtual CallHandle listCertificates(const std::string& user,
                                        Reply<std::vector<CertificateInfo>> reply) = 0;
    /// For the key of `csrPem`; an empty name: a new one for oneself.
    virtual CallHandle issueCertificate(const std::string& user, const std::string& csrPem,
                                        const Mutation& mutation,
                                        Reply<IssuedCertificate> reply) = 0;
    virtual CallHandle revokeCertificates(const Revocation& which, Reply<std::uint32_t> reply) = 0;
    virtual CallHandle revokeMachine(const std::string& uuid, const Mutation& mutation,
                                     Reply<std::uint32_t> reply) = 0;
};

}  // namespace ifrit::gui::services
