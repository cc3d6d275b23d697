// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/handshake_gate.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace ifrit::master::rpc {
namespace {

bool isOver(int connection) {
    pollfd asked{connection, POLLRDHUP, 0};
    return ::poll(&asked, 1, 0) > 0;
}

bool isUnread(int connection) {
    int bytes = 0;
    return ::ioctl(connection, FIONREAD, &bytes) == 0 && bytes > 0;
}

/// Since it was made or sent something last, which is its hello.
std::chrono::milliseconds waited(int connection) {
    tcp_info info{};
    socklen_t length = sizeof info;
    if (::getsockopt(connection, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return {};
    return std::chrono::milliseconds(info.tcpi_last_data_recv);
}

}  // namespace

HandshakeGate::~HandshakeGate() {
    for (const int connection : m_begun)
        ::close(connection);
}

void HandshakeGate::look() {
    const auto isDone = [](int connection) {
        if (isUnread(connection) && !isOver(connection)) return false;
        ::close(connection);
        return true;
    };
    m_begun.erase(std::remove_if(m_begun.begin(), m_begun.end(), isDone), m_begun.end());
}

HandshakeGate::Verdict HandshakeGate::admit(int connection) {
    if (isOver(connection)) return Verdict::Gone;
    if (waited(connection) > m_limits.patience) return Verdict::TooLate;
    // Without descriptors the next accept() says so.
    if (const int ours = ::fcntl(connection, F_DUPFD_CLOEXEC, 0); ours >= 0)
        m_begun.push_back(ours);
    return Verdict::Begins;
}

}  // namespace ifrit::master::rpc
