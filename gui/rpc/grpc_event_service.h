// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "gui/rpc/rpc_core.h"
#include "gui/rpc/watch_stream.h"
#include "gui/services/events.h"
#include "ifrit/v1/fleet.pb.h"

namespace ifrit::gui::rpc {

/// One event stream for all who watch: the connection's liveness and any number of observers. Runs
/// while somebody watches.
class GrpcEventService final : public services::EventService {
public:
    explicit GrpcEventService(RpcCore& core) : m_core(core) {}

    services::CallHandle watch(services::StreamObserver<services::ClusterEvent> observer) override;
    /// Heartbeats too: for the connection's own state.
    services::CallHandle watchAll(services::StreamObserver<services::ClusterEvent> observer);
    void retryNow();

private:
    using Stream = WatchStream<v1::ClusterEvent, services::ClusterEvent>;
    struct Watcher {
        services::StreamObserver<services::ClusterEvent> observer;
        bool heartbeats = false;
    };

    services::CallHandle add(Watcher watcher);
    void startStream();
    /// Calls `function` for each watcher that is still there at its turn.
    void forEach(const std::function<void(Watcher&)>& function);

    RpcCore& m_core;
    std::shared_ptr<Stream> m_stream;
    services::CallHandle m_streamHandle;
    std::uint64_t m_nextId = 1;
    std::map<std::uint64_t, std::shared_ptr<Watcher>> m_watchers;
    // Handles may outlive the service; they ask this first.
    std::shared_ptr<GrpcEventService*> m_alive = std::make_shared<GrpcEventService*>(this);
};

}  // namespace ifrit::gui::rpc
