// SPDX-License-Identifier: Apache-2.0
#include "agent/local/local_server.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

#include "shared/base/accept_pause.h"

namespace ifrit::agent::local {
namespace {

constexpr std::chrono::seconds kPatience{2};

}  // namespace

absl::StatusOr<std::unique_ptr<LocalServer>> LocalServer::start(const std::string& path,
                                                                Answer answer) {
    IFRIT_ASSIGN_OR_RETURN(UniqueFd listening, listenLocally(path));
    UniqueFd stop(::eventfd(0, EFD_CLOEXEC));
    if (!stop.valid()) return base::errnoStatus(errno, "eventfd");
    return std::unique_ptr<LocalServer>(
        new LocalServer(std::move(listening), std::move(stop), path, std::move(answer)));
}

LocalServer::LocalServer(UniqueFd listening, UniqueFd stop, std::string path, Answer answer)
    : m_listening(std::move(listening)),
      m_stop(std::move(stop)),
      m_path(std::move(path)),
      m_answer(std::move(answer)),
      m_thread([this] { run(); }) {}

LocalServer::~LocalServer() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t put = ::write(m_stop.get(), &one, sizeof one);
    m_thread.join();
    ::unlink(m_path.c_str());
}

void LocalServer::run() {
    for (;;) {
        std::array<pollfd, 2> waited{pollfd{m_listening.get(), POLLIN, 0},
                                     pollfd{m_stop.get(), POLLIN, 0}};
        if (::poll(waited.data(), waited.size(), -1) < 0 && errno != EINTR) return;
        if (waited[1].revents != 0) return;
        const UniqueFd connection(
            ::accept4(m_listening.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (connection.valid()) {
            serve(connection);
        } else if (!base::acceptsAtOnce(errno)) {
            ::poll(&waited[1], 1, static_cast<int>(base::kAcceptPause.count()));
        }
    }
}

void LocalServer::serve(const UniqueFd& connection) const {
    const int socket = connection.get();
    absl::StatusOr<std::string> answer = base::permissionDenied(
        "LOCAL_DENIED", m_path, "ifrit-agent answers root, and whom it runs as");
    // Read from strangers too: what is closed with a request unread is reset, answer and all.
    const auto line = receiveAll(socket, Until::EndOfLine, kMaxRequestBytes, kPatience);
    if (isPeerTrusted(socket)) {
        const auto request =
            line.ok() ? parseLocalRequest(*line) : absl::StatusOr<LocalRequest>(line.status());
        answer = request.ok() ? m_answer(*request) : absl::StatusOr<std::string>(request.status());
    }
    // Who went away in the meantime does not want it any more.
    sendAll(socket, formatLocalResponse(answer), kPatience).IgnoreError();
}

}  // namespace ifrit::agent::local
