// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "ifrit/v1/fleet.grpc.pb.h"
#include "shared/rpc/channel.h"

namespace ifrit::master::rpc {

/// A stream of the fleet's events, read on a thread of its own until it ends.
class WatchedEvents {
public:
    WatchedEvents(const std::shared_ptr<grpc::Channel>& channel, const std::string& bearer) {
        if (!bearer.empty()) ifrit::rpc::setBearer(m_context, bearer);
        m_stub = v1::Events::NewStub(channel);
        m_reader = m_stub->WatchEvents(&m_context, {});
        v1::ClusterEvent event;
        m_opened = m_reader->Read(&event);
        m_thread = std::thread([this] {
            v1::ClusterEvent next;
            while (m_reader->Read(&next)) {
            }
            m_status = m_reader->Finish();
            m_ended = true;
        });
    }
    ~WatchedEvents() {
        m_context.TryCancel();
        m_thread.join();
    }
    bool opened() const { return m_opened; }
    bool ended() const { return m_ended; }
    /// Once it has ended.
    const grpc::Status& status() const { return m_status; }

private:
    grpc::ClientContext m_context;
    std::unique_ptr<v1::Events::Stub> m_stub;
    std::unique_ptr<grpc::ClientReader<v1::ClusterEvent>> m_reader;
    bool m_opened = false;
    grpc::Status m_status;
    std::atomic<bool> m_ended{false};
    std::thread m_thread;
};

}  // namespace ifrit::master::rpc
