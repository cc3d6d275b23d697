// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/server_builder.h>

#include <memory>
#include <thread>

namespace ifrit::master::rpc {

/// Accepts on a socket that the service manager listens on and hands each connection to the gRPC
/// server. While no master runs the kernel keeps those who connect in the socket's queue, so that a
/// restart refuses nobody. One thread of its own.
class ActivatedListener {
public:
    /// `socket` listens and stays open: the next process gets it again.
    ActivatedListener(int socket,
                      std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor);
    ~ActivatedListener();
    ActivatedListener(const ActivatedListener&) = delete;
    ActivatedListener& operator=(const ActivatedListener&) = delete;

    /// After the gRPC server has started.
    void start();
    /// Accepts no more. Who connects now waits for the next process.
    void stop();
    /// Of the socket's address; 0: it has none.
    static int portOf(int socket);

private:
    void run();

    const int m_socket;
    const int m_wake;  ///< eventfd
    const std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> m_acceptor;
    std::thread m_thread;
};

}  // namespace ifrit::master::rpc
