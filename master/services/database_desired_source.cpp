// SPDX-License-Identifier: Apache-2.0
#include "master/services/database_desired_source.h"

#include "shared/base/status.h"

namespace ifrit::master::services {

absl::StatusOr<std::uint64_t> DatabaseDesiredSource::generation() {
    std::uint64_t out = 0;
    const absl::Status status = m_database.read([&out](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(out, in.desired().generation());
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<compose::DesiredRows> DatabaseDesiredSource::read() {
    compose::DesiredRows out;
    const absl::Status status = m_database.read([&out](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(out, in.desired().rows());
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

}  // namespace ifrit::master::services
