// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <QtGlobal>
#include <cstring>
#include <string>

#include "tests/agent/support/wait_until.h"

namespace ifrit::tests {

/// What init is to a service that says how it is. Listens for as long as it lives.
class NotifySocket {
public:
    explicit NotifySocket(const std::string& path)
        : m_socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        if (::bind(m_socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
            qFatal("cannot listen at %s", path.c_str());
    }
    ~NotifySocket() { ::close(m_socket); }
    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;

    /// These words, among all that was said so far or comes within the usual time.
    bool hears(const std::string& words) {
        return waitUntil([&] {
            char got[256];
            const ssize_t length = ::recv(m_socket, got, sizeof got, 0);
            if (length > 0) m_all += std::string(got, static_cast<std::size_t>(length)) + '\n';
            return m_all.find(words) != std::string::npos;
        });
    }

private:
    const int m_socket;
    std::string m_all;
};

}  // namespace ifrit::tests
