// SPDX-License-Identifier: Apache-2.0
#include "master/services/store_desired_source.h"

#include "shared/base/status.h"

namespace ifrit::master::services {

absl::StatusOr<std::uint64_t> StoreDesiredSource::generation() {
    std::uint64_t out = 0;
    const absl::Status status = m_store.read([&out](Session& session) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(out, session.generation());
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<compose::DesiredRows> StoreDesiredSource::read() {
    compose::DesiredRows out;
    const absl::Status status = m_store.read([&out](Session& session) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(out, session.desiredRows());
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

}  // namespace ifrit::master::services
