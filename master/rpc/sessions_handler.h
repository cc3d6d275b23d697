// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include "ifrit/v1/audit.grpc.pb.h"
#include "ifrit/v1/sessions.grpc.pb.h"
#include "master/rpc/call_runner.h"
#include "master/services/audit_log.h"
#include "master/services/identities.h"

namespace ifrit::master::rpc {

class SessionsHandler final : public v1::Sessions::CallbackService {
public:
    SessionsHandler(CallRunner& calls, services::Identities& identities, const base::Clock& clock,
                    std::string cluster)
        : m_calls(calls), m_identities(identities), m_clock(clock), m_cluster(std::move(cluster)) {}

    grpc::ServerUnaryReactor* Login(grpc::CallbackServerContext* context,
                                    const v1::LoginRequest* request,
                                    v1::LoginResponse* response) override;
    grpc::ServerUnaryReactor* Logout(grpc::CallbackServerContext* context,
                                     const v1::LogoutRequest* request,
                                     v1::LogoutResponse* response) override;
    grpc::ServerUnaryReactor* WhoAmI(grpc::CallbackServerContext* context,
                                     const v1::WhoAmIRequest* request,
                                     v1::WhoAmIResponse* response) override;

private:
    static absl::Status sayAll(v1::WhoAmIResponse& response);
    /// What grants let the user do here and now.
    absl::Status sayGranted(const std::string& user, v1::WhoAmIResponse& response);

    CallRunner& m_calls;
    services::Identities& m_identities;
    const base::Clock& m_clock;
    const std::string m_cluster;
};

class AuditHandler final : public v1::Audit::CallbackService {
public:
    AuditHandler(CallRunner& calls, services::AuditLog& audit) : m_calls(calls), m_audit(audit) {}

    grpc::ServerUnaryReactor* ListAudit(grpc::CallbackServerContext* context,
                                        const v1::ListAuditRequest* request,
                                        v1::ListAuditResponse* response) override;
    grpc::ServerUnaryReactor* VerifyAudit(grpc::CallbackServerContext* context,
                                          const v1::VerifyAuditRequest* request,
                                          v1::VerifyAuditResponse* response) override;

private:
    CallRunner& m_calls;
    services::AuditLog& m_audit;
};

}  // namespace ifrit::master::rpc
