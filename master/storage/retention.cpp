// SPDX-License-Identifier: Apache-2.0
#include "master/storage/retention.h"

#include "shared/base/status.h"

namespace ifrit::master::storage {

absl::StatusOr<Forgotten> forgetOld(Database& database, base::WallTime now,
                                    const RetentionPolicy& policy) {
    Forgotten out;
    IFRIT_RETURN_IF_ERROR(database.transact([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(out.machineEvents,
                               t.machines().pruneEvents(now - policy.machineEvents));
        return absl::OkStatus();
    }));
    IFRIT_RETURN_IF_ERROR(database.transact([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(out.requests, t.requests().prune(now - policy.requests));
        return absl::OkStatus();
    }));
    IFRIT_RETURN_IF_ERROR(database.transact([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(out.joinTokens, t.tokens().prune(now - policy.joinTokens));
        return absl::OkStatus();
    }));
    return out;
}

}  // namespace ifrit::master::storage
