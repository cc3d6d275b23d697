// SPDX-License-Identifier: Apache-2.0
#include "master/services/permit_counts.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "shared/base/status.h"

namespace ifrit::master::services {

PermitCounts::PermitCounts(storage::Database& database, const base::Clock& clock,
                           std::chrono::milliseconds capWindow)
    : m_database(database), m_clock(clock), m_capWindow(capWindow), m_ledger(capWindow) {}

absl::Status PermitCounts::load() {
    const base::WallTime since =
        m_clock.now() - std::max<std::chrono::milliseconds>(m_capWindow, release::kLateWindow);
    std::vector<release::PermitRecord> permits;
    IFRIT_RETURN_IF_ERROR(m_database.read([&](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(permits, in.changes().permitsSince(since));
        return absl::OkStatus();
    }));
    release::PermitLedger fresh(m_capWindow, since);
    for (const release::PermitRecord& permit : permits)
        fresh.add(permit);
    const absl::MutexLock lock(&m_mutex);
    m_ledger = std::move(fresh);
    m_isTrusted = true;
    return absl::OkStatus();
}

void PermitCounts::add(const release::PermitRecord& permit) {
    const absl::MutexLock lock(&m_mutex);
    m_ledger.add(permit);
}

void PermitCounts::distrust() {
    const absl::MutexLock lock(&m_mutex);
    m_isTrusted = false;
}

bool PermitCounts::isTrusted() const {
    const base::WallTime now = m_clock.now();
    const absl::MutexLock lock(&m_mutex);
    return m_isTrusted && m_ledger.isWhole(now);
}

std::uint64_t PermitCounts::changed() {
    const base::WallTime now = m_clock.now();
    const absl::MutexLock lock(&m_mutex);
    return m_ledger.changed(now);
}

release::Quota PermitCounts::capFor(const std::string& uuid, std::uint64_t limit,
                                    base::WallTime now) {
    const absl::MutexLock lock(&m_mutex);
    return m_ledger.capFor(uuid, limit, now);
}

release::Quota PermitCounts::lateFor(const std::string& releaseId, const std::string& uuid,
                                     std::uint64_t limit, base::WallTime now) {
    const absl::MutexLock lock(&m_mutex);
    return m_ledger.lateFor(releaseId, uuid, limit, now);
}

}  // namespace ifrit::master::services
