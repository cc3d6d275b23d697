// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/platform/user_directory.h"

namespace ifrit::agent::platform {

/// The account of that name, without its groups, which each system lists in its own types.
/// FAILED_PRECONDITION NO_SUCH_USER.
absl::StatusOr<Account> accountOf(const std::string& name);

}  // namespace ifrit::agent::platform
