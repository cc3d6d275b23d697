// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include "master/services/fleet.h"
#include "master/services/release_engine.h"
#include "master/storage/database.h"

namespace ifrit::master::services {

/// Takes machines that enrolled here into memory. Thread-safe.
class MachineArrival {
public:
    struct Parts {
        storage::Database& database;
        Fleet& fleet;
        ReleaseEngine& engine;
        /// Removing machines excludes it (ReportWriter::Parts::order).
        absl::Mutex& order;
        const base::Clock& clock;
    };

    explicit MachineArrival(const Parts& parts) : m_parts(parts) {}

    /// After the commit that made it. NOT_FOUND (MACHINE_UNKNOWN): it was removed since, and is not
    /// known here. UNAVAILABLE: nobody can say now; the machine asks again with its token.
    absl::Status take(const domain::MachineFacts& facts);

private:
    const Parts m_parts;
};

}  // namespace ifrit::master::services
