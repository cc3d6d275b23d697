// SPDX-License-Identifier: Apache-2.0
#include "master/auth/revocations.h"

#include <utility>
#include <vector>

#include "shared/base/status.h"

namespace ifrit::master::auth {

Revocations::Revocations(storage::Database& database, const base::Clock& clock)
    : m_database(database), m_clock(clock) {}

absl::Status Revocations::reload() {
    std::vector<std::string> read;
    const base::WallTime now = m_clock.now();
    IFRIT_RETURN_IF_ERROR(m_database.read([&](storage::Transaction& transaction) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(read, transaction.certificates().revokedSerials(now));
        return absl::OkStatus();
    }));
    std::unordered_set<std::string> serials(read.begin(), read.end());
    const absl::MutexLock lock(&m_mutex);
    m_serials = std::move(serials);
    return absl::OkStatus();
}

bool Revocations::isRevoked(const std::string& serialHex) const {
    const absl::ReaderMutexLock lock(&m_mutex);
    return m_serials.contains(serialHex);
}

}  // namespace ifrit::master::auth
