// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include <string>

#include "ifrit/v1/access.grpc.pb.h"
#include "master/auth/operators.h"
#include "master/auth/trust_desk.h"
#include "master/rpc/call_runner.h"
#include "master/services/identities.h"

namespace ifrit::master::rpc {

class AccessHandler final : public v1::Access::CallbackService {
public:
    struct Parts {
        CallRunner& calls;
        services::Identities& identities;
        const auth::TrustDesk& trust;
        std::string cluster;
    };
    explicit AccessHandler(const Parts& parts) : m_parts(parts) {}

    using Context = grpc::CallbackServerContext;
    using Reactor = grpc::ServerUnaryReactor;

    Reactor* ListUsers(Context* context, const v1::ListUsersRequest* request,
                       v1::ListUsersResponse* response) override;
    Reactor* CreateUser(Context* context, const v1::CreateUserRequest* request,
                        v1::CreateUserResponse* response) override;
    Reactor* SetPassword(Context* context, const v1::SetPasswordRequest* request,
                         v1::SetPasswordResponse* response) override;
    Reactor* SetRole(Context* context, const v1::SetRoleRequest* request,
                     v1::User* response) override;
    Reactor* DisableUser(Context* context, const v1::DisableUserRequest* request,
                         v1::User* response) override;
    Reactor* EnableUser(Context* context, const v1::EnableUserRequest* request,
                        v1::User* response) override;
    Reactor* RemoveUser(Context* context, const v1::RemoveUserRequest* request,
                        v1::RemoveUserResponse* response) override;

    Reactor* ListGrants(Context* context, const v1::ListGrantsRequest* request,
                        v1::ListGrantsResponse* response) override;
    Reactor* GiveGrant(Context* context, const v1::GiveGrantRequest* request,
                       v1::Grant* response) override;
    Reactor* TakeGrant(Context* context, const v1::TakeGrantRequest* request,
                       v1::TakeGrantResponse* response) override;
    Reactor* CheckAccess(Context* context, const v1::CheckAccessRequest* request,
                         v1::CheckAccessResponse* response) override;

    Reactor* ListTokens(Context* context, const v1::ListTokensRequest* request,
                        v1::ListTokensResponse* response) override;
    Reactor* CreateToken(Context* context, const v1::CreateTokenRequest* request,
                         v1::CreateTokenResponse* response) override;
    Reactor* RevokeToken(Context* context, const v1::RevokeTokenRequest* request,
                         v1::RevokeTokenResponse* response) override;

    Reactor* ListCertificates(Context* context, const v1::ListCertificatesRequest* request,
                              v1::ListCertificatesResponse* response) override;
    Reactor* IssueCertificate(Context* context, const v1::IssueCertificateRequest* request,
                              v1::IssueCertificateResponse* response) override;
    Reactor* RevokeCertificates(Context* context, const v1::RevokeCertificatesRequest* request,
                                v1::RevokeCertificatesResponse* response) override;
    Reactor* RevokeMachine(Context* context, const v1::RevokeMachineRequest* request,
                           v1::RevokeMachineResponse* response) override;

private:
    using Make = std::function<absl::Status(const auth::Administrator& by)>;
    /// Answers again; `object` is what the first call with this request id changed.
    using Repeat = std::function<absl::Status(const std::string& object)>;
    enum class Reason { Needed, Free };
    /// One change, once for each request id.
    absl::Status change(const Principal& who, const v1::Mutation& mutation, Reason reason,
                        std::string_view verb, const Make& make, const Repeat& repeat);
    /// The call `method`, a change of the standing of a user that answers the user.
    template <typename Request, typename ChangeUser>
    Reactor* changeUser(Context* context, std::string_view method, const Request* request,
                        v1::User* response, ChangeUser changeIt);
    absl::Status answerUser(const std::string& name, v1::User& out) const;
    absl::StatusOr<std::vector<v1::User>> users() const;
    /// What is asked for: own things, or with a name others', which super admins see.
    absl::StatusOr<std::string> ownerOf(const Principal& who, std::string_view method,
                                        const std::string& named) const;
    /// NOT_FOUND (OPERATOR_UNKNOWN) where `name`, which a list is asked about, is nobody's. Empty
    /// and "*" are about more than one.
    static absl::Status mustBeSomebody(storage::Transaction& view, const std::string& name);
    absl::Status setPassword(const Principal& who, const v1::SetPasswordRequest& request,
                             v1::SetPasswordResponse& response);
    absl::Status issueCertificate(const Principal& who, const v1::IssueCertificateRequest& request,
                                  v1::IssueCertificateResponse& response);

    const Parts m_parts;
};

}  // namespace ifrit::master::rpc
