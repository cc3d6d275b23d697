// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/support/server_interceptor.h>

#include <string_view>

#include "master/services/call_observer.h"
#include "shared/base/clock.h"

namespace ifrit::master::rpc {

/// The call whose handler measures it with a CallTimer: with an interceptor, gRPC starts a second,
/// empty batch for each batch of the call, which is 7 % of a poll's processor time.
inline constexpr std::string_view kMeasuredByHandler = "ifrit.v1.MachineLink/Sync";

/// Tells an observer of every call of the port but kMeasuredByHandler, whoever answers it; also of
/// those that no handler saw, because the method is unknown or the caller has gone.
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

/// Measures one call of kMeasuredByHandler, from when its handler begins to its answer; a value
/// that is kept until then. Without an observer nobody hears of it.
class CallTimer {
public:
    CallTimer(services::CallObserver* observer, const base::Clock& clock)
        : m_observer(observer), m_clock(&clock), m_began(clock.steadyNow()) {}
    /// Once. `code` of gRPC.
    void ended(int code) const noexcept {
        if (m_observer != nullptr)
            m_observer->callEnded(kMeasuredByHandler, code, m_clock->steadyNow() - m_began);
    }

private:
    services::CallObserver* m_observer;
    const base::Clock* m_clock;
    base::SteadyTime m_began;
};

}  // namespace ifrit::master::rpc
