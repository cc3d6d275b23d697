// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "master/storage/records.h"

namespace ifrit::master::storage {

/// The masters of the cluster: who is one, who leads, and what each has changed, so that the others
/// can follow. master/members keeps the lease; nobody else writes it.
class MasterStore {
public:
    virtual ~MasterStore() = default;

    /// In a writing transaction the row is locked until its end, so that nobody takes the lease
    /// between a look at its token and the commit that depends on it.
    virtual absl::StatusOr<LeaseRecord> lease() = 0;
    virtual absl::Status putLease(const LeaseRecord& lease) = 0;

    /// By id.
    virtual absl::StatusOr<std::vector<MemberRecord>> list() = 0;
    virtual absl::Status put(const MemberRecord& member) = 0;
    /// OK also when there is none.
    virtual absl::Status erase(const std::string& id) = 0;

    /// In order of their sequence, those above `after`. One that is lower than the last of them may
    /// still come: its transaction took the number and has not been committed.
    virtual absl::StatusOr<std::vector<ChangeRecord>> changesAfter(std::uint64_t after,
                                                                   std::size_t limit) = 0;
    /// The lowest and the highest that are there; zeros: none.
    virtual absl::StatusOr<ChangeSpan> changeSpan() = 0;
    /// Forgets those below `sequence`; how many.
    virtual absl::StatusOr<std::uint64_t> pruneChanges(std::uint64_t sequence) = 0;
};

}  // namespace ifrit::master::storage
