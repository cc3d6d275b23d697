// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include "shared/domain/grant.h"

namespace ifrit::master::rpc {

/// INVALID_ARGUMENT (GRANT_INVALID) for a grant that no call could ever be let in by, whatever
/// agents and machine types there will be, by the method table: each permission that its pattern
/// takes in is asked of the whole cluster, and it is for some agents or machine types alone. Of a
/// pattern that takes in none, see takesInSome(). Pure.
absl::Status checkCanApply(const domain::Grant& grant);

/// Whether a grant of this verb would open any permission of the method table.
bool takesInSome(const std::string& verb);

}  // namespace ifrit::master::rpc
