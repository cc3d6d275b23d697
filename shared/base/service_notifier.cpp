// SPDX-License-Identifier: Apache-2.0
#include "shared/base/service_notifier.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace ifrit::base {

void ServiceNotifier::send(const std::string& state) const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (m_socketPath.size() < 2 || m_socketPath.size() >= sizeof address.sun_path) return;
    std::memcpy(address.sun_path, m_socketPath.data(), m_socketPath.size());
    if (address.sun_path[0] == '@') address.sun_path[0] = '\0';
    const auto length =
        static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + m_socketPath.size());
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return;
    ::sendto(socket, state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
             reinterpret_cast<const sockaddr*>(&address), length);
    ::close(socket);
}

std::optional<std::chrono::milliseconds> watchdogInterval(const char* watchdogUsec,
                                                          const char* watchdogPid, int pid) {
    if (watchdogUsec == nullptr) return std::nullopt;
    if (watchdogPid != nullptr && std::atoi(watchdogPid) != pid) return std::nullopt;
    const long long usec = std::atoll(watchdogUsec);
    if (usec < 2000) return std::nullopt;
    return std::chrono::milliseconds(usec / 2000);
}

}  // namespace ifrit::base
