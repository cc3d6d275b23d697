// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "gui/rpc/package_source.h"
#include "gui/rpc/rpc_options.h"
#include "gui/services/session.h"

namespace ifrit::gui::rpc {

/// Sessions over gRPC and TLS. Needs a QCoreApplication and an event loop on the calling thread.
class GrpcSessionFactory final : public services::SessionFactory {
public:
    /// `open` reads package files for publishing.
    explicit GrpcSessionFactory(OpenPackage open, RpcOptions options = {});
    std::unique_ptr<services::Session> open(const services::ConnectionProfile& profile) override;

private:
    OpenPackage m_open;
    RpcOptions m_options;
};

}  // namespace ifrit::gui::rpc
