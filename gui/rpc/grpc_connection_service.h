// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "gui/rpc/grpc_event_service.h"
#include "gui/rpc/rpc_core.h"
#include "gui/services/connection.h"

namespace ifrit::gui::rpc {

/// The state of the line is the state of the event stream: a heartbeat each 5 s says that it lives.
/// Where one is late the master is asked something, so that one that is only slow is not taken for
/// one that hangs.
class GrpcConnectionService final : public services::ConnectionService {
public:
    GrpcConnectionService(RpcCore& core, GrpcEventService& events)
        : m_core(core), m_events(events) {}

    void connect() override;
    void disconnect() override;
    void retryNow() override;
    services::LinkStatus status() const override { return m_status; }
    services::CallHandle watchStatus(
        std::function<void(const services::LinkStatus&)> observer) override;
    services::CallHandle whoAmI(services::Reply<services::Identity> reply) override;
    services::CallHandle login(const std::string& user, const std::string& password,
                               services::Reply<services::LoginSession> reply) override;
    services::CallHandle logout(services::Done done) override;
    services::CallHandle test(std::function<void(const services::TestStepResult&)> onStep,
                              services::Done done) override;

private:
    using Observer = std::function<void(const services::LinkStatus&)>;

    void healthChanged(const services::StreamHealth& health);
    void streamEnded(const absl::Status& status);
    void heard();
    void ping();
    /// Looks now, and when the next thing is due.
    void watchSilence();
    void judgeSilence();
    std::chrono::milliseconds eventSilence() const;
    std::chrono::milliseconds silence() const;
    void set(services::LinkStatus status);

    RpcCore& m_core;
    GrpcEventService& m_events;
    services::LinkStatus m_status;
    services::CallHandle m_stream;
    services::CallHandle m_ping;
    services::CallHandle m_question;  ///< whether it is there at all
    bool m_isAsked = false;           ///< since it was last heard
    base::WallTime m_lastHeard{};
    base::SteadyTime m_lastEvent{};  ///< as m_lastHeard, by the clock that nobody sets
    base::SteadyTime m_pinged{};
    std::uint64_t m_timerEpoch = 0;
    std::uint64_t m_nextId = 1;
    std::map<std::uint64_t, std::shared_ptr<Observer>> m_observers;
    std::shared_ptr<GrpcConnectionService*> m_alive =
        std::make_shared<GrpcConnectionService*>(this);
};

}  // namespace ifrit::gui::rpc
