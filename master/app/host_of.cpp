// SPDX-License-Identifier: Apache-2.0
#include "master/app/host_of.h"

#include "shared/base/status.h"

namespace ifrit::master::app {

absl::StatusOr<std::string> hostOf(const std::string& address) {
    const std::size_t colon = address.rfind(':');
    const std::string port = colon == std::string::npos ? "" : address.substr(colon + 1);
    std::string host = address.substr(0, colon == std::string::npos ? 0 : colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    if (host.empty() || port.empty() || port.size() > 5 ||
        port.find_first_not_of("0123456789") != std::string::npos || std::stoi(port) < 1 ||
        std::stoi(port) > 65'535) {
        // Clients read it from the bundle, so it must be a port that one can call.
        return base::invalidArgument("ADDRESS_INVALID", address,
                                     "'{}' is not host:port with a port of 1 to 65535", address);
    }
    return host;
}

}  // namespace ifrit::master::app
