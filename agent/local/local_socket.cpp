// SPDX-License-Identifier: Apache-2.0
#include "agent/local/local_socket.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>

namespace ifrit::agent::local {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kBacklog = 8;

/// The address of `path`, by way of its directory's descriptor where it is too long for sun_path.
struct Address {
    sockaddr_un value{};
    UniqueFd directory;
};

absl::StatusOr<Address> addressOf(const std::string& path) {
    Address address;
    address.value.sun_family = AF_UNIX;
    std::string shown = path;
    if (shown.size() >= sizeof address.value.sun_path) {
        const std::size_t slash = path.rfind('/');
        address.directory =
            UniqueFd(::open(path.substr(0, slash).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (!address.directory.valid()) return base::errnoStatus(errno, "opening " + path);
        shown = fmt::format("/proc/self/fd/{}{}", address.directory.get(), path.substr(slash));
    }
    if (shown.size() >= sizeof address.value.sun_path)
        return base::invalidArgument("LOCAL_PATH", path, "{} is too long a name", path);
    std::memcpy(address.value.sun_path, shown.c_str(), shown.size() + 1);
    return address;
}

absl::StatusOr<UniqueFd> newSocket() {
    UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket.valid()) return base::errnoStatus(errno, "making a local socket");
    return socket;
}

/// False when the time is over.
bool waitFor(int socket, short events, Clock::time_point deadline) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    const auto limit =
        std::clamp<std::int64_t>(left.count(), 0, std::numeric_limits<std::int32_t>::max());
    pollfd waited{socket, events, 0};
    return ::poll(&waited, 1, static_cast<int>(limit)) > 0;
}

absl::Status tooLate() {
    return base::makeError(absl::StatusCode::kDeadlineExceeded, "LOCAL_TIMEOUT", "",
                           "the other end of the local socket takes too long");
}

}  // namespace

absl::StatusOr<UniqueFd> listenLocally(const std::string& path) {
    IFRIT_ASSIGN_OR_RETURN(const Address address, addressOf(path));
    IFRIT_ASSIGN_OR_RETURN(UniqueFd socket, newSocket());
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
        return base::errnoStatus(errno, "removing " + path);
    const auto* where = reinterpret_cast<const sockaddr*>(&address.value);
    // Between bind and chmod nobody can connect: nobody listens yet.
    if (::bind(socket.get(), where, sizeof address.value) != 0 ||
        ::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0 || ::listen(socket.get(), kBacklog) != 0)
        return base::errnoStatus(errno, "listening at " + path);
    return socket;
}

absl::StatusOr<UniqueFd> connectLocally(const std::string& path) {
    IFRIT_ASSIGN_OR_RETURN(const Address address, addressOf(path));
    IFRIT_ASSIGN_OR_RETURN(UniqueFd socket, newSocket());
    const auto* where = reinterpret_cast<const sockaddr*>(&address.value);
    if (::connect(socket.get(), where, sizeof address.value) == 0) return socket;
    if (errno == EACCES || errno == EPERM) {
        return base::permissionDenied("LOCAL_DENIED", path,
                                      "{} may be asked by root alone; try sudo", path);
    }
    return base::makeError(
        absl::StatusCode::kUnavailable, "LOCAL_AWAY", path,
        fmt::format("ifrit-agent does not answer at {}: {}", path, std::strerror(errno)));
}

bool isPeerTrusted(int socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
    return peer.uid == 0 || peer.uid == ::geteuid();
}

absl::StatusOr<std::string> receiveAll(int socket, Until until, std::size_t most,
                                       std::chrono::milliseconds timeout) {
    const Clock::time_point deadline = Clock::now() + timeout;
    std::string text;
    std::array<char, 4096> piece{};
    for (;;) {
        const ssize_t got = ::recv(socket, piece.data(), piece.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && errno == EAGAIN) {
            if (!waitFor(socket, POLLIN, deadline)) return tooLate();
            continue;
        }
        if (got < 0) return base::errnoStatus(errno, "reading from the local socket");
        text.append(piece.data(), static_cast<std::size_t>(got));
        const std::size_t end = until == Until::EndOfLine ? text.find('\n') : std::string::npos;
        if (end != std::string::npos) return text.substr(0, end);
        if (got == 0) return text;
        if (text.size() > most) {
            return base::makeError(absl::StatusCode::kResourceExhausted, "LOCAL_TOO_LONG", "",
                                   "more came over the local socket than is taken");
        }
        if (Clock::now() > deadline) return tooLate();
    }
}

absl::Status sendAll(int socket, std::string_view bytes, std::chrono::milliseconds timeout) {
    const Clock::time_point deadline = Clock::now() + timeout;
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN) {
            if (!waitFor(socket, POLLOUT, deadline)) return tooLate();
        } else if (errno != EINTR) {
            return base::errnoStatus(errno, "writing to the local socket");
        }
    }
    return absl::OkStatus();
}

}  // namespace ifrit::agent::local
