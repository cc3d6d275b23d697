// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/activated_listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "shared/base/accept_pause.h"

namespace ifrit::master::rpc {

ActivatedListener::ActivatedListener(
    int socket, std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor)
    : m_socket(socket),
      m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      m_acceptor(std::move(acceptor)) {}

ActivatedListener::~ActivatedListener() {
    stop();
    ::close(m_wake);
}

int ActivatedListener::portOf(int socket) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
    if (address.ss_family == AF_INET)
        return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
    if (address.ss_family == AF_INET6)
        return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
    return 0;
}

void ActivatedListener::start() {
    m_thread = std::thread([this] { run(); });
}

void ActivatedListener::stop() {
    if (!m_thread.joinable()) return;
    ::eventfd_write(m_wake, 1);
    m_thread.join();
}

void ActivatedListener::run() {
    std::array<pollfd, 2> waited{pollfd{m_socket, POLLIN, 0}, pollfd{m_wake, POLLIN, 0}};
    for (;;) {
        if (::poll(waited.data(), waited.size(), -1) < 0 && errno != EINTR) return;
        if ((waited[1].revents & POLLIN) != 0) return;
        if ((waited[0].revents & POLLIN) == 0) continue;
        const int connection = ::accept4(m_socket, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (connection < 0) {
            if (base::acceptsAtOnce(errno)) continue;
            spdlog::error("a connection waits: {}", std::strerror(errno));
            ::poll(&waited[1], 1, static_cast<int>(base::kAcceptPause.count()));
            continue;
        }
        const int yes = 1;
        ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters parameters;
        parameters.listener_fd = m_socket;
        parameters.fd = connection;
        m_acceptor->HandleNewConnection(&parameters);
    }
}

}  // namespace ifrit::master::rpc
