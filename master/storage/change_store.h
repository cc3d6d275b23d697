// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "master/release/permit_ledger.h"
#include "shared/domain/freeze_mark.h"

namespace ifrit::master::storage {

/// A freeze of the cluster, and who lifted it.
struct FreezeRecord {
    domain::FreezeMark mark;
    std::optional<base::WallTime> lifted;
    std::string liftedBy;
    std::string liftReason;
};

/// What limits all change in the cluster: permits that a limit still counts, and freezes.
class ChangeStore {
public:
    virtual ~ChangeStore() = default;

    /// Replaces the machine's and release's older one.
    virtual absl::Status putPermit(const release::PermitRecord& permit) = 0;
    /// Given after that moment, in no order.
    virtual absl::StatusOr<std::vector<release::PermitRecord>> permitsSince(
        base::WallTime after) = 0;
    /// Forgets those from before; how many.
    virtual absl::StatusOr<std::uint64_t> prunePermits(base::WallTime before) = 0;

    /// ALREADY_EXISTS: that id is here, lifted or not.
    virtual absl::Status addFreeze(const domain::FreezeMark& mark) = 0;
    virtual absl::StatusOr<std::optional<FreezeRecord>> findFreeze(const std::string& id) = 0;
    /// Those that nobody lifted, oldest first.
    virtual absl::StatusOr<std::vector<domain::FreezeMark>> openFreezes() = 0;
    /// Lifts all of them; how many.
    virtual absl::StatusOr<std::uint64_t> liftFreezes(const std::string& by,
                                                      const std::string& reason,
                                                      base::WallTime now) = 0;
};

}  // namespace ifrit::master::storage
