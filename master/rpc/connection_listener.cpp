// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/connection_listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "shared/base/accept_pause.h"

namespace ifrit::master::rpc {
namespace {

/// Nothing tells that gRPC has read from a connection.
constexpr std::chrono::milliseconds kLook{2};
/// As gRPC has it for its own listeners that ping: what is not acknowledged for so long is broken.
constexpr std::chrono::milliseconds kUnacknowledged{20'000};
constexpr std::uint32_t kTold = 1'000;

}  // namespace

ConnectionListener::ConnectionListener(
    ListeningSockets sockets, HandshakeGate::Limits limits,
    std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor)
    : m_sockets(std::move(sockets)),
      m_port(m_sockets.port()),
      m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      m_gate(limits),
      m_acceptor(std::move(acceptor)) {}

ConnectionListener::~ConnectionListener() {
    stop();
    ::close(m_wake);
}

void ConnectionListener::start() {
    m_thread = std::thread([this] { run(); });
}

void ConnectionListener::stop() {
    if (m_thread.joinable()) {
        ::eventfd_write(m_wake, 1);
        m_thread.join();
    }
    m_sockets.close();
}

void ConnectionListener::run() {
    std::vector<pollfd> waited{{m_wake, POLLIN, 0}};
    for (const int socket : m_sockets.all())
        waited.push_back({socket, POLLIN, 0});
    for (;;) {
        m_gate.look();
        // Where there is no room nobody but stop() is waited for.
        const nfds_t count = m_gate.hasRoom() ? waited.size() : 1;
        const int pause = m_gate.isEmpty() ? -1 : static_cast<int>(kLook.count());
        for (pollfd& each : waited)
            each.revents = 0;
        if (::poll(waited.data(), count, pause) < 0 && errno != EINTR) return;
        if ((waited[0].revents & POLLIN) != 0) return;
        for (std::size_t i = 1; i < count; ++i) {
            if ((waited[i].revents & POLLIN) == 0 || accept(waited[i].fd)) continue;
            ::poll(waited.data(), 1, static_cast<int>(base::kAcceptPause.count()));
        }
    }
}

bool ConnectionListener::accept(int socket) {
    const int connection = ::accept4(socket, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (connection < 0) {
        if (base::acceptsAtOnce(errno)) return true;
        spdlog::error("a connection waits: {}", std::strerror(errno));
        return false;
    }
    switch (m_gate.admit(connection)) {
        case HandshakeGate::Verdict::Begins:
            hand(socket, connection);
            return true;
        case HandshakeGate::Verdict::TooLate:
            if (m_tooLate++ % kTold == 0) {
                spdlog::warn(
                    "the processors are busy with TLS handshakes: connections that waited for too "
                    "long are closed and come again, {} so far",
                    m_tooLate);
            }
            break;
        case HandshakeGate::Verdict::Gone:
            break;
    }
    ::close(connection);
    return true;
}

void ConnectionListener::hand(int socket, int connection) {
    const int yes = 1;
    const auto unacknowledged = static_cast<unsigned>(kUnacknowledged.count());
    ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    ::setsockopt(connection, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged, sizeof unacknowledged);
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters parameters;
    parameters.listener_fd = socket;
    parameters.fd = connection;
    m_acceptor->HandleNewConnection(&parameters);
}

}  // namespace ifrit::master::rpc
