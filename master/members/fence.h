// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <cstdint>

#include "master/storage/database.h"

namespace ifrit::master::members {

/// OK where the lease's token is this one, as far as the transaction's view shows; UNAVAILABLE
/// (NOT_LEADER) else. For reading.
absl::Status checkToken(storage::Transaction& in, std::uint64_t token);
/// The same for a transaction that writes, and it holds until its end, so that what is committed
/// with it was committed by the master that leads; the last thing in it, so that the lease is
/// locked no longer than the commit takes. Renews the lease.
absl::Status fenceCommit(storage::Transaction& in, std::uint64_t token);

/// For a transaction of any master that forbids something to whoever leads: each fenceCommit() that
/// depends on it comes before it as a whole, or sees it. The last thing in it. It looks like one
/// renewal to who watches the lease, so that a dead leader is followed one `lease_ms` later at
/// most.
absl::Status holdLeader(storage::Transaction& in);

/// The same words for every call that needs a leader and came to none.
absl::Status notLeader();
/// `status` is of the two above.
bool isNotLeader(const absl::Status& status);

}  // namespace ifrit::master::members
