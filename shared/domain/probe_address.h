// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "shared/base/status.h"

namespace ifrit::domain {

/// The parts of "http://host:port/path?query" that a probe needs. `address` always has a port.
struct HttpUrl {
    std::string address;  ///< "host:port" or "[v6]:port"
    std::string target;   ///< path and query, at least "/"
};
/// INVALID_ARGUMENT URL_INVALID for anything but http, for user names, and for characters that
/// would end the request line.
absl::StatusOr<HttpUrl> parseHttpUrl(std::string_view url);

/// A probe asks this machine: OK for an address or "localhost", INVALID_ARGUMENT ADDRESS_INVALID
/// for a name that a name service would have to answer for.
absl::Status checkProbeHost(std::string_view host);

}  // namespace ifrit::domain
