// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/listening_sockets.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "shared/base/host_port.h"

namespace ifrit::master::rpc {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Addresses resolved(const base::HostPort& place, std::string& failure) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    addrinfo* found = nullptr;
    const int error =
        ::getaddrinfo(place.host.c_str(), std::to_string(place.port).c_str(), &hints, &found);
    if (error != 0) failure = ::gai_strerror(error);
    return {found, &::freeaddrinfo};
}

void setPort(sockaddr* address, int port) {
    if (address->sa_family == AF_INET)
        reinterpret_cast<sockaddr_in*>(address)->sin_port = htons(static_cast<uint16_t>(port));
    if (address->sa_family == AF_INET6)
        reinterpret_cast<sockaddr_in6*>(address)->sin6_port = htons(static_cast<uint16_t>(port));
}

int portOf(int socket) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
    if (address.ss_family == AF_INET)
        return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
    if (address.ss_family == AF_INET6)
        return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
    return 0;
}

/// -1: errno says why not.
int listening(const addrinfo& at) {
    const int socket = ::socket(at.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0) return -1;
    const int yes = 1;
    const int no = 0;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (at.ai_family == AF_INET6) ::setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    if (::bind(socket, at.ai_addr, at.ai_addrlen) == 0 && ::listen(socket, SOMAXCONN) == 0)
        return socket;
    const int error = errno;
    ::close(socket);
    errno = error;
    return -1;
}

}  // namespace

absl::StatusOr<ListeningSockets> ListeningSockets::at(const std::string& address) {
    IFRIT_ASSIGN_OR_RETURN(base::HostPort place,
                           base::parseHostPort(address, base::PortZero::AnyFree));
    std::vector<base::HostPort> tried{place};
    // Takes callers of IPv4 as well; where the system has no IPv6 it is the other one.
    if (place.host == "0.0.0.0" || place.host == "::")
        tried = {{"::", place.port}, {"0.0.0.0", place.port}};
    ListeningSockets out({}, true);
    std::string failure;
    for (const base::HostPort& one : tried) {
        const Addresses found = resolved(one, failure);
        for (addrinfo* each = found.get(); each != nullptr; each = each->ai_next) {
            if (!out.m_sockets.empty()) setPort(each->ai_addr, out.port());
            const int socket = listening(*each);
            if (socket < 0) failure = std::strerror(errno);
            if (socket >= 0) out.m_sockets.push_back(socket);
        }
        if (!out.m_sockets.empty()) return out;
    }
    return base::makeError(absl::StatusCode::kUnavailable, "LISTEN", address,
                           fmt::format("cannot listen on {}: {}", address, failure));
}

ListeningSockets ListeningSockets::activated(int socket) {
    return {{socket}, false};
}

ListeningSockets::~ListeningSockets() {
    close();
}

int ListeningSockets::port() const {
    return m_sockets.empty() ? 0 : portOf(m_sockets.front());
}

void ListeningSockets::close() {
    const std::vector<int> sockets = std::exchange(m_sockets, {});
    if (!m_isOurs) return;
    for (const int socket : sockets)
        ::close(socket);
}

}  // namespace ifrit::master::rpc
