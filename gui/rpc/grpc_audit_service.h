// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/rpc/rpc_core.h"
#include "gui/services/audit.h"

namespace ifrit::gui::rpc {

class GrpcAuditService final : public services::AuditService {
public:
    explicit GrpcAuditService(RpcCore& core) : m_core(core) {}

    services::CallHandle list(const services::AuditQuery& query,
                              services::Reply<services::Page<services::AuditRow>> reply) override;
    services::CallHandle verify(services::Reply<services::AuditVerification> reply) override;

private:
    RpcCore& m_core;
};

}  // namespace ifrit::gui::rpc
