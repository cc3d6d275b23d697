// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/rpc/package_source.h"
#include "gui/rpc/rpc_core.h"
#include "gui/services/packages.h"

namespace ifrit::gui::rpc {

class GrpcPackageService final : public services::PackageService {
public:
    GrpcPackageService(RpcCore& core, OpenPackage open) : m_core(core), m_open(std::move(open)) {}

    services::CallHandle list(
        const std::string& agent, const services::PageRequest& page,
        services::Reply<services::Page<services::PackageInfo>> reply) override;
    services::CallHandle get(const services::PackageRef& ref,
                             services::Reply<services::PackageInfo> reply) override;
    services::CallHandle publish(const services::PublishRequest& request,
                                 std::function<void(const services::PublishProgress&)> onProgress,
                                 services::Reply<services::PublishResult> reply) override;
    services::CallHandle remove(const std::string& manifestDigest,
                                const services::Mutation& mutation, services::Done done) override;
    services::CallHandle publisherKeys(
        services::Reply<std::vector<services::PublisherKey>> reply) override;

private:
    RpcCore& m_core;
    OpenPackage m_open;
};

}  // namespace ifrit::gui::rpc
