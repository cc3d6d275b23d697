// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

#include "agent/platform/host.h"

namespace ifrit::agent::platform {

/// The address by which others most likely reach this machine, "" when it has none: first those of
/// the interfaces that `isPreferred` by their name, IPv4 before IPv6. Loopback and link-local
/// addresses mean nothing to another machine.
std::string primaryAddress(const std::function<bool(std::string_view interface)>& isPreferred);

/// As Host::freeSpace().
absl::StatusOr<FreeSpace> freeSpaceAt(const std::string& path);

}  // namespace ifrit::agent::platform
