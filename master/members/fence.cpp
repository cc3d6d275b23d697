// SPDX-License-Identifier: Apache-2.0
#include "master/members/fence.h"

#include "master/members/lease_rule.h"
#include "shared/base/call_details.h"
#include "shared/base/status.h"

namespace ifrit::master::members {
namespace {

constexpr char kReason[] = "NOT_LEADER";
constexpr std::chrono::milliseconds kRetryAfter{1'000};

}  // namespace

absl::Status checkToken(storage::Transaction& in, std::uint64_t token) {
    IFRIT_ASSIGN_OR_RETURN(const storage::LeaseRecord lease, in.masters().lease());
    return lease.token == token ? absl::OkStatus() : notLeader();
}

absl::Status fenceCommit(storage::Transaction& in, std::uint64_t token) {
    IFRIT_ASSIGN_OR_RETURN(const storage::LeaseRecord lease, in.masters().lease());
    if (lease.token != token) return notLeader();
    // Not only locked but written: a lock holds on one node of a Galera cluster, and what nodes
    // compare before a commit is what was written. It is proof that the holder lives, too.
    return in.masters().putLease(LeaseRule::renewed(lease));
}

absl::Status holdLeader(storage::Transaction& in) {
    IFRIT_ASSIGN_OR_RETURN(const storage::LeaseRecord lease, in.masters().lease());
    return in.masters().putLease(LeaseRule::renewed(lease));
}

absl::Status notLeader() {
    return base::withCallDetails(
        base::makeError(absl::StatusCode::kUnavailable, kReason, "",
                        "no master of this cluster leads at the moment, and releases stand until "
                        "one has taken over; that takes a few seconds, try again"),
        {{}, kRetryAfter, 0, 0});
}

bool isNotLeader(const absl::Status& status) {
    return base::errorInfo(status).reason == kReason;
}

}  // namespace ifrit::master::members
