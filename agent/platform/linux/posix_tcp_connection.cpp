// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "agent/platform/linux/unique_fd.h"
#include "agent/platform/tcp_connection.h"
#include "shared/base/exhaustion.h"

namespace ifrit::agent::platform {
namespace {

#ifdef MSG_NOSIGNAL
constexpr int kNoSignal = MSG_NOSIGNAL;
#else
constexpr int kNoSignal = 0;  // macOS, where it is a setting of the socket
#endif

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

/// OK when `events` came before the deadline.
absl::Status await(int descriptor, short events, TcpConnection::Deadline deadline) {
    while (true) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd waited{descriptor, events, 0};
        const int ready = ::poll(&waited, 1, static_cast<int>(std::max<long>(left.count(), 0)));
        if (ready > 0) return absl::OkStatus();
        if (ready == 0) return absl::DeadlineExceededError("timed out");
        if (errno != EINTR) return systemError(errno);
    }
}

class PosixTcpConnection final : public TcpConnection {
public:
    PosixTcpConnection(UniqueFd socket, Deadline deadline)
        : m_socket(std::move(socket)), m_deadline(deadline) {}

    absl::Status send(std::string_view bytes) override {
        while (!bytes.empty()) {
            IFRIT_RETURN_IF_ERROR(await(m_socket.get(), POLLOUT, m_deadline));
            const auto sent = ::send(m_socket.get(), bytes.data(), bytes.size(), kNoSignal);
            if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
            if (sent < 0 && errno != EAGAIN && errno != EINTR) return systemError(errno);
        }
        return absl::OkStatus();
    }

    absl::StatusOr<std::string> receive(std::size_t most) override {
        std::string bytes(most, '\0');
        while (true) {
            IFRIT_RETURN_IF_ERROR(await(m_socket.get(), POLLIN, m_deadline));
            const auto got = ::recv(m_socket.get(), bytes.data(), bytes.size(), 0);
            if (got >= 0) {
                bytes.resize(static_cast<std::size_t>(got));
                return bytes;
            }
            if (errno != EAGAIN && errno != EINTR) return systemError(errno);
        }
    }

private:
    const UniqueFd m_socket;
    const Deadline m_deadline;
};

absl::StatusOr<std::unique_ptr<TcpConnection>> connectTo(const addrinfo& target,
                                                         TcpConnection::Deadline deadline) {
    UniqueFd socket = openSocket(target.ai_family);
    if (!socket.valid()) return systemError(errno);
    if (::connect(socket.get(), target.ai_addr, target.ai_addrlen) != 0) {
        if (errno != EINPROGRESS) return systemError(errno);
        IFRIT_RETURN_IF_ERROR(await(socket.get(), POLLOUT, deadline));
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) return systemError(error);
    }
    return std::make_unique<PosixTcpConnection>(std::move(socket), deadline);
}

absl::StatusOr<std::unique_ptr<TcpConnection>> connectNumeric(const std::string& host,
                                                              std::uint16_t port,
                                                              TcpConnection::Deadline deadline) {
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
    return connectTo(*owned, deadline);
}

}  // namespace

absl::StatusOr<std::unique_ptr<TcpConnection>> connectTcp(const TcpAddress& address,
                                                          TcpConnection::Deadline deadline) {
    if (address.host != "localhost") return connectNumeric(address.host, address.port, deadline);
    auto connection = connectNumeric("127.0.0.1", address.port, deadline);
    return connection.ok() ? std::move(connection) : connectNumeric("::1", address.port, deadline);
}

}  // namespace ifrit::agent::platform
