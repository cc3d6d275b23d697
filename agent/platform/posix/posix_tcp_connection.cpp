// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "agent/platform/posix/system_calls.h"
#include "agent/platform/posix/unique_fd.h"
#include "agent/platform/tcp_connection.h"
#include "shared/base/exhaustion.h"

namespace ifrit::agent::platform {
namespace {

UniqueFd openSocket(int family) {
#ifdef SOCK_CLOEXEC
    return UniqueFd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
#else
    UniqueFd socket(::socket(family, SOCK_STREAM, 0));
    const int on = 1;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
    ::fcntl(socket.get(), F_SETFD, FD_CLOEXEC);
    ::fcntl(socket.get(), F_SETFL, O_NONBLOCK);
    return socket;
#endif
}

absl::Status systemError(int error) {
    return base::noteErrno(absl::UnavailableError(std::strerror(error)), error);
}

absl::Status told() {
    return absl::CancelledError("told to stop");
}

class PosixTcpConnection final : public TcpConnection {
public:
    PosixTcpConnection(UniqueFd socket, Deadline deadline, std::stop_token stop)
        : m_socket(std::move(socket)),
          m_deadline(deadline),
          m_stop(std::move(stop)),
          m_onStop(m_stop, EndWaits{m_socket.get()}) {}

    absl::Status connect(const addrinfo& target) {
        if (::connect(m_socket.get(), target.ai_addr, target.ai_addrlen) == 0)
            return absl::OkStatus();
        if (errno != EINPROGRESS) return systemError(errno);
        IFRIT_RETURN_IF_ERROR(await(POLLOUT));
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(m_socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
        return error == 0 ? absl::OkStatus() : systemError(error);
    }

    absl::Status send(std::string_view bytes) override {
        while (!bytes.empty()) {
            IFRIT_RETURN_IF_ERROR(await(POLLOUT));
            const auto sent = ::send(m_socket.get(), bytes.data(), bytes.size(), kNoSignal);
            if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
            if (sent < 0 && errno != EAGAIN && errno != EINTR) return systemError(errno);
        }
        return absl::OkStatus();
    }

    absl::StatusOr<std::string> receive(std::size_t most) override {
        std::string bytes(most, '\0');
        while (true) {
            IFRIT_RETURN_IF_ERROR(await(POLLIN));
            const auto got = ::recv(m_socket.get(), bytes.data(), bytes.size(), 0);
            if (got >= 0) {
                bytes.resize(static_cast<std::size_t>(got));
                return bytes;
            }
            if (errno != EAGAIN && errno != EINTR) return systemError(errno);
        }
    }

private:
    /// Makes poll() return, of a connection that is not there yet as well.
    struct EndWaits {
        int socket;
        void operator()() const { ::shutdown(socket, SHUT_RDWR); }
    };

    /// OK when `events` came before the deadline and nobody told us to stop.
    absl::Status await(short events) const {
        while (true) {
            // Asked before each wait: whoever comes later finds the socket connecting, and ends it.
            if (m_stop.stop_requested()) return told();
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(
                m_deadline - std::chrono::steady_clock::now());
            pollfd waited{m_socket.get(), events, 0};
            const int ready = ::poll(&waited, 1, static_cast<int>(std::max<long>(left.count(), 0)));
            if (m_stop.stop_requested()) return told();
            if (ready > 0) return absl::OkStatus();
            if (ready == 0) return absl::DeadlineExceededError("timed out");
            if (errno != EINTR) return systemError(errno);
        }
    }

    const UniqueFd m_socket;
    const Deadline m_deadline;
    const std::stop_token m_stop;
    const std::stop_callback<EndWaits> m_onStop;  ///< last: gone before the socket is closed
};

absl::StatusOr<std::unique_ptr<TcpConnection>> connectTo(const addrinfo& target,
                                                         TcpConnection::Deadline deadline,
                                                         std::stop_token stop) {
    UniqueFd socket = openSocket(target.ai_family);
    if (!socket.valid()) return systemError(errno);
    auto connection =
        std::make_unique<PosixTcpConnection>(std::move(socket), deadline, std::move(stop));
    IFRIT_RETURN_IF_ERROR(connection->connect(target));
    return connection;
}

absl::StatusOr<std::unique_ptr<TcpConnection>> connectNumeric(const std::string& host,
                                                              std::uint16_t port,
                                                              TcpConnection::Deadline deadline,
                                                              std::stop_token stop) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
        return base::invalidArgument(
            "ADDRESS_INVALID", host,
            "'{}' is not an IP address; a probe asks this machine: use an address or localhost",
            host);
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);
    return connectTo(*owned, deadline, std::move(stop));
}

}  // namespace

absl::StatusOr<std::unique_ptr<TcpConnection>> connectTcp(const base::HostPort& address,
                                                          TcpConnection::Deadline deadline,
                                                          std::stop_token stop) {
    if (address.host != "localhost")
        return connectNumeric(address.host, address.port, deadline, std::move(stop));
    auto connection = connectNumeric("127.0.0.1", address.port, deadline, stop);
    if (connection.ok() || absl::IsCancelled(connection.status())) return connection;
    return connectNumeric("::1", address.port, deadline, std::move(stop));
}

}  // namespace ifrit::agent::platform
