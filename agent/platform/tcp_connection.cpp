// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/tcp_connection.h"

#include <charconv>

namespace ifrit::agent::platform {

absl::StatusOr<TcpAddress> parseTcpAddress(std::string_view address) {
    const auto bad = [&](const char* what) {
        return base::invalidArgument("ADDRESS_INVALID", address,
                                     "'{}' is not an address: {}; write host:port or [v6]:port",
                                     address, what);
    };
    const auto colon = address.rfind(':');
    if (colon == std::string_view::npos) return bad("the port is missing");
    std::string_view host = address.substr(0, colon);
    if (!host.empty() && host.front() == '[') {
        if (host.back() != ']') return bad("the ']' is missing");
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string_view::npos) {
        return bad("an IPv6 address stands in brackets");
    }
    if (host.empty()) return bad("the host is missing");
    TcpAddress parsed{std::string(host), 0};
    const char* const begin = address.data() + colon + 1;
    const char* const end = address.data() + address.size();
    const auto [rest, error] = std::from_chars(begin, end, parsed.port);
    if (error != std::errc() || rest != end || parsed.port == 0)
        return bad("the port is 1 to 65535");
    return parsed;
}

}  // namespace ifrit::agent::platform
