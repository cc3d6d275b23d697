// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/unary_call.h"

namespace ifrit::gui::rpc {
namespace {

/// A refusal that waits for its turn in the event loop.
class Refusal final : public LiveCall, public std::enable_shared_from_this<Refusal> {
public:
    Refusal(RpcCore& core, services::Done done) : m_core(core), m_done(std::move(done)) {}

    void start(const absl::Status& status) {
        m_core.registry.add(shared_from_this());
        m_core.hop->post([self = shared_from_this(), status] {
            if (services::Done done = std::exchange(self->m_done, nullptr)) {
                self->m_core.registry.remove(self);
                done(status);
            }
        });
    }

    void cancel() override {
        const auto self = shared_from_this();
        m_done = nullptr;
        m_core.registry.remove(self);
    }

private:
    RpcCore& m_core;
    services::Done m_done;
};

}  // namespace

services::CallHandle refuse(RpcCore& core, const absl::Status& status, services::Done done) {
    auto call = std::make_shared<Refusal>(core, std::move(done));
    call->start(status);
    return RpcCore::handleFor(call);
}

}  // namespace ifrit::gui::rpc
