// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "gui/rpc/package_source.h"
#include "gui/rpc/rpc_options.h"
#include "gui/services/session.h"
#include "shared/base/clock.h"

namespace ifrit::gui::rpc {

/// Sessions over gRPC and TLS. Needs a QCoreApplication and an event loop on the calling thread.
class GrpcSessionFactory final : public services::SessionFactory {
public:
    /// `open` reads package files for publishing. The clock outlives all sessions.
    GrpcSessionFactory(OpenPackage open, const base::Clock& clock, RpcOptions options = {});
    std::unique_ptr<services::Session> open(const services::ConnectionProfile& profile) override;

private:
    OpenPackage m_open;
    const base::Clock& m_clock;
    RpcOptions m_options;
};

}  // namespace ifrit::gui::rpc
