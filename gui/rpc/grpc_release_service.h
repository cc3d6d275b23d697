// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/rpc/rpc_core.h"
#include "gui/services/releases.h"

namespace ifrit::gui::rpc {

class GrpcReleaseService final : public services::ReleaseService {
public:
    explicit GrpcReleaseService(RpcCore& core) : m_core(core) {}

    services::CallHandle create(const domain::ReleaseSpec& spec, const services::Mutation& mutation,
                                services::Reply<services::ReleaseInfo> reply) override;
    services::CallHandle plan(const std::string& releaseId,
                              services::Reply<services::ReleasePlan> reply) override;
    services::CallHandle act(const services::ReleaseAct& request,
                             services::Reply<services::ReleaseInfo> reply) override;
    services::CallHandle get(const std::string& releaseId,
                             services::Reply<services::ReleaseInfo> reply) override;
    services::CallHandle list(
        const services::ReleaseQuery& query,
        services::Reply<services::Page<services::ReleaseInfo>> reply) override;
    services::CallHandle machines(
        const services::ReleaseMachinesQuery& query,
        services::Reply<services::Page<services::ReleaseMachine>> reply) override;
    services::CallHandle timeline(
        const std::string& releaseId, const services::PageRequest& page,
        services::Reply<services::Page<services::TimelineEntry>> reply) override;
    services::CallHandle watch(const std::string& releaseId, std::uint64_t atLeast,
                               services::StreamObserver<services::ReleaseInfo> observer) override;

private:
    RpcCore& m_core;
};

}  // namespace ifrit::gui::rpc
