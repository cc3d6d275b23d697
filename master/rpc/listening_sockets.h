// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <vector>

namespace ifrit::master::rpc {

/// What connections are accepted on.
class ListeningSockets {
public:
    /// On all addresses of the host of "host:port", and of either wildcard on both families. Port
    /// 0: any free one, the same on all. UNAVAILABLE LISTEN where there is none.
    static absl::StatusOr<ListeningSockets> at(const std::string& address);
    /// One that the service manager listens on: it stays open, the next process gets it again.
    static ListeningSockets activated(int socket);

    ListeningSockets(ListeningSockets&& other) noexcept = default;
    ListeningSockets& operator=(ListeningSockets&&) = delete;
    ~ListeningSockets();

    const std::vector<int>& all() const { return m_sockets; }
    /// 0: the socket has none.
    int port() const;
    /// Who connects from now on is refused, or waits for the next process.
    void close();

private:
    ListeningSockets(std::vector<int> sockets, bool isOurs)
        : m_sockets(std::move(sockets)), m_isOurs(isOurs) {}

    std::vector<int> m_sockets;
    bool m_isOurs;
};

}  // namespace ifrit::master::rpc
