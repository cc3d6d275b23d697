// SPDX-License-Identifier: Apache-2.0
// winsock2.h comes before windows.h.
#include <winsock2.h>
#include <ws2tcpip.h>

#include <algorithm>

#include "agent/platform/tcp_connection.h"
#include "shared/base/windows_text.h"

namespace ifrit::agent::platform {
namespace {

/// The library has to be asked for before its first use.
bool socketsAreReady() {
    static const bool ready = [] {
        WSADATA data{};
        return ::WSAStartup(MAKEWORD(2, 2), &data) == 0;
    }();
    return ready;
}

absl::Status systemError(int error) {
    return absl::UnavailableError(
        base::messageOf(base::windowsStatus(static_cast<DWORD>(error), "the connection")));
}

class Socket {
public:
    explicit Socket(SOCKET socket) : m_socket(socket) {}
    Socket(Socket&& other) noexcept : m_socket(std::exchange(other.m_socket, INVALID_SOCKET)) {}
    Socket& operator=(Socket&&) = delete;
    ~Socket() {
        if (valid()) ::closesocket(m_socket);
    }
    SOCKET get() const { return m_socket; }
    bool valid() const { return m_socket != INVALID_SOCKET; }

private:
    SOCKET m_socket;
};

/// OK when `events` came before the deadline.
absl::Status await(SOCKET socket, short events, TcpConnection::Deadline deadline) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    WSAPOLLFD waited{socket, events, 0};
    const int ready =
        ::WSAPoll(&waited, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (ready > 0) return absl::OkStatus();
    return ready == 0 ? absl::DeadlineExceededError("timed out") : systemError(::WSAGetLastError());
}

class WindowsTcpConnection final : public TcpConnection {
public:
    WindowsTcpConnection(Socket socket, Deadline deadline)
        : m_socket(std::move(socket)), m_deadline(deadline) {}

    absl::Status send(std::string_view bytes) override {
        while (!bytes.empty()) {
            IFRIT_RETURN_IF_ERROR(await(m_socket.get(), POLLOUT, m_deadline));
            const int sent =
                ::send(m_socket.get(), bytes.data(),
                       static_cast<int>(std::min<std::size_t>(bytes.size(), 1 << 20)), 0);
            if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
            if (sent < 0 && ::WSAGetLastError() != WSAEWOULDBLOCK)
                return systemError(::WSAGetLastError());
        }
        return absl::OkStatus();
    }

    absl::StatusOr<std::string> receive(std::size_t most) override {
        std::string bytes(most, '\0');
        for (;;) {
            IFRIT_RETURN_IF_ERROR(await(m_socket.get(), POLLIN, m_deadline));
            const int got = ::recv(m_socket.get(), bytes.data(), static_cast<int>(bytes.size()), 0);
            if (got >= 0) {
                bytes.resize(static_cast<std::size_t>(got));
                return bytes;
            }
            if (::WSAGetLastError() != WSAEWOULDBLOCK) return systemError(::WSAGetLastError());
        }
    }

private:
    const Socket m_socket;
    const Deadline m_deadline;
};

absl::StatusOr<std::unique_ptr<TcpConnection>> connectTo(const ADDRINFOA& target,
                                                         TcpConnection::Deadline deadline) {
    Socket socket(::WSASocketW(target.ai_family, SOCK_STREAM, IPPROTO_TCP, nullptr, 0,
                               WSA_FLAG_NO_HANDLE_INHERIT | WSA_FLAG_OVERLAPPED));
    u_long nonBlocking = 1;
    if (!socket.valid() || ::ioctlsocket(socket.get(), FIONBIO, &nonBlocking) != 0)
        return systemError(::WSAGetLastError());
    if (::connect(socket.get(), target.ai_addr, static_cast<int>(target.ai_addrlen)) != 0) {
        if (::WSAGetLastError() != WSAEWOULDBLOCK) return systemError(::WSAGetLastError());
        IFRIT_RETURN_IF_ERROR(await(socket.get(), POLLOUT, deadline));
        int error = 0;
        int size = sizeof error;
        ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, reinterpret_cast<char*>(&error), &size);
        if (error != 0) return systemError(error);
    }
    return std::make_unique<WindowsTcpConnection>(std::move(socket), deadline);
}

absl::StatusOr<std::unique_ptr<TcpConnection>> connectNumeric(const std::string& host,
                                                              std::uint16_t port,
                                                              TcpConnection::Deadline deadline) {
    ADDRINFOA hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    ADDRINFOA* found = nullptr;
    if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
        return base::invalidArgument(
            "ADDRESS_INVALID", host,
            "'{}' is not an IP address; a probe asks this machine: use an address or localhost",
            host);
    }
    const std::unique_ptr<ADDRINFOA, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);
    return connectTo(*owned, deadline);
}

}  // namespace

absl::StatusOr<std::unique_ptr<TcpConnection>> connectTcp(const base::HostPort& address,
                                                          TcpConnection::Deadline deadline,
                                                          std::stop_token) {
    if (!socketsAreReady()) return absl::UnavailableError("this machine has no sockets");
    if (address.host != "localhost") return connectNumeric(address.host, address.port, deadline);
    auto connection = connectNumeric("127.0.0.1", address.port, deadline);
    return connection.ok() ? std::move(connection) : connectNumeric("::1", address.port, deadline);
}

}  // namespace ifrit::agent::platform
