// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <cstdint>

#include "master/storage/database.h"

namespace ifrit::master::members {

/// OK while the lease's token is this one. In a writing transaction that holds until its end, so
/// that what is committed with it was committed by the master that leads; the last thing in it, so
/// that the lease is locked no longer than the commit takes. UNAVAILABLE (NOT_LEADER) else.
absl::Status checkToken(storage::Transaction& in, std::uint64_t token);

/// The same words for every call that needs a leader and came to none.
absl::Status notLeader();
/// `status` is of the two above.
bool isNotLeader(const absl::Status& status);

}  // namespace ifrit::master::members
