// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/call_meter.h"

#include <grpcpp/grpcpp.h>

namespace ifrit::master::rpc {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::ServerRpcInfo;

std::string_view nameOf(const ServerRpcInfo& info) {
    std::string_view method = info.method();
    if (!method.empty() && method.front() == '/') method.remove_prefix(1);
    return method;
}

/// One call; made when it begins and gone when it has ended.
class Measurement final : public grpc::experimental::Interceptor {
public:
    Measurement(const ServerRpcInfo& info, services::CallObserver& observer,
                const base::Clock& clock)
        : m_info(info), m_observer(observer), m_clock(clock), m_began(clock.steadyNow()) {}
    ~Measurement() override {
        const bool isUnary = m_info.type() == ServerRpcInfo::Type::UNARY;
        m_observer.callEnded(
            nameOf(m_info), m_code,
            isUnary ? std::optional<std::chrono::nanoseconds>(m_clock.steadyNow() - m_began)
                    : std::nullopt);
    }
    Measurement(const Measurement&) = delete;
    Measurement& operator=(const Measurement&) = delete;

    void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
        if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS))
            m_code = methods->GetSendStatus().error_code();
        methods->Proceed();
    }

private:
    const ServerRpcInfo& m_info;
    services::CallObserver& m_observer;
    const base::Clock& m_clock;
    const base::SteadyTime m_began;
    int m_code = grpc::StatusCode::CANCELLED;  ///< of a caller that left before it was answered
};

}  // namespace

grpc::experimental::Interceptor* CallMeter::CreateServerInterceptor(ServerRpcInfo* info) {
    if (nameOf(*info) == kMeasuredByHandler) return nullptr;
    return new Measurement(*info, m_observer, m_clock);
}

}  // namespace ifrit::master::rpc
