// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/support/server_interceptor.h>

#include "master/services/call_observer.h"
#include "shared/base/clock.h"

namespace ifrit::master::rpc {

/// Tells an observer of every call of the port, whoever answers it; also of those that no handler
/// saw, because the method is unknown or the caller has gone.
class CallMeter final : public grpc::experimental::ServerInterceptorFactoryInterface {
public:
    /// Both must outlive the server.
    CallMeter(services::CallObserver& observer, const base::Clock& clock)
        : m_observer(observer), m_clock(clock) {}
    grpc::experimental::Interceptor* CreateServerInterceptor(
        grpc::experimental::ServerRpcInfo* info) override;

private:
    services::CallObserver& m_observer;
    const base::Clock& m_clock;
};

}  // namespace ifrit::master::rpc
