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
    services::CallHandle verify(const std::vector<std::uint64_t>& rows,
                                services::Reply<services::AuditVerification> reply) override;
    services::CallHandle head(const std::vector<std::uint64_t>& rows,
                              services::Reply<services::AuditHeads> reply) override;
    services::CallHandle read(std::uint64_t afterId,
                              services::Reply<std::vector<services::AuditRow>> reply) override;

private:
    RpcCore& m_core;
};

}  // namespace ifrit::gui::rpc
