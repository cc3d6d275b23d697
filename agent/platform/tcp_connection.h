// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "shared/base/host_port.h"

namespace ifrit::agent::platform {

/// One plain TCP connection with one deadline for all that is done with it. One thread, but that
/// any may ask for the stop.
class TcpConnection {
public:
    using Deadline = std::chrono::steady_clock::time_point;

    virtual ~TcpConnection() = default;
    /// DEADLINE_EXCEEDED, CANCELLED once the stop was asked for, or UNAVAILABLE with the system's
    /// words when the peer went away.
    virtual absl::Status send(std::string_view bytes) = 0;
    /// At most `most` bytes, as soon as there are any; empty when the peer has ended its side.
    virtual absl::StatusOr<std::string> receive(std::size_t most) = 0;
};

/// `address.host` is an IP address, or "localhost", which is 127.0.0.1 and then ::1: no name
/// service is asked, so nothing can outlast the deadline. INVALID_ARGUMENT ADDRESS_INVALID for
/// another name, DEADLINE_EXCEEDED, CANCELLED, else UNAVAILABLE with the system's words. When
/// `stop` is asked for, waiting for the peer ends at once, here and later; on Windows at the
/// deadline.
absl::StatusOr<std::unique_ptr<TcpConnection>> connectTcp(const base::HostPort& address,
                                                          TcpConnection::Deadline deadline,
                                                          std::stop_token stop = {});

}  // namespace ifrit::agent::platform
