// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/status.h"

namespace ifrit::base {

/// Of "127.0.0.1:9100", "[::1]:9100" or "m1.example:9100".
struct HostPort {
    std::string host;  ///< a name or an address, without brackets
    std::uint16_t port = 0;
};

/// What port 0 is: nothing that one could call, or where one listens any free port.
enum class PortZero { Refused, AnyFree };

/// The one rule for addresses in configurations, bundles and on command lines. INVALID_ARGUMENT
/// ADDRESS_INVALID says what is wrong.
absl::StatusOr<HostPort> parseHostPort(std::string_view address, PortZero zero = PortZero::Refused);

}  // namespace ifrit::base
