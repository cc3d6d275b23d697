// SPDX-License-Identifier: Apache-2.0
#include "tests/support/chaos_proxy.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <stdexcept>
#include <vector>

namespace ifrit::tests {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostPending = 64 * 1024;
/// How exact throttle and delay are.
constexpr int kTickMs = 2;

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool isTransient() {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == EINPROGRESS ||
           errno == ENOTCONN;
}

}  // namespace

ChaosProxy::ChaosProxy(int serverPort) : m_serverPort(serverPort) {
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    if (m_listener < 0 || ::bind(m_listener, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        ::listen(m_listener, 64) != 0 ||
        ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &length) != 0)
        throw std::runtime_error("no port for a proxy");
    m_port = ntohs(address.sin_port);
    m_thread = std::thread([this] { run(); });
}

ChaosProxy::~ChaosProxy() {
    m_ending = true;
    m_thread.join();
    for (Pair& pair : m_pairs)
        close(pair, Weather::End::Cut);
    ::close(m_listener);
}

void ChaosProxy::set(const Weather& weather) {
    const std::lock_guard lock(m_mutex);
    m_weather = weather;
}

void ChaosProxy::hang() {
    Weather hole;
    hole.end = Weather::End::BlackHole;
    set(hole);
    m_hangs = true;
}

void ChaosProxy::run() {
    while (!m_ending) {
        wait();
        accept();
        const bool resetAll = m_resetAll.exchange(false);
        for (auto pair = m_pairs.begin(); pair != m_pairs.end();) {
            if (resetAll) close(*pair, Weather::End::Reset);
            if (m_hangs) pair->stuck = true;
            const bool goesOn = !resetAll && step(*pair);
            pair = goesOn ? std::next(pair) : m_pairs.erase(pair);
        }
    }
}

void ChaosProxy::wait() const {
    std::vector<pollfd> sockets{{m_listener, POLLIN, 0}};
    for (const Pair& pair : m_pairs) {
        if (pair.stuck) continue;
        if (pair.server.pending.empty() && !pair.client.ended)
            sockets.push_back({pair.client.socket, POLLIN, 0});
        if (pair.client.pending.empty() && !pair.server.ended)
            sockets.push_back({pair.server.socket, POLLIN, 0});
    }
    ::poll(sockets.data(), sockets.size(), kTickMs);
}

void ChaosProxy::accept() {
    const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0) return;
    ++m_connections;
    Pair pair;
    pair.client.socket = client;
    pair.server.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const sockaddr_in address = loopback(m_serverPort);
    ::connect(pair.server.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    pair.begun = Clock::now();
    const std::lock_guard lock(m_mutex);
    pair.weather = m_weather;
    m_pairs.push_back(std::move(pair));
}

void ChaosProxy::read(Pair& pair, Side& from, Side& to) {
    if (from.ended || !to.pending.empty()) return;
    std::string bytes(kMostPending, '\0');
    const ssize_t got = ::recv(from.socket, bytes.data(), bytes.size(), 0);
    if (got < 0 && isTransient()) return;
    if (got <= 0) {
        from.ended = true;
        return;
    }
    bytes.resize(static_cast<std::size_t>(got));
    to.pending = std::move(bytes);
    if (&to == &pair.client) to.notBefore = Clock::now() + pair.weather.delay;
}

/// How many bytes the client may get now.
std::size_t ChaosProxy::allowance(const Pair& pair) const {
    std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    if (pair.weather.end != Weather::End::None) most = pair.weather.endAfter - pair.sent;
    if (pair.weather.bytesPerSecond != 0) {
        const std::chrono::duration<double> since = Clock::now() - pair.begun;
        const auto due = static_cast<std::uint64_t>(
            since.count() * static_cast<double>(pair.weather.bytesPerSecond));
        most = std::min(most, due > pair.sent ? due - pair.sent : 0);
    }
    return most;
}

/// False when the side takes nothing any more.
bool ChaosProxy::write(Pair& pair, Side& to, const Side& from) {
    const bool toClient = &to == &pair.client;
    std::size_t most = to.pending.size();
    if (toClient) most = std::min(most, allowance(pair));
    if (most > 0 && Clock::now() >= to.notBefore) {
        const ssize_t sent = ::send(to.socket, to.pending.data(), most, MSG_NOSIGNAL);
        if (sent < 0) return isTransient();
        to.pending.erase(0, static_cast<std::size_t>(sent));
        if (toClient) pair.sent += static_cast<std::uint64_t>(sent);
    }
    if (from.ended && to.pending.empty()) ::shutdown(to.socket, SHUT_WR);
    return true;
}

/// False when the connection is over.
bool ChaosProxy::step(Pair& pair) {
    if (pair.stuck) return true;
    read(pair, pair.client, pair.server);
    read(pair, pair.server, pair.client);
    const bool open =
        write(pair, pair.server, pair.client) && write(pair, pair.client, pair.server);
    if (pair.weather.end != Weather::End::None && pair.sent >= pair.weather.endAfter) {
        pair.stuck = pair.weather.end == Weather::End::BlackHole;
        if (pair.stuck) return true;
        close(pair, pair.weather.end);
        return false;
    }
    if (open && !(pair.client.ended && pair.server.ended)) return true;
    close(pair, Weather::End::Cut);
    return false;
}

void ChaosProxy::close(Pair& pair, Weather::End how) {
    for (const int socket : {pair.client.socket, pair.server.socket}) {
        const linger abort{1, 0};
        if (how == Weather::End::Reset)
            ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
        ::close(socket);
    }
}

}  // namespace ifrit::tests
