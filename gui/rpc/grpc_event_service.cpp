// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/grpc_event_service.h"

#include <utility>
#include <vector>

#include "gui/rpc/decode.h"

namespace ifrit::gui::rpc {
namespace {

using Events = v1::Events::StubInterface::async_interface;

absl::StatusOr<Decoded<services::ClusterEvent>> decodeEvent(v1::ClusterEvent&& in) {
    Decoded<services::ClusterEvent> out;
    out.resumeToken = in.resume_token();
    out.item = decode(in);
    return out;
}

/// Null when the service is gone. Holds nothing, so that a callback may end the session.
GrpcEventService* live(const std::weak_ptr<GrpcEventService*>& alive) {
    const auto service = alive.lock();
    return service ? *service : nullptr;
}

}  // namespace

services::CallHandle GrpcEventService::watch(
    services::StreamObserver<services::ClusterEvent> observer) {
    return add({std::move(observer), false});
}

services::CallHandle GrpcEventService::watchAll(
    services::StreamObserver<services::ClusterEvent> observer) {
    return add({std::move(observer), true});
}

services::CallHandle GrpcEventService::add(Watcher watcher) {
    const std::uint64_t id = m_nextId++;
    auto shared = std::make_shared<Watcher>(std::move(watcher));
    m_watchers.emplace(id, shared);
    if (!m_stream) {
        startStream();
    } else if (m_stream->health().live) {
        // Joined late: it learns that the stream is live as the first ones did.
        m_core.hop->post([alive = std::weak_ptr(m_alive), id] {
            GrpcEventService* const service = live(alive);
            if (!service || !service->m_watchers.contains(id) || !service->m_stream) return;
            const auto late = service->m_watchers[id];
            if (late->observer.health) late->observer.health(service->m_stream->health());
        });
    }
    return services::CallHandle([alive = std::weak_ptr(m_alive), id] {
        GrpcEventService* const service = live(alive);
        if (!service) return;
        service->m_watchers.erase(id);
        if (service->m_watchers.empty()) {
            service->m_stream.reset();
            service->m_streamHandle.cancel();
        }
    });
}

void GrpcEventService::retryNow() {
    if (m_stream) m_stream->retryNow();
}

void GrpcEventService::startStream() {
    m_stream = makeWatch<services::ClusterEvent, v1::Events::Stub, Events, v1::WatchEventsRequest>(
        m_core, Silence::MeansDeath, &MasterStubs::events, &Events::WatchEvents,
        [](const std::string& token) {
            v1::WatchEventsRequest request;
            request.set_resume_token(token);
            return request;
        },
        [] { return Stream::Reader::Decode(decodeEvent); });
    m_streamHandle = RpcCore::handleFor(m_stream);
    services::StreamObserver<services::ClusterEvent> observer;
    observer.next = [this](const services::ClusterEvent& event) {
        forEach([&event](Watcher& watcher) {
            const bool heartbeat = event.kind == services::ClusterEvent::Kind::Heartbeat;
            if (watcher.observer.next && (watcher.heartbeats || !heartbeat)) {
                watcher.observer.next(event);
            }
        });
    };
    observer.health = [this](const services::StreamHealth& health) {
        forEach([&health](Watcher& watcher) {
            if (watcher.observer.health) watcher.observer.health(health);
        });
    };
    observer.ended = [this](const absl::Status& status) {
        m_stream.reset();
        forEach([this, &status](Watcher& watcher) {
            // Removed first: its callback may watch anew, which starts another stream.
            std::erase_if(m_watchers,
                          [&watcher](const auto& entry) { return entry.second.get() == &watcher; });
            if (watcher.observer.ended) watcher.observer.ended(status);
        });
    };
    m_stream->start(std::move(observer));
}

void GrpcEventService::forEach(const std::function<void(Watcher&)>& function) {
    const std::weak_ptr<GrpcEventService*> alive = m_alive;
    std::vector<std::uint64_t> ids;
    for (const auto& [id, watcher] : m_watchers)
        ids.push_back(id);
    for (const std::uint64_t id : ids) {
        // Each callback may remove watchers, or end the session.
        if (alive.expired()) return;
        const auto found = m_watchers.find(id);
        if (found == m_watchers.end()) continue;
        const std::shared_ptr<Watcher> watcher = found->second;
        function(*watcher);
    }
}

}  // namespace ifrit::gui::rpc
