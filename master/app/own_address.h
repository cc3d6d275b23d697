// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <string>

namespace ifrit::master::app {

/// This computer's; "localhost" where it has none.
std::string hostName();

/// "host" of the host:port that a master listens on; where that is every address, hostName().
std::string advertisedHost(const std::string& listen);

/// "host:port" where the others reach this one: `advertise`, or guessed from `listen`.
std::string advertisedAddress(const std::string& advertise, const std::string& listen);

/// Other masters check whom they reach. What an operator wrote as `advertise` ("host:port" or
/// empty) must be named by server.pem (INVALID_ARGUMENT, CONFIG_INVALID); what was guessed from the
/// host's name only gives a warning, since it matters only where there are others.
absl::Status checkReachable(const std::string& advertise, const std::string& guess,
                            const std::string& serverPem);

}  // namespace ifrit::master::app
