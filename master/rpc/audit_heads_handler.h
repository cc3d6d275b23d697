// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include "ifrit/v1/audit_heads.grpc.pb.h"
#include "master/rpc/call_runner.h"
#include "master/services/audit_log.h"

namespace ifrit::master::rpc {

class AuditHeadsHandler final : public v1::AuditHeads::CallbackService {
public:
    AuditHeadsHandler(CallRunner& calls, services::AuditLog& audit)
        : m_calls(calls), m_audit(audit) {}

    grpc::ServerUnaryReactor* GetHead(grpc::CallbackServerContext* context,
                                      const v1::GetHeadRequest* request,
                                      v1::GetHeadResponse* response) override;
    grpc::ServerUnaryReactor* VerifyChain(grpc::CallbackServerContext* context,
                                          const v1::VerifyChainRequest* request,
                                          v1::VerifyChainResponse* response) override;
    grpc::ServerUnaryReactor* ReadChain(grpc::CallbackServerContext* context,
                                        const v1::ReadChainRequest* request,
                                        v1::ReadChainResponse* response) override;

private:
    CallRunner& m_calls;
    services::AuditLog& m_audit;
};

}  // namespace ifrit::master::rpc
