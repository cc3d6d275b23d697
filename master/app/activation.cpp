// SPDX-License-Identifier: Apache-2.0
#include "master/app/activation.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

#include "shared/base/status.h"

namespace ifrit::master::app {
namespace {

constexpr int kFirst = 3;  // SD_LISTEN_FDS_START

bool isListeningTcp(int descriptor) {
    int listens = 0;
    int family = 0;
    socklen_t length = sizeof listens;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) != 0) return false;
    length = sizeof family;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &family, &length) != 0) return false;
    return listens != 0 && (family == AF_INET || family == AF_INET6);
}

absl::Status refused(const std::string& what) {
    return base::invalidArgument("CONFIG_INVALID", "LISTEN_FDS",
                                 "the service manager handed over {}; ifrit-master.socket must "
                                 "have one ListenStream= with a TCP port",
                                 what);
}

}  // namespace

absl::StatusOr<std::optional<int>> takeActivatedSocket() {
    const char* process = std::getenv("LISTEN_PID");
    const char* count = std::getenv("LISTEN_FDS");
    const bool isForUs = process != nullptr && std::atoi(process) == ::getpid();
    const int sockets = isForUs && count != nullptr ? std::atoi(count) : 0;
    for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"})
        ::unsetenv(name);
    if (sockets <= 0) return std::nullopt;
    for (int descriptor = kFirst; descriptor < kFirst + sockets; ++descriptor)
        ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    if (sockets > 1) return refused(fmt::format("{} sockets", sockets));
    if (!isListeningTcp(kFirst)) return refused("something that is no listening TCP socket");
    return kFirst;
}

}  // namespace ifrit::master::app
