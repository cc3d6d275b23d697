// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "agent/install/preflight.h"
#include "shared/base/exhaustion.h"

namespace ifrit::agent::install {
namespace {

/// Tries to bind. SO_REUSEADDR, as servers do, so that old connections in TIME_WAIT do not count.
absl::StatusOr<bool> canBind(int family, std::uint16_t port) {
    const int descriptor = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        const absl::Status why = base::errnoStatus(errno, fmt::format("trying TCP port {}", port));
        if (base::isExhaustion(why)) return why;
        return true;  // the machine has no such protocol: nothing can be in the way
    }
    const int on = 1;
    ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    int result = 0;
    if (family == AF_INET6) {
        ::setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        address.sin6_port = htons(port);
        result = ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    } else {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        result = ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    }
    const bool inUse = result != 0 && errno == EADDRINUSE;
    ::close(descriptor);
    return !inUse;
}

}  // namespace

absl::StatusOr<bool> tcpPortIsFree(std::uint16_t port) {
    IFRIT_ASSIGN_OR_RETURN(const bool isFree, canBind(AF_INET, port));
    return isFree ? canBind(AF_INET6, port) : false;
}

}  // namespace ifrit::agent::install
