// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/grpc_connection_service.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "gui/rpc/connection_test.h"
#include "gui/rpc/decode.h"
#include "gui/rpc/unary_call.h"

namespace ifrit::gui::rpc {
namespace {

using Sessions = v1::Sessions::StubInterface::async_interface;
using services::LinkState;

/// Null when the service is gone. Holds nothing, so that a callback may end the session.
GrpcConnectionService* live(const std::weak_ptr<GrpcConnectionService*>& alive) {
    const auto service = alive.lock();
    return service ? *service : nullptr;
}

}  // namespace

void GrpcConnectionService::connect() {
    if (m_status.state != LinkState::Disconnected) return;
    services::LinkStatus status;
    status.state = LinkState::Connecting;
    status.address = m_core.masters.address();
    services::StreamObserver<services::ClusterEvent> observer;
    observer.next = [this](const services::ClusterEvent&) { heard(); };
    observer.health = [this](const services::StreamHealth& health) { healthChanged(health); };
    observer.ended = [this](const absl::Status& ended) { streamEnded(ended); };
    m_stream = m_events.watchAll(std::move(observer));
    set(std::move(status));
}

void GrpcConnectionService::disconnect() {
    m_stream.cancel();
    m_ping.cancel();
    m_question.cancel();
    ++m_timerEpoch;
    set({});
}

void GrpcConnectionService::retryNow() {
    if (m_status.state == LinkState::Disconnected) {
        connect();
    } else {
        m_events.retryNow();
    }
}

services::CallHandle GrpcConnectionService::watchStatus(Observer observer) {
    const std::uint64_t id = m_nextId++;
    m_observers.emplace(id, std::make_shared<Observer>(std::move(observer)));
    m_core.hop->post([alive = std::weak_ptr(m_alive), id] {
        GrpcConnectionService* const service = live(alive);
        if (!service) return;
        const auto found = service->m_observers.find(id);
        if (found == service->m_observers.end()) return;
        const auto shared = found->second;
        (*shared)(service->m_status);
    });
    return services::CallHandle([alive = std::weak_ptr(m_alive), id] {
        if (GrpcConnectionService* const service = live(alive)) service->m_observers.erase(id);
    });
}

void GrpcConnectionService::healthChanged(const services::StreamHealth& health) {
    services::LinkStatus status = m_status;
    status.address = m_core.masters.address();
    if (health.live) {
        m_lastHeard = health.lastHeard;
        status = {};
        status.state = LinkState::Connected;
        status.latency = m_status.latency;
        status.address = m_core.masters.address();
        set(std::move(status));
        ++m_timerEpoch;
        ping();
        m_lastEvent = m_core.clock.steadyNow();
        watchSilence();
        return;
    }
    status.state = LinkState::Reconnecting;
    status.lastError = health.lastError;
    status.attempt = health.attempt;
    status.nextAttempt = health.next;
    status.latency.reset();
    if (m_lastHeard != base::WallTime{}) status.staleSince = m_lastHeard;
    set(std::move(status));
}

void GrpcConnectionService::streamEnded(const absl::Status& ended) {
    services::LinkStatus status;
    status.lastError = ended;
    status.address = m_core.masters.address();
    if (m_lastHeard != base::WallTime{}) status.staleSince = m_lastHeard;
    m_ping.cancel();
    m_question.cancel();
    ++m_timerEpoch;
    set(std::move(status));
}

void GrpcConnectionService::heard() {
    m_lastHeard = m_core.clock.now();
    m_lastEvent = m_core.clock.steadyNow();
    if (m_status.state != LinkState::Stale) return;
    services::LinkStatus status = m_status;
    status.state = LinkState::Connected;
    status.staleSince.reset();
    set(std::move(status));
}

std::chrono::milliseconds GrpcConnectionService::eventSilence() const {
    return std::chrono::floor<std::chrono::milliseconds>(m_core.clock.steadyNow() - m_lastEvent);
}

std::chrono::milliseconds GrpcConnectionService::silence() const {
    return std::chrono::floor<std::chrono::milliseconds>(m_core.masters.silence());
}

void GrpcConnectionService::watchSilence() {
    const RpcOptions& options = m_core.options;
    std::chrono::milliseconds wait = options.staleAfter;
    const auto dueIn = [&wait](std::chrono::milliseconds left) {
        if (left.count() >= 0) wait = std::min(wait, left + std::chrono::milliseconds(1));
    };
    dueIn(options.staleAfter - eventSilence());
    dueIn(options.hungAfter - silence());
    // Once that is over an answer may come at any time.
    dueIn(silence() <= options.overdueAfter ? options.overdueAfter - silence()
                                            : options.overdueAfter / 8);
    m_core.hop->postAfter(wait, [alive = std::weak_ptr(m_alive), epoch = m_timerEpoch] {
        GrpcConnectionService* const service = live(alive);
        if (service && service->m_timerEpoch == epoch) service->judgeSilence();
    });
}

void GrpcConnectionService::judgeSilence() {
    const RpcOptions& options = m_core.options;
    services::LinkStatus status = m_status;
    const bool stands = status.state == LinkState::Connected || status.state == LinkState::Stale;
    const bool isOverdue = stands && silence() > options.overdueAfter;
    // What it answers, and whether it may, is all the same.
    if (isOverdue && !m_isAsked) m_question = whoAmI([](const auto&) {});
    m_isAsked = isOverdue;
    const bool isSilent = eventSilence() > options.staleAfter || silence() > options.hungAfter;
    if (isSilent && status.state == LinkState::Connected) {
        status.state = LinkState::Stale;
        status.staleSince = m_lastHeard;
        set(std::move(status));
    } else if (!isSilent && status.state == LinkState::Stale) {
        status.state = LinkState::Connected;
        status.staleSince.reset();
        set(std::move(status));
    }
    watchSilence();
}

/// Measures the round trip now and from time to time, while connected.
void GrpcConnectionService::ping() {
    m_pinged = m_core.clock.steadyNow();
    m_ping = whoAmI([this](const absl::StatusOr<services::Identity>& identity) {
        if (m_status.state == LinkState::Connected) {
            services::LinkStatus status = m_status;
            // Whoever has to sign in first sees all the same which certificate answers.
            if (identity.ok())
                status.latency = std::chrono::duration_cast<std::chrono::milliseconds>(
                    m_core.clock.steadyNow() - m_pinged);
            const std::weak_ptr<GrpcConnectionService*> alive = m_alive;
            set(std::move(status));
            if (alive.expired()) return;
        }
        m_core.hop->postAfter(m_core.options.pingInterval,
                              [alive = std::weak_ptr(m_alive), epoch = m_timerEpoch] {
                                  GrpcConnectionService* const service = live(alive);
                                  if (service && service->m_timerEpoch == epoch) {
                                      service->ping();
                                  }
                              });
    });
}

void GrpcConnectionService::set(services::LinkStatus status) {
    status.serverCertificatePem = m_core.certificateOf(status.address);
    m_status = std::move(status);
    const std::weak_ptr<GrpcConnectionService*> alive = m_alive;
    // From the event loop, as the contract says: set() also runs inside connect().
    m_core.hop->post([alive, told = m_status] {
        std::vector<std::uint64_t> ids;
        if (GrpcConnectionService* const service = live(alive)) {
            for (const auto& [id, observer] : service->m_observers)
                ids.push_back(id);
        }
        for (const std::uint64_t id : ids) {
            GrpcConnectionService* const service = live(alive);
            if (!service) return;
            const auto found = service->m_observers.find(id);
            if (found == service->m_observers.end()) continue;
            const auto shared = found->second;
            (*shared)(told);
        }
    });
}

services::CallHandle GrpcConnectionService::whoAmI(services::Reply<services::Identity> reply) {
    return startUnary<services::Identity>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::sessions, &Sessions::WhoAmI,
        v1::WhoAmIRequest(), [](v1::WhoAmIResponse&& in) { return decode(in); }, std::move(reply));
}

services::CallHandle GrpcConnectionService::login(const std::string& user,
                                                  const std::string& password,
                                                  services::Reply<services::LoginSession> reply) {
    v1::LoginRequest request;
    request.set_user(user);
    request.set_password(password);
    return startUnary<services::LoginSession>(
        m_core, Repeat::Never, &MasterStubs::sessions, &Sessions::Login, std::move(request),
        [](v1::LoginResponse&& in) { return decode(in); },
        services::Reply<services::LoginSession>(
            [this, reply = std::move(reply)](absl::StatusOr<services::LoginSession> session) {
                if (session.ok()) m_core.profile.bearerToken = session->token;
                reply(std::move(session));
            }));
}

services::CallHandle GrpcConnectionService::logout(services::Done done) {
    return startUnary<bool>(
        m_core, Repeat::Never, &MasterStubs::sessions, &Sessions::Logout, v1::LogoutRequest(),
        [](v1::LogoutResponse&&) { return true; },
        services::Reply<bool>([this, done = std::move(done)](const absl::StatusOr<bool>& ended) {
            m_core.profile.bearerToken.clear();
            done(ended.status());
        }));
}

services::CallHandle GrpcConnectionService::test(
    std::function<void(const services::TestStepResult&)> onStep, services::Done done) {
    auto test = std::make_shared<ConnectionTest>(m_core);
    test->start(std::move(onStep), std::move(done));
    return RpcCore::handleFor(test);
}

}  // namespace ifrit::gui::rpc
