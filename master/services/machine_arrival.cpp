// SPDX-License-Identifier: Apache-2.0
#include "master/services/machine_arrival.h"

#include <optional>

#include "shared/base/status.h"

namespace ifrit::master::services {

absl::Status MachineArrival::take(const domain::MachineFacts& facts) {
    // Until releases know it as well: who removes it now takes it out of both, and who removed it
    // before is seen here.
    const absl::MutexLock lock(&m_parts.order);
    std::optional<StoredMachine> stored;
    IFRIT_RETURN_IF_ERROR(m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(stored, in.machines().find(facts.uuid));
        return absl::OkStatus();
    }));
    if (!stored) {
        return base::notFound("MACHINE_UNKNOWN", facts.uuid,
                              "machine {} was removed while it enrolled; enrol it again with a new "
                              "join token",
                              facts.uuid);
    }
    if (!m_parts.fleet.enrol(facts, m_parts.clock.now())) return absl::OkStatus();
    const auto view = m_parts.fleet.find(facts.uuid);
    if (view) m_parts.engine.onJoined(*view);
    return absl::OkStatus();
}

}  // namespace ifrit::master::services
