// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "shared/base/status.h"

namespace ifrit::agent::platform {

/// The addresses of a host name, in the order in which the system would try them. Blocks for as
/// long as the name service takes: for diagnosis alone. UNAVAILABLE NAME_UNKNOWN with its words.
absl::StatusOr<std::vector<std::string>> lookUpName(const std::string& host);

}  // namespace ifrit::agent::platform
