// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/server_builder.h>

#include <cstdint>
#include <memory>
#include <thread>

#include "master/rpc/handshake_gate.h"
#include "master/rpc/listening_sockets.h"

namespace ifrit::master::rpc {

/// Accepts connections and hands them to the gRPC server, as many at a time as HandshakeGate lets
/// in. Where the service manager listens the kernel keeps those who connect while no master runs,
/// so that a restart refuses nobody. One thread of its own.
class ConnectionListener {
public:
    ConnectionListener(ListeningSockets sockets, HandshakeGate::Limits limits,
                       std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor);
    ~ConnectionListener();
    ConnectionListener(const ConnectionListener&) = delete;
    ConnectionListener& operator=(const ConnectionListener&) = delete;

    int port() const { return m_port; }
    /// After the gRPC server has started.
    void start();
    /// Accepts no more.
    void stop();

private:
    void run();
    /// False where nobody can be accepted for now.
    bool accept(int socket);
    void hand(int socket, int connection);

    ListeningSockets m_sockets;
    const int m_port;
    const int m_wake;  ///< eventfd
    HandshakeGate m_gate;
    std::uint32_t m_tooLate = 0;
    const std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> m_acceptor;
    std::thread m_thread;
};

}  // namespace ifrit::master::rpc
