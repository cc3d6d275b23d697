// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <string>

namespace ifrit::master::app {

/// "host" of "host:port" and "[v6]:port". INVALID_ARGUMENT (ADDRESS_INVALID) for what nobody can
/// call.
absl::StatusOr<std::string> hostOf(const std::string& address);

}  // namespace ifrit::master::app
